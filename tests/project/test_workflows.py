"""The project's own workflows, forms and action: GitHub accepts them, and no job may do more than it needs to."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
GITHUB: Final = ROOT / ".github"
ACTION: Final = ROOT / "action.yml"
WORKFLOWS: Final = {path.stem: path for path in sorted((GITHUB / "workflows").glob("*.yml"))}
FORMS: Final = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
SCHEMAS: Final = {
    "github-workflows": [*WORKFLOWS.values()],
    "github-issue-forms": FORMS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "dependabot": [GITHUB / "dependabot.yml"],
    "github-actions": [ACTION],
}
MAKEFILE: Final = (ROOT / "Makefile").read_text(encoding="utf-8")
ACTIONLINT: Final = ROOT / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"


def _jobs(name: str) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))["jobs"]
    return jobs


@pytest.mark.parametrize("schema", SCHEMAS)
def test_github_would_take_every_file(schema: str) -> None:
    """Each is held against its schema, which ships with the checker."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    command += map(str, SCHEMAS[schema])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert SCHEMAS[schema]
    assert done.returncode == 0, done.stdout


def test_nothing_in_them_is_dangerous() -> None:
    """Held against zizmor, at every severity and without a network."""
    command = [
        "zizmor",
        "--offline",
        "--no-config",
        "--persona",
        "pedantic",
        "--format",
        "json",
        str(GITHUB),
        str(ACTION),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert json.loads(done.stdout) == []


def _actionlint(pattern: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", str(ACTIONLINT), str(pattern)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603


def test_actionlint_finds_nothing() -> None:
    """Expressions name what exists, jobs need jobs that exist, runners are GitHub's."""
    done = _actionlint(GITHUB / "workflows" / "*.yml")
    assert f"Checking {len(WORKFLOWS)} workflow file(s)" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing_in_the_workflow_of_a_page(tmp_path: Path) -> None:
    """Nor does GitHub's schema."""
    page = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    (text,) = [one for one in re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE) if "jobs:" in one]
    workflow = tmp_path / "access.yml"
    workflow.write_text(text, "utf-8")
    done = _actionlint(workflow)
    assert "Checking 1 workflow file(s)" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0  # noqa: S603


def test_actionlint_finds_a_job_that_is_not_there(tmp_path: Path) -> None:
    """The check above can fail."""
    wrong = tmp_path / "release.yml"
    wrong.write_text(
        WORKFLOWS["release"].read_text(encoding="utf-8").replace("needs: publish", "needs: publsh"), "utf-8"
    )
    assert 'needs job "publsh"' in _actionlint(wrong).stdout


@pytest.mark.parametrize("path", [*WORKFLOWS.values(), ACTION], ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    """With the version beside it, which dependabot keeps; one commit an action in all of them."""
    used = re.findall(r"uses: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    everywhere = {
        line
        for path in (*WORKFLOWS.values(), ACTION)
        for line in re.findall(r"uses: (.+)$", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len({one.partition("@")[0] for one in everywhere}) == len(everywhere)


def test_a_workflow_runs_the_targets_of_make() -> None:
    """What CI does, a developer can do."""
    targets = {*re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)}
    steps = [
        step["run"] for name in WORKFLOWS for job in _jobs(name).values() for step in job["steps"] if "run" in step
    ]
    named = {target for run in steps for target in re.findall(r"^make ([a-z-]+)", run, re.MULTILINE)}
    assert named <= targets
    assert {"test", "dist", "lock", "docs"} <= named


def test_only_what_publishes_may_do_more_than_read() -> None:
    """And it runs nothing that was installed: no step of it is one of make's."""
    writers = {}
    for name in WORKFLOWS:
        assert yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))["permissions"] == {}
        for key, job in _jobs(name).items():
            more = {what for what, level in job["permissions"].items() if level != "read"}
            if more:
                writers[f"{name}.{key}"] = more
                assert not any("make" in step.get("run", "") for step in job["steps"])
    assert writers == {
        "dependencies.propose": {"actions", "contents", "pull-requests"},
        "docs.publish": {"id-token", "pages"},
        "release.announce": {"contents"},
        "release.publish": {"id-token"},
    }


def test_a_release_is_built_once_and_tested() -> None:
    """What is published are the files of the one build, with attestations, and without a token of the index."""
    jobs = _jobs("release")
    assert {*jobs["publish"]["needs"]} == {"build", "test"}
    assert jobs["publish"]["environment"]["name"] == "pypi"
    builds = [step for job in jobs.values() for step in job["steps"] if step.get("run", "").startswith("make dist")]
    assert [step["run"] for step in builds] == ['make dist TAG="$GITHUB_REF_NAME"']
    publishing = [step["with"] for step in jobs["publish"]["steps"] if "pypi-publish" in step["uses"]]
    assert publishing == [
        {"packages-dir": f"dist/{name}", "attestations": True} for name in ("ecr-access", "cdk-ecr-access")
    ]


def test_every_version_of_python_is_tested() -> None:
    """Each that a classifier promises; one that is only tried may fail."""
    job = _jobs("test")["test"]
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tried = [one for one in job["strategy"]["matrix"]["python"] if one not in promised]
    assert job["strategy"]["matrix"]["python"] == [*promised, *tried]
    assert job["continue-on-error"] == f"${{{{ matrix.python == '{tried[0]}' }}}}"
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("tag", "heading", "wrong"),
    [
        ("v0.1.0", "## 0.1.0 (2026-12-01)", []),
        ("v0.2.0", "## 0.1.0 (2026-12-01)", ["the tag is v0.2.0, and the version is 0.1.0; allowed: v0.1.0"]),
        ("0.1.0", "## 0.1.0 (2026-12-01)", ["the tag is 0.1.0, and the version is 0.1.0; allowed: v0.1.0"]),
        ("v0.1.0", "## 0.1.0 (unreleased)", ["CHANGELOG.md starts with '## 0.1.0 (unreleased)'"]),
        ("v0.1.0", "nothing", ["CHANGELOG.md starts with 'no section'"]),
    ],
)
def test_a_tag_that_is_not_the_version_is_refused(tag: str, heading: str, wrong: list[str]) -> None:
    """So is a release that the changelog calls unreleased."""
    specification = importlib.util.spec_from_file_location("tag", ROOT / "packaging" / "tag.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    found = module.problems(tag, version="0.1.0", changelog=f"# Changelog\n\n{heading}\n\n- one\n")
    assert [one.partition(";")[0] for one in found] == [one.partition(";")[0] for one in wrong]


def test_every_form_asks_for_what_is_needed() -> None:
    """The version and the message; and a form says what is a vulnerability, to be reported privately."""
    forms = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FORMS}
    assert {*forms} == {"bug", "idea", "verdict"}
    asked = {stem: {one.get("id") for one in form["body"]} for stem, form in forms.items()}
    assert "versions" in asked["bug"]
    assert {"version", "policies", "aws"} <= asked["verdict"]
    assert "SECURITY.md" in forms["verdict"]["body"][0]["attributes"]["value"]
