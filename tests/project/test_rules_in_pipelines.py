"""The action of GitHub and the hooks of pre-commit apply the rules: their own commands are run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml

from ecr_access.cli.main import main
from ecr_access.documents.templates.text import parse_template
from tests.ecr_access.rules.files import BROKEN, SOUND

ROOT: Final = Path(__file__).parents[2]
ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PYTHON, INSTALL, RULES, UPLOAD = ACTION["runs"]["steps"]
HOOKS: Final = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
DECLARED: Final = json.dumps({"Resources": {}})


class Job(NamedTuple):
    """A job that runs the action's steps: its checkout, and the runner's folder for what is temporary."""

    checkout: Path
    temporary: Path

    def write(self, name: str, text: str) -> None:
        """Write a file of the checkout."""
        path = self.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, step: dict[str, Any], **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step as GitHub does, with inputs in the place of the defaults."""
        given = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
        variables = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], text)
            for name, text in step["env"].items()
        }
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))}
        environment |= variables | {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.temporary / "output"),
            "PYTHON": sys.executable,
            "RUNNER_TEMP": str(self.temporary),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(  # noqa: S603
            command, cwd=self.checkout, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    @property
    def uploaded(self) -> list[dict[str, Any]] | None:
        """The results that code scanning gets; None if it gets none."""
        output = self.temporary / "output"
        if not output.exists():
            return None
        name, _, file = output.read_text(encoding="utf-8").strip().partition("=")
        assert name == "sarif"
        (run,) = json.loads(Path(file).read_text(encoding="utf-8"))["runs"]
        results: list[dict[str, Any]] = run["results"]
        return results


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """One whose action is installed."""
    found = Job(tmp_path / "checkout", tmp_path / "temporary")
    found.checkout.mkdir()
    found.temporary.mkdir()
    (found.temporary / "ecr-access").symlink_to(ROOT / "constructs")
    return found


def errors(results: list[dict[str, Any]] | None) -> list[tuple[str, str]]:
    """The rules that are broken with an error, and the files."""
    assert results is not None
    return [
        (one["ruleId"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for one in results
        if one["level"] == "error"
    ]


def test_the_action_reads_cdk_out(job: Job) -> None:
    """An error fails the job, is in the log, and is uploaded."""
    job.write("cdk.out/Stack.template.json", json.dumps(parse_template(BROKEN).value))
    done = job.run(RULES)
    assert done.returncode == 1
    assert ": error token-missing: role ci may pull" in done.stdout
    assert errors(job.uploaded) == [("token-missing", "cdk.out/Stack.template.json")]


def test_the_action_reads_patterns_and_names_together(job: Job) -> None:
    """As one app: what is right is uploaded too, so that what was found before is closed."""
    job.write("templates/deep/role.yaml", BROKEN)
    job.write("token.yaml", SOUND.replace("  Ci:", "  Other:").replace("RoleName: ci", "RoleName: other"))
    assert job.run(RULES, templates="templates/**/*.yaml\ntoken.yaml").returncode == 1
    assert errors(job.uploaded) == [("token-missing", "templates/deep/role.yaml")]
    job.write("templates/deep/role.yaml", SOUND)
    assert job.run(RULES, templates="templates/**/*.yaml").returncode == 0


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"fail-on": "never"}, 0),
        ({"fail-on": "warning"}, 1),
        ({"account": "12"}, 2),
        ({"region": "Frankfurt"}, 2),
        ({"existing": "team/* platform/base"}, 1),
        ({"existing": "*"}, 2),
        ({"templates": "stack.yaml none/*.yaml"}, 2),
        ({"templates": "$(touch injected) `touch injected` ;touch injected"}, 2),
    ],
)
def test_the_inputs_of_the_action_are_options(job: Job, inputs: dict[str, str], status: int) -> None:
    """What is incomplete is not uploaded; nothing of an input is run."""
    job.write("stack.yaml", BROKEN)
    done = job.run(RULES, **{"templates": "stack.yaml", **inputs})
    assert done.returncode == status, done.stderr
    assert (job.uploaded is None) == (status == 2)
    assert not (job.checkout / "injected").exists()


def test_the_action_reads_what_changed_since_a_commit(job: Job) -> None:
    """Of the templates that are named; nothing is uploaded where none changed, and a removed one is none."""

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=job.checkout, check=True, capture_output=True, text=True).stdout  # noqa: S603

    for name in ("templates/old.yaml", "templates/gone.yaml", "other.yaml"):
        job.write(name, BROKEN)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    since = {"changed-since": git("rev-parse", "HEAD").strip(), "templates": "templates/**/*.yaml"}
    done = job.run(RULES, **since)
    assert (done.returncode, done.stdout) == (0, f"no template changed since {since['changed-since']}\n")
    assert job.uploaded is None
    for name in ("templates/a new one.yaml", "other.yaml"):
        job.write(name, f"# new\n{BROKEN}")
    (job.checkout / "templates" / "gone.yaml").unlink()
    git("add", ".")
    assert job.run(RULES, **since).returncode == 1
    assert errors(job.uploaded) == [("token-missing", "templates/a%20new%20one.yaml")]


def test_the_action_installs_the_command_of_its_own_commit(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the CDK, and where no other step's Python sees it."""
    (job.temporary / "ecr-access").unlink()
    # Of the environment of the tests, as no index is asked; 0 turns isolation off: https://github.com/pypa/pip/issues/5735
    for name, value in {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}.items():
        monkeypatch.setenv(name, value)
    done = job.run(INSTALL)
    assert done.returncode == 0, done.stderr
    installed = job.temporary / "ecr-access"
    assert (installed / "ecr_access" / "rules" / "access" / "managed_policies.json").is_file()
    assert not (installed / "cdk_ecr_access").exists()
    job.write("stack.yaml", SOUND)
    assert job.run(RULES, templates="stack.yaml").returncode == 0
    assert PYTHON["with"]["update-environment"] is False


def test_the_action_uploads_what_it_found_also_after_an_error() -> None:
    """The step after one that failed runs only where it says so."""
    assert UPLOAD["if"].startswith("${{ !cancelled() && steps.rules.outputs.sarif != ''")
    assert ACTION["outputs"]["sarif"]["value"] == UPLOAD["with"]["sarif_file"] == "${{ steps.rules.outputs.sarif }}"


def hook(name: str, files: list[str], *args: str) -> int:
    """Run a hook as pre-commit does: its files are those that its pattern finds."""
    one = HOOKS[name]
    matching = (
        [file for file in files if re.search(one.get("files", ""), file)] if one.get("pass_filenames", True) else []
    )
    program, command, *rest = one["entry"].split()
    assert program == "ecr-access"
    return main([command, *rest, *(args or one.get("args", [])), *matching])


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_hook_reads_the_templates_that_change(inside: Path) -> None:
    """By the names that templates usually have; with others of the app, if args name them."""
    names = [
        "template.yaml",
        "infra/web.template",
        "infra/web.template.json",
        "web.template.yml",
        "values.yaml",
        "a.json",
    ]
    pattern = HOOKS["ecr-access-rules"]["files"]
    assert [one for one in names if re.search(pattern, one)] == names[:4]
    (inside / "template.yaml").write_text(BROKEN, encoding="utf-8")
    (inside / "values.yaml").write_text("a: b", encoding="utf-8")
    assert hook("ecr-access-rules", ["template.yaml", "values.yaml"]) == 1
    assert hook("ecr-access-rules", ["template.yaml"], "--fail-on", "never") == 0
    assert HOOKS["ecr-access-rules"]["require_serial"] is True


def test_a_hook_reads_cdk_out(inside: Path) -> None:
    """Whatever changes; that nothing was synthesized is an error."""
    assert hook("ecr-access-rules-cdk-out", ["app.py"]) == 2
    (inside / "cdk.out").mkdir()
    (inside / "cdk.out" / "Stack.template.json").write_text(DECLARED, encoding="utf-8")
    assert hook("ecr-access-rules-cdk-out", ["app.py"]) == 0


def test_the_hooks_are_installed_with_the_command() -> None:
    """Pre-commit installs the project at the root, whose dependencies have the command."""
    assert {one["language"] for one in HOOKS.values()} == {"python"}
    assert {one["entry"] for one in HOOKS.values()} == {"ecr-access rules"}
    assert '"ecr-access==' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
