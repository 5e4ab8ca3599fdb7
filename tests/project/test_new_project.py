"""What ``ecr-access init`` writes works: done in an empty folder, by the commands that it prints."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Printed = dict[str, tuple[Path, list[str]]]
    Copy = Callable[[str], Path]

ROOT: Final = Path(__file__).parents[2]
ACTIONLINT: Final = ROOT / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
KINDS: Final = ("python", "manifest")


# The CDK's own rules take two of the three seconds of a synthesis; `cdk synth` of the same project is judged by them.
UNVALIDATED: Final = {"CDK_VALIDATION": "false"}


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as in a project's own environment, which is this one."""
    # A worker of pytest-xdist, which this may be, reports no snapshots.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(  # noqa: S603 -- ours
        command, cwd=folder, env=environment | variables, capture_output=True, text=True, check=False, timeout=200
    )


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """A project of each kind, and the commands that come next."""
    found = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        done = run(folder, sys.executable, "-m", "ecr_access", "init", f"--{kind}")
        assert done.returncode == 0, done.stderr
        found[kind] = folder, [line.strip() for line in done.stdout.partition("next:\n")[2].splitlines()]
    return found


@pytest.fixture(params=KINDS)
def project(printed: Printed, request: pytest.FixtureRequest) -> Path:
    """The folder of a project of one kind."""
    return printed[request.param][0]


@pytest.fixture
def copy_of(printed: Printed, tmp_path: Path) -> Copy:
    """Make a copy of a project, to change."""
    left_out = shutil.ignore_patterns("cdk.out", "__pycache__")
    return lambda kind: Path(shutil.copytree(printed[kind][0], tmp_path / kind, ignore=left_out))


def workflow(folder: Path) -> dict[str | bool, Any]:
    """The workflow of a project; to YAML, the key ``on`` is true."""
    found: dict[str | bool, Any] = yaml.safe_load((folder / ".github/workflows/deploy.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.local_cloud
@pytest.mark.parametrize("kind", KINDS)
def test_the_printed_commands_test_and_deploy_it(kind: str, printed: Printed) -> None:
    """The last one does: the tests, the bootstrap and the deployment; the others make an environment as this one is."""
    folder, (environment, install, deploy) = printed[kind]
    assert environment == "python3 -m venv .venv && . .venv/bin/activate"
    assert install == "pip install -r requirements.txt && npm ci && ln -sf ../../node_modules/.bin/cdk .venv/bin/"
    done = run(folder, "sh", "-c", deploy, **UNVALIDATED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert "1 snapshot passed" in done.stdout
    assert re.search(r"^Images\.CiRoleArn = arn:aws:iam::\d{12}:role/", done.stdout + done.stderr, re.MULTILINE)


def test_a_synthesis_prints_nothing(project: Path) -> None:
    """No warning of the CDK, of its flags or of the rules; and there is the one stack."""
    done = run(project, "cdk", "synth", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in (project / "cdk.out").glob("*.template.json")] == ["Images.template.json"]


def test_a_manifest_makes_the_stacks_of_all_its_environments(copy_of: Copy) -> None:
    """Of each, as many as it says; the first has the roles."""
    copy = copy_of("manifest")
    environments = (
        "environments:\n"
        '  prod: {account: "111122223333", region: eu-west-1, stacks: 2}\n'
        '  dev: {account: "444455556666", region: eu-west-1}\n'
        "defaults: {environments: [prod, dev]}\n"
    )
    replace(copy / "repositories.yaml", "repositories:\n", f"{environments}repositories:\n  - name: team/api\n")
    done = run(copy, "cdk", "synth", "--quiet")
    assert done.returncode == 0, done.stderr
    names = {path.name.partition(".")[0] for path in (copy / "cdk.out").glob("*.template.json")}
    assert names == {"Images-prod", "Images2-prod", "Images-dev"}


def replace(file: Path, text: str, other: str) -> None:
    """Change a file."""
    before = file.read_text(encoding="utf-8")
    assert text in before
    file.write_text(before.replace(text, other), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "file", "grant", "more"),
    [
        ("python", "app.py", "grant_pull(self.service)", "grant_pull_push(self.service)"),
        ("manifest", "repositories.yaml", "push: [ci]", "push: [ci, service]"),
    ],
)
def test_its_tests_notice_a_grant_too_many(kind: str, file: str, grant: str, more: str, copy_of: Copy) -> None:
    """The snapshot and the assertions, each by itself."""
    copy = copy_of(kind)
    replace(copy / file, grant, more)
    done = run(copy, sys.executable, "-m", "pytest", **UNVALIDATED)
    assert done.returncode == 1
    assert "2 failed" in done.stdout, done.stdout


OPEN: Final = """\
        from aws_cdk import aws_ecr

        public = {"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}
        policy = {"Version": "2012-10-17", "Statement": [public]}
        aws_ecr.CfnRepository(self, "Open", repository_policy_text=policy)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_the_hooks_pass_and_find_what_is_wrong(kind: str, copy_of: Copy) -> None:
    """Run as pre-commit runs them, by their entries."""
    copy = copy_of(kind)
    assert {name: done.returncode for name, done in _hooks(copy)} == dict.fromkeys(HOOKS[kind], 0)
    begin = "super().__init__(scope, construct_id, env=env)\n"
    replace(copy / "app.py", begin, begin + OPEN)
    if kind == "manifest":
        replace(copy / "repositories.yaml", "push:", "psuh:")
    found = dict(_hooks(copy))
    assert all(done.returncode for done in found.values())
    if kind == "manifest":
        assert "did you mean 'push'?" in found["ecr-access-manifest"].stderr
        assert "did you mean 'push'?" in found["ecr-access-rules"].stderr
    else:
        assert "EcrAccess::open-to-everybody" in found["ecr-access-rules"].stdout + found["ecr-access-rules"].stderr


HOOKS: Final = {"python": ["ecr-access-rules"], "manifest": ["ecr-access-manifest", "ecr-access-rules"]}


def _hooks(folder: Path) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
    """Run the hooks of a project on all of its files."""
    (found,) = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in found["hooks"]:
        files = [path.name for path in folder.iterdir() if re.search(hook.get("files", "$^"), path.name)]
        assert hook.get("pass_filenames", True) == bool(files)
        yield hook["id"], run(folder, *shlex.split(hook["entry"]), *files, **UNVALIDATED)


def test_the_workflow_is_valid_and_safe(project: Path) -> None:
    """By GitHub's schemas, actionlint, and zizmor at its strictest: pinned actions, least permissions."""
    for schema, file in (("github-workflows", "workflows/deploy.yml"), ("dependabot", "dependabot.yml")):
        check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
        done = run(project, *check, f".github/{file}")
        assert done.returncode == 0, done.stdout
    done = run(project, "node", str(ACTIONLINT), str(project / ".github" / "workflows" / "*.yml"))
    assert "Checking 1 workflow file(s)" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(project, "zizmor", "--offline", "--no-config", "--persona", "pedantic", "--format", "json", ".")
    assert json.loads(done.stdout) == []


def test_only_the_deployment_gets_a_token_of_identity(project: Path) -> None:
    """It runs for a push to main alone, after the checks, and says which variables it needs."""
    found = workflow(project)
    check, deploy = (found["jobs"][name] for name in ("check", "deploy"))
    assert (found["permissions"], check["permissions"]) == ({}, {"contents": "read"})
    assert deploy["permissions"] == {"contents": "read", "id-token": "write"}
    assert found[True] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert (deploy["if"], deploy["needs"]) == ("github.event_name == 'push'", "check")
    needed = {*re.findall(r"vars\.(\w+)", json.dumps(deploy))}
    assert needed == {"DEPLOY_ROLE", "AWS_REGION"}
    assert all(name in deploy["steps"][0]["run"] for name in needed)
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert {*re.findall(r"gh variable set (\w+)", readme)} == needed


def test_the_deployer_is_for_one_branch_and_the_bootstrapped_roles(project: Path, tmp_path: Path) -> None:
    """Its template passes the rules."""
    source = "octo@1/images@2"
    done = run(project, "cdk", "synth", "--quiet", "-c", f"github={source}", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    resources = json.loads((tmp_path / "Deployer.template.json").read_text(encoding="utf-8"))["Resources"]
    assert sorted(one["Type"] for one in resources.values()) == [
        "AWS::IAM::OIDCProvider",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
    ]
    (role,) = (one["Properties"] for one in resources.values() if one["Type"] == "AWS::IAM::Role")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    issuer = "token.actions.githubusercontent.com"
    assert trust["Condition"] == {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": f"repo:{source}:ref:refs/heads/main"}
    }
    (policy,) = (one["Properties"] for one in resources.values() if one["Type"] == "AWS::IAM::Policy")
    (allowed,) = policy["PolicyDocument"]["Statement"]
    assert allowed["Action"] == "sts:AssumeRole"
    names = sorted(re.findall(r"cdk-hnb659fds-([a-z-]+)-role-", json.dumps(allowed["Resource"])))
    assert names == ["deploy", "file-publishing", "lookup"]


def test_what_is_pinned_is_what_is_tested(project: Path) -> None:
    """The CDK, its CLI by its hash and what the tests need, at the versions of this project's own lock files."""
    locked_here = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in (project / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "cdk-ecr-access")):
            assert re.search(rf"^{re.escape(line)}(?=\s|$)", locked_here, re.MULTILINE), line
    own, theirs = (json.loads((folder / "package.json").read_text(encoding="utf-8")) for folder in (ROOT, project))
    assert theirs["dependencies"] == {"aws-cdk": own["dependencies"]["aws-cdk"]}
    locked = json.loads((project / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert locked[""]["dependencies"] == theirs["dependencies"]
    assert locked["node_modules/aws-cdk"]["version"] == theirs["dependencies"]["aws-cdk"]
    if (ROOT / "package-lock.json").exists():
        ours = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        assert locked["node_modules/aws-cdk"] == ours["node_modules/aws-cdk"]


def test_an_editor_completes_the_manifest(printed: Printed) -> None:
    """By the line that the library prints for it."""
    folder, _ = printed["manifest"]
    line = run(folder, sys.executable, "-m", "ecr_access", "manifest", "schema", "--comment").stdout
    assert (folder / "repositories.yaml").read_text(encoding="utf-8").startswith(line)
