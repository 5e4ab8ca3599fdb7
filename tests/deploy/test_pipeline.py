"""A pipeline's stack, from its first deployment to its end.

The embedded cloud enforces IAM, simulates the roles' real policies and rolls back as CloudFormation does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.deploy.conftest import Deployment, Outcome

pytestmark = pytest.mark.local_cloud


@pytest.fixture(scope="module")
def allowed(pipeline: Callable[[str], Deployment]) -> Deployment:
    """A role that was granted push, deployed."""
    return _deployed(pipeline("Allowed"))


@pytest.fixture(scope="module")
def denied(pipeline: Callable[[str], Deployment]) -> Deployment:
    """A stack that holds what it promises, to be denied it."""
    return _deployed(pipeline("Denied"))


@pytest.fixture(scope="module")
def denial(denied: Deployment) -> Outcome:
    """A second deployment that takes the token away from the role by an explicit deny."""
    return denied.deploy(deny="1")


def _deployed(deployment: Deployment) -> Deployment:
    outcome = deployment.deploy()
    assert outcome.code == 0, outcome.text
    return deployment


def test_a_role_that_was_granted_push_gets_a_token(allowed: Deployment) -> None:
    """The role that was granted push signs in to the registry with its own credentials."""
    assert allowed.may_get_token(allowed.output("PusherArn"))


def test_what_was_proved_is_logged(allowed: Deployment) -> None:
    """Each thing that was proved is a line of the check's log group."""
    pusher = allowed.output("PusherArn")
    found = {(one["principal"], one["access"], one["verdict"]) for one in allowed.findings()}
    assert {(pusher, "TOKEN", "allowed"), (pusher, "PUSH", "allowed")} <= found


def test_a_new_grant_is_checked(allowed: Deployment) -> None:
    """An update that adds a grant runs the check again, with the new requirement."""
    assert not any(one["access"] == "PULL" for one in allowed.findings())
    outcome = allowed.deploy(puller="1")
    assert outcome.code == 0, outcome.text
    assert any(one["access"] == "PULL" and one["verdict"] == "allowed" for one in allowed.findings())


def test_a_denied_token_fails_the_deployment(denial: Outcome) -> None:
    """The CLI reports a failed deployment."""
    assert denial.code == 1


def test_the_reason_names_what_to_fix(denial: Outcome, denied: Deployment) -> None:
    """The reason that the CLI prints names the role, the action, the cause and the fix."""
    assert denied.output("PusherArn") in denial.words
    assert "ecr:GetAuthorizationToken" in denial.words
    assert "explicitly denied" in denial.words
    assert "remove that statement" in denial.words


@pytest.mark.usefixtures("denial")
def test_the_stack_rolls_back(denied: Deployment) -> None:
    """The stack is where it was, and needs no repair by hand."""
    assert denied.status() == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.usefixtures("denial")
def test_the_role_gets_a_token_again(denied: Deployment) -> None:
    """After the rollback the role signs in as before."""
    assert denied.may_get_token(denied.output("PusherArn"))


def test_a_missing_repository_fails_the_deployment(pipeline: Callable[[str], Deployment]) -> None:
    """A repository that another team should have made, and did not, is named with its nearest neighbour."""
    deployment = pipeline("Missing")
    deployment.cloud.client("ecr").create_repository(repositoryName="platform/base")
    outcome = deployment.deploy(base="platform/bsae")
    assert outcome.code == 1
    assert "no repository of that name in the registry of account 000000000000 in us-east-1" in outcome.words
    assert 'closest: "platform/base"' in outcome.words
    assert deployment.status() == "ROLLBACK_COMPLETE"


def test_a_failure_after_the_proof_rolls_back(pipeline: Callable[[str], Deployment]) -> None:
    """When something else fails after a new grant was proved, the check does not stand in the way of the rollback."""
    deployment = _deployed(pipeline("Broken"))
    outcome = deployment.deploy(puller="1", **{"break": "1"})
    assert outcome.code == 1
    assert "nowhere" in outcome.words
    assert deployment.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert any(one["access"] == "PULL" and one["verdict"] == "allowed" for one in deployment.findings())


def test_destroying_keeps_the_repository(pipeline: Callable[[str], Deployment]) -> None:
    """A retained repository outlives its stack; the check, its role and its logs do not."""
    deployment = _deployed(pipeline("Destroyed"))
    group = deployment.resource("AWS::Logs::LogGroup")
    outcome = deployment.destroy()
    assert outcome.code == 0, outcome.text
    found = deployment.cloud.client("ecr").describe_repositories(repositoryNames=["destroyed/app"])["repositories"]
    assert [one["repositoryName"] for one in found] == ["destroyed/app"]
    groups = deployment.cloud.client("logs").describe_log_groups()["logGroups"]
    assert group not in {one["logGroupName"] for one in groups}
