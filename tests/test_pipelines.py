"""The pipelines under ``examples/`` are what they say: they synthesize, and GitHub would take the workflow."""

from __future__ import annotations

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

GITHUB: Final = Path(__file__).parents[1] / "examples" / "github_actions"
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
    """Nobody else's repository, and no other branch, is trusted; a pull request may only look."""
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


def test_the_github_example_is_synthesized_under_its_rules(tmp_path: Path) -> None:
    """As its first step does, in a folder that holds nothing else."""
    copy = tmp_path / "repository"
    shutil.copytree(GITHUB, copy, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["cdk", "synth", "--quiet", "--app", f"{sys.executable} registry.py"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert (copy / "cdk.out" / "Images.template.json").is_file()


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
