"""The pipelines under ``examples/`` are what they say: they synthesize, and GitHub would take the workflow."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from aws_cdk import App
from aws_cdk.assertions import Match, Template

from examples.cdk_pipelines import pipeline
from examples.github_actions import registry

if TYPE_CHECKING:
    from aws_cdk import Stack

ROOT: Final = Path(__file__).parents[2]
GITHUB: Final = ROOT / "examples" / "github_actions"
PIPELINES: Final = ROOT / "examples" / "cdk_pipelines"
WORKFLOW: Final = GITHUB / ".github" / "workflows" / "images.yml"


@pytest.fixture(scope="module")
def github() -> tuple[Stack, Stack]:
    """The stacks of the GitHub example."""
    return registry.build(App())


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """The workflow."""
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return found


def test_github_would_take_the_workflow() -> None:
    """It is held against the schema of workflows that ships with the checker."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == 0, done.stdout


def test_a_workflow_with_a_typo_is_found(tmp_path: Path) -> None:
    """The check above can fail."""
    wrong = tmp_path / "images.yml"
    wrong.write_text(WORKFLOW.read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(wrong)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == 1


def test_only_the_jobs_that_reach_aws_get_a_token_of_identity(workflow: dict[str, Any]) -> None:
    """A pull request from a fork gets none, and what it runs cannot ask for one."""
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert {name for name, job in jobs.items() if job.get("permissions", {}).get("id-token")} == {"diff", "deploy"}
    assert "head.repo.full_name == github.repository" in jobs["diff"]["if"]
    assert jobs["deploy"]["if"] == "github.event_name == 'push'"
    assert jobs["diff"]["needs"] == jobs["deploy"]["needs"] == "check"


def _dangers(path: Path) -> list[str]:
    """What zizmor finds in a workflow, from medium severity on, without a request to a server."""
    command = ["zizmor", "--offline", "--no-config", "--min-severity", "medium", "--format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    return [one["ident"] for one in json.loads(done.stdout)]


def test_the_workflow_is_safe() -> None:
    """Nothing that others write is run with its roles, and every action is pinned by its commit."""
    assert _dangers(WORKFLOW) == []


@pytest.mark.parametrize(
    ("piece", "other", "danger"),
    [
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v4", "unpinned-uses"),
        ("  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("run: cdk synth --quiet", "run: cdk synth ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_a_danger_is_found(tmp_path: Path, piece: str, other: str, danger: str) -> None:
    """The check above can fail."""
    wrong = tmp_path / ".github" / "workflows" / "images.yml"
    wrong.parent.mkdir(parents=True)
    text = WORKFLOW.read_text(encoding="utf-8")
    assert piece in text
    wrong.write_text(text.replace(piece, other), encoding="utf-8")
    assert danger in _dangers(wrong)


def test_one_release_of_each_action_is_pinned() -> None:
    """In this project's workflows, the example and the one that ``ecr-access init`` writes; with the tag beside it."""
    pinned: dict[str, set[str]] = {}
    for folder in (".github", "examples/*/.github", "constructs/ecr_access/cli/init/files/*/.github"):
        for path in (*ROOT.glob(f"{folder}/workflows/*.yml"), ROOT / "action.yml"):
            for action, release in re.findall(r"uses: ([\w/-]+)@(.*)", path.read_text(encoding="utf-8")):
                assert re.fullmatch(r"[0-9a-f]{40} # v\d+(\.\d+){2}", release), (path, action, release)
                pinned.setdefault(action, set()).add(release)
    assert {action: releases for action, releases in pinned.items() if len(releases) > 1} == {}
    assert "actions/checkout" in pinned


@pytest.mark.parametrize(("job", "variable"), [("diff", "DIFF_ROLE"), ("deploy", "DEPLOY_ROLE")])
def test_a_role_that_is_not_set_is_told_first(workflow: dict[str, Any], job: str, variable: str) -> None:
    """The action itself would only say that it could not load credentials."""
    first, *others = workflow["jobs"][job]["steps"]
    assert first["if"] == f"vars.{variable} == ''"
    assert f"::error::the variable {variable} is not set" in first["run"]
    assert first["run"].splitlines()[-1] == "exit 1"
    (role,) = [one["with"]["role-to-assume"] for one in others if "role-to-assume" in one.get("with", {})]
    assert role == f"${{{{ vars.{variable} }}}}"


def test_a_deployment_is_never_cut_short(workflow: dict[str, Any]) -> None:
    """Only what a pull request's newer commits made superfluous is."""
    wanted = "${{ github.event_name == 'pull_request' }}"
    assert workflow["concurrency"] == {"group": "images-${{ github.ref }}", "cancel-in-progress": wanted}


def test_one_version_of_the_cli_is_named_everywhere(workflow: dict[str, Any]) -> None:
    """That which this project is tested with."""
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    (version,) = [found["aws-cdk"] for found in pinned.values() if isinstance(found, dict) and "aws-cdk" in found]
    assert workflow["env"]["CDK_CLI"] == pipeline.CDK_CLI == version
    for folder in (GITHUB, PIPELINES):
        assert f"aws-cdk@{version}" in (folder / "README.md").read_text(encoding="utf-8")
    text = json.dumps(Template.from_stack(pipeline.build(App())).to_json())
    assert set(re.findall(r"npm install (?:-g|--global) aws-cdk@([\w.]+)", text)) == {version}


def test_every_file_and_stack_that_the_workflow_names_is_there(workflow: dict[str, Any]) -> None:
    """It works as it stands."""
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert "pip install --requirement requirements.txt" in commands
    assert (GITHUB / "requirements.txt").is_file()
    named = {one.split()[2] for one in commands if one.startswith(("cdk diff", "cdk deploy"))}
    assert named == {"Images"}
    assert any(stack.node.id == "Images" for stack in registry.build(App()))


@pytest.mark.parametrize(
    ("role", "event", "assumed"),
    [("Diff", "pull_request", 1), ("Deploy", "ref:refs/heads/main", 3)],
)
def test_github_is_trusted_for_one_event_each(github: tuple[Stack, Stack], role: str, event: str, assumed: int) -> None:
    """No other repository and no other branch is trusted; a pull request may only look."""
    template = Template.from_stack(github[0])
    issuer = "token.actions.githubusercontent.com"
    condition = {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": f"repo:{registry.SOURCE}:{event}"}
    }
    statement = {"Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}
    wanted = {"AssumeRolePolicyDocument": {"Statement": [Match.object_like(statement)]}}
    found = template.find_resources("AWS::IAM::Role", {"Properties": Match.object_like(wanted)})
    assert [name for name in found if name.startswith(role)]
    assert len(found) == 1
    policies = template.find_resources("AWS::IAM::Policy")
    (policy,) = [one for name, one in policies.items() if name.startswith(role)]
    (allowed,) = policy["Properties"]["PolicyDocument"]["Statement"]
    resources = allowed["Resource"]
    assert allowed["Action"] == "sts:AssumeRole"
    assert len(resources if isinstance(resources, list) and assumed > 1 else [resources]) == assumed


@pytest.mark.parametrize(
    ("folder", "module", "template"),
    [
        (GITHUB, "registry.py", "Images.template.json"),
        (PIPELINES, "pipeline.py", "assembly-Pipeline-Production/PipelineProductionImages*.template.json"),
    ],
)
def test_an_example_is_synthesized_under_its_rules(tmp_path: Path, folder: Path, module: str, template: str) -> None:
    """As its first step does, in a folder that holds nothing else; then it runs its tests."""
    copy = tmp_path / "repository"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__", "cdk.out"))
    assert json.loads((copy / "cdk.json").read_text(encoding="utf-8"))["app"] == f"python3 {module}"
    assert (copy / "requirements.txt").is_file()
    # A worker of pytest-xdist, which this may be, reports no snapshots.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    # The CDK's own rules judge the synthesis; in the tests of the same app they would take two of three seconds.
    for command, validation in (
        (["cdk", "synth", "--quiet", "--app", f"{sys.executable} {module}"], "true"),
        ([sys.executable, "-m", "pytest"], "false"),
    ):
        done = subprocess.run(  # noqa: S603
            command,
            cwd=copy,
            env={**environment, "CDK_VALIDATION": validation},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert len([*(copy / "cdk.out").glob(template)]) == 1
    assert "2 snapshots passed" in done.stdout


def test_cdk_pipelines_deploys_staging_and_asks_before_production() -> None:
    """Each account's stage has its own check."""
    app = App()
    stack = pipeline.build(app)
    stages = Template.from_stack(stack).find_resources("AWS::CodePipeline::Pipeline")
    (found,) = [one["Properties"]["Stages"] for one in stages.values()]
    names = [stage["Name"] for stage in found]
    assert names.index("Staging") < names.index("Production")
    production = found[names.index("Production")]["Actions"]
    assert [one["Name"] for one in production if one["ActionTypeId"]["Category"] == "Approval"] == ["Approve"]
    for name in ("Staging", "Production"):
        assembly = app.synth().get_nested_assembly(f"assembly-Pipeline-{name}")
        (images,) = assembly.stacks
        kinds = [one["Type"] for one in images.template["Resources"].values()]
        assert kinds.count("Custom::EcrAccessCheck") == 1
