"""The deployed checks of stacks are asked again from a terminal, without a schedule."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

ACCOUNT = "000000000000"
NAME = "Asked"


@pytest.fixture(scope="module")
def asked(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The app, deployed."""
    deployment = Deployment(local_cloud, "deployed.py", tmp_path_factory.mktemp("asked"), NAME)
    outcome = deployment.deploy("--all")
    assert outcome.code == 0, outcome.text
    return deployment


def _check(deployment: Deployment, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "ecr_access", "check", *arguments],
        env=deployment.cloud.environment(ACCOUNT),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


def test_a_stack_is_asked_again(asked: Deployment) -> None:
    """A name that CloudFormation made, a role with a path and a user are resolved as at the deployment."""
    done = _check(asked, "--stack", NAME, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = _findings(done)
    repository, puller = asked.resource("AWS::ECR::Repository"), asked.output("PullerName")
    assert {one["verdict"] for one in found} == {"allowed"}
    pull = next(one for one in found if one["access"] == "PULL")
    assert pull["principal"] == f"arn:aws:iam::{ACCOUNT}:role/services/{puller}"
    assert pull["repository"].endswith(f":{ACCOUNT}:repository/{repository}")


def test_what_another_stack_exports_is_resolved(asked: Deployment) -> None:
    """By the exports of the account and Region."""
    done = _check(asked, "--stack", f"{NAME}Service", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (pull,) = [one for one in _findings(done) if one["access"] == "PULL"]
    assert pull["repository"].endswith(f":repository/{asked.resource('AWS::ECR::Repository')}")


def test_all_stacks_are_found(asked: Deployment) -> None:
    """Those that have a check, in one table with a column for the stack; other tests' stacks may be there too."""
    done = _check(asked, "--all-stacks")
    rows = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert {row[0] for row in rows if row[1] in (NAME, f"{NAME}Service")} == {"allowed"}, done.stderr
    assert {row[1] for row in rows} >= {NAME, f"{NAME}Service"}
    assert f"{NAME}Plain" not in done.stdout
    verdict = {0: r"allowed( here)?", 1: "denied", 2: "undetermined"}[done.returncode]
    assert re.match(rf"{verdict}: \d+ findings", done.stdout.splitlines()[-1])


def test_a_stack_without_a_check_and_one_that_does_not_exist_are_said(asked: Deployment) -> None:
    """The others are asked all the same."""
    done = _check(asked, "--stack", f"{NAME}Plain", "--stack", f"{NAME}Servise", "--stack", NAME)
    assert done.returncode == 2
    assert "[ECR-ACCESS-911]" in done.stderr
    assert f"stack '{NAME}Plain' (CREATE_COMPLETE) has no resource Custom::EcrAccessCheck" in done.stderr
    assert f"did you mean '{NAME}Service'?" in done.stderr
    assert f"allowed\t{NAME}\t" in done.stdout


def test_a_policy_that_is_deleted_is_denied_then(asked: Deployment) -> None:
    """By the API, outside of CloudFormation: status 1, the cause and the fix."""
    iam, role = asked.cloud.client("iam"), asked.output("PullerName")
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    done = _check(asked, "--stack", NAME)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"denied\trole/services/{role}\tPULL\t" in done.stdout
    assert "fix: " in done.stdout


def test_a_function_that_is_gone_is_said(asked: Deployment) -> None:
    """It is no verdict."""
    function = asked.resource("AWS::Lambda::Function", stack=f"{NAME}Service")
    asked.cloud.client("lambda").delete_function(FunctionName=function)
    done = _check(asked, "--stack", f"{NAME}Service", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["verdict"] == "undetermined"
    (message,) = json.loads(done.stdout)["failure"]["messages"]
    assert f"function:{function} is gone" in message
    assert message.endswith("[ECR-ACCESS-913]")
