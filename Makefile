# The one task runner: CI calls these targets and nothing else. What follows "##" is what `make` prints.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
READY  := $(VENV)/.ready
# What the documentation site is built with is locked, and installed, by itself.
DOCS   := .venv-docs
DOCS_READY := $(DOCS)/.ready
# Processes that test, each with a local cloud of its own; most of the time they wait for it.
PROCESSES ?= 4

# Node.js 24 and the CDK CLI are found there; not exported, so that setup never runs on what it replaces.
IN     := PATH="$(CURDIR)/$(BIN):$$PATH"

export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help deploy-local picture quick test fix docs docs-test oldest prove-on-aws managed-policies ecr-actions bench gate mutants differential lint setup lock dist clean
.DEFAULT_GOAL := help

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

deploy-local: $(READY) ## deploy app.py into an embedded cloud and show that it works; KEEP=1 keeps the cloud
	@$(IN) python -m walkthrough $(if $(KEEP),--keep)

picture: $(READY) ## record what deploy-local prints, for the README
	@$(IN) python -m walkthrough --picture docs/pictures/deploy-local.svg

quick: lint ## style, types and the fast tests, within a minute
	@$(IN) pytest --quiet --numprocesses 2 --dist worksteal -m "not slow and not local_cloud"

test: $(if $(T),$(READY),lint) ## style, types and every test, against the installed wheels; T=PATH runs some, on the sources
	@$(IN) $(if $(T),pytest $(T),python -m tests.installed --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder)

fix: $(READY) ## format, and mend what ruff can
	@$(IN) ruff check --fix --quiet || true
	@$(IN) ruff format
	@$(IN) ruff check

docs: $(DOCS_READY) ## the documentation site, into site/; a warning or a dead link is an error
	@PYTHONPATH=constructs NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/python -m mkdocs build

docs-test: $(DOCS_READY) ## build the site and look at every page with headless Chromium
	@$(DOCS)/bin/python -m pytest --confcutdir tests/website tests/website

oldest: $(READY) ## what synthesizes, with the oldest releases of the CDK that are allowed
	@$(IN) python -m tests.installed --oldest --numprocesses $(PROCESSES) --dist loadfile -m "not local_cloud" --ignore tests/ecr_access

prove-on-aws: $(READY) ## try the assumptions about AWS in an account of yours; ARGS=... are the command's
	@$(IN) python -m prove_on_aws $(ARGS)

managed-policies: $(READY) ## write what AWS's managed policies say of ECR, from the npm package that is pinned
	@$(IN) python packaging/managed_policies.py

ecr-actions: $(READY) ## list the actions of ECR, from botocore's model and a copy of IAM's reference, both pinned
	@$(IN) python packaging/ecr_actions.py

bench: $(READY) ## the benchmarks, written to benchmarks/, with pictures
	@$(IN) python -m benchmarks

gate: $(READY) ## measure again what a synthesis costs, and fail if it is a quarter worse than benchmarks/ratios.json
	@$(IN) python -m benchmarks --gate

mutants: $(READY) ## mutation testing of the function's code, half an hour; OF=check.evaluation changes one module
	@$(IN) python -m tests.mutants --show $(OF)

differential: $(READY) ## the check's verdicts beside AWS's published rules, on 40,000 random combinations
	@$(IN) python -m tests.ecr_access.check.differential

lint: $(READY) ## style and types
	@$(IN) ruff check
	@$(IN) ruff format --check
	@$(IN) mypy

setup: $(READY) ## the environment alone: .venv/ and node_modules/, inside the checkout

$(READY): requirements.txt pyproject.toml packaging/ecr-access/pyproject.toml package.json package-lock.json
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) not found; install Python 3.10 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 10) else f"error: Python {v[0]}.{v[1]} found; 3.10 or newer is needed; name one: make PYTHON=python3.12")'
	@echo "setup 1/3: a virtual environment in $(VENV)/"
	@# The interpreter behind an activated environment, which may be the one that is replaced.
	@base=$$($(PYTHON) -c 'import sys; print(sys._base_executable)') && rm -rf $(VENV) && "$$base" -m venv $(VENV) || { echo "error: $(PYTHON) -m venv failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "setup 2/3: the pinned Python packages, Node.js 24 among them (a minute or two the first time)"
	@$(PIP) --require-hashes --requirement requirements.txt
	@# Both packages, to be edited; what they need, and what builds them, is there.
	@$(PIP) --no-deps --no-build-isolation --editable packaging/ecr-access --editable .
	@echo "setup 3/3: the pinned AWS CDK CLI"
	@$(IN) npm ci --loglevel=error --no-audit --no-fund >&2
	@ln -sf ../../node_modules/.bin/cdk $(BIN)/cdk
	@touch $@

$(DOCS_READY): requirements-docs.txt
	@rm -rf $(DOCS) && $(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-docs.txt
	@touch $@

lock: $(READY) ## pin the newest versions again
	@$(PIP) uv==0.13.9
	@{ echo "# Everything that development and deployment need, pinned. Written by: make lock"; \
	   $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	     --extra local-cloud --group dev --no-emit-package ecr-access --no-header --no-emit-index-url --no-annotate; \
	} > requirements.new && mv requirements.new requirements.txt
	@{ echo "# Everything that the documentation site is built with, pinned. Written by: make lock"; \
	   $(BIN)/uv pip compile packaging/ecr-access/pyproject.toml --quiet --upgrade --universal --python-version 3.10 \
	     --group pyproject.toml:docs --generate-hashes --no-header --no-emit-index-url --no-annotate; \
	   } > requirements-docs.new && mv requirements-docs.new requirements-docs.txt
	@$(IN) npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

dist: $(READY) ## build both distributions into dist/; TAG=v1.2.3 is refused unless it is their version
	@rm -rf dist
	@$(if $(TAG),$(IN) python packaging/tag.py "$(TAG)",true)
	@$(IN) python -m build --no-isolation --outdir dist/ecr-access packaging/ecr-access
	@$(IN) python -m build --no-isolation --outdir dist/cdk-ecr-access .

clean: ## remove what was made
	rm -rf $(VENV) $(DOCS) node_modules cdk.out dist site
