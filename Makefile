# The one task runner: CI calls these targets and nothing else.
#   make deploy-local [KEEP=1]   deploy app.py into an embedded cloud and show that it works
#   make test                    style, types and every test, against the wheel as it is installed
#   make oldest                  what synthesizes, with the oldest releases of the CDK that are allowed
#   make prove-on-aws [ARGS=...] try the assumptions about AWS in an account of yours; shows, asks and removes everything
#   make bench                   the benchmarks, written to benchmarks/README.md
#   make mutants [OF=check.evaluation]      mutation testing of the runtime: which changes no test notices (half an hour)
#   make differential            the check's verdicts beside AWS's published rules, on 40,000 random combinations (minutes)
#   make setup                   the environment alone: .venv/ and node_modules/, inside the checkout
#   make lock                    pin the newest versions again

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Processes that test; each has a local cloud of its own.
PROCESSES ?= 2

# Node.js 24 and the CDK CLI are found there; not exported, so that setup never runs on what it replaces.
IN     := PATH="$(CURDIR)/$(BIN):$$PATH"

export PYTHONDONTWRITEBYTECODE := 1

.PHONY: deploy-local test oldest prove-on-aws bench mutants differential lint setup lock clean
.DEFAULT_GOAL := test

deploy-local: $(READY)
	@$(IN) python -m walkthrough $(if $(KEEP),--keep)

test: lint
	@$(IN) python -m tests.installed --numprocesses $(PROCESSES) --dist loadfile

oldest: $(READY)
	@$(IN) python -m tests.installed --oldest --numprocesses $(PROCESSES) --dist loadfile -m "not local_cloud" --ignore tests/runtime

prove-on-aws: $(READY)
	@$(IN) python -m prove_on_aws $(ARGS)

bench: $(READY)
	@$(IN) python -m benchmarks

mutants: $(READY)
	@$(IN) python -m tests.mutants --show $(OF)

differential: $(READY)
	@$(IN) python -m tests.runtime.differential

lint: $(READY)
	@$(IN) ruff check
	@$(IN) ruff format --check
	@$(IN) mypy

setup: $(READY)

$(READY): requirements.txt pyproject.toml packaging/ecr-access/pyproject.toml package.json package-lock.json
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) not found; install Python 3.10 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 10) else f"error: Python {v[0]}.{v[1]} found; 3.10 or newer is needed; name one: make PYTHON=python3.12")'
	@echo "setup 1/3: a virtual environment in $(VENV)/"
	@# The interpreter behind an activated environment, which may be the one that is replaced.
	@base=$$($(PYTHON) -c 'import sys; print(sys._base_executable)') && rm -rf $(VENV) && "$$base" -m venv $(VENV) || { echo "error: $(PYTHON) -m venv failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "setup 2/3: the pinned Python packages, Node.js 24 among them (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@echo "setup 3/3: the pinned AWS CDK CLI"
	@$(IN) npm ci --loglevel=error --no-audit --no-fund >&2
	@ln -sf ../../node_modules/.bin/cdk $(BIN)/cdk
	@touch $@

lock: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@{ echo "# Everything that development and deployment need, pinned. Written by: make lock"; \
	   $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.10 \
	     --extra local-cloud --group dev --no-header --no-emit-index-url --no-annotate; \
	   echo "--editable ."; } > requirements.new && mv requirements.new requirements.txt
	@$(IN) npm install --package-lock-only --no-audit --no-fund

clean:
	rm -rf $(VENV) node_modules cdk.out dist
