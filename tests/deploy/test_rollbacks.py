"""No stack is ever stuck because of its check: failed updates and creates, and deletes of what is half gone already.

Real CloudFormation sends the check the same events, and leaves a stack whose rollback fails in UPDATE_ROLLBACK_FAILED
for a person. The embedded one does not refuse another ``ServiceToken``, which the real one does ("Modifying service
token is not allowed"): the function keeps its logical id for good.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.deploy.conftest import Deployment

pytestmark = pytest.mark.local_cloud


def _deny_from_outside(deployment: Deployment) -> None:
    """Take the token away from the pusher, outside CloudFormation, which does not know and keeps it so."""
    denial = {"Effect": "Deny", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    deployment.cloud.client("iam").put_role_policy(
        RoleName=deployment.output("PusherArn").rpartition("/")[2],
        PolicyName="FromOutside",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denial]}),
    )


def _deployed(deployment: Deployment, **context: str) -> Deployment:
    outcome = deployment.deploy(**context)
    assert outcome.code == 0, outcome.text
    return deployment


def _is_gone(deployment: Deployment) -> bool:
    try:
        return deployment.status() == "DELETE_COMPLETE"
    except ClientError as error:
        return "does not exist" in str(error)


def test_a_rollback_succeeds_although_the_permission_is_still_missing(
    pipeline: Callable[[str], Deployment],
) -> None:
    """A new grant has everything checked again; what was taken away from outside fails it, and stays away."""
    deployment = _deployed(pipeline("TakenAway"))
    _deny_from_outside(deployment)
    outcome = deployment.deploy(puller="1")
    assert outcome.code == 1
    assert "explicitly denied" in outcome.words
    assert deployment.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert not deployment.may_get_token(deployment.output("PusherArn"))


def test_a_function_that_changes_with_a_failed_update_changes_back(pipeline: Callable[[str], Deployment]) -> None:
    """The new function fails the update, the old one answers the rollback, and the next update goes through."""
    deployment = _deployed(pipeline("Changed"))
    outcome = deployment.deploy(function="2", deny="1")
    assert outcome.code == 1
    assert deployment.status() == "UPDATE_ROLLBACK_COMPLETE"
    _deployed(deployment, function="3", puller="1")
    assert deployment.status() == "UPDATE_COMPLETE"


def test_a_failed_create_can_be_deleted(pipeline: Callable[[str], Deployment]) -> None:
    """What was never proved is deleted like anything else."""
    deployment = pipeline("Stillborn")
    outcome = deployment.deploy(deny="1")
    assert outcome.code == 1
    assert deployment.status() == "ROLLBACK_COMPLETE"
    assert deployment.destroy().code == 0
    assert _is_gone(deployment)


def test_a_delete_succeeds_when_all_that_it_rests_on_is_gone(pipeline: Callable[[str], Deployment]) -> None:
    """The policies of the check's role, and the repository."""
    deployment = _deployed(pipeline("Emptied"))
    cloud = deployment.cloud
    iam, role = cloud.client("iam"), _role_of_the_check(deployment)
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    cloud.client("ecr").delete_repository(repositoryName="emptied/app", force=True)
    outcome = deployment.destroy()
    assert outcome.code == 0, outcome.text
    assert _is_gone(deployment)


def _role_of_the_check(deployment: Deployment) -> str:
    listed = deployment.cloud.client("cloudformation").list_stack_resources(StackName=deployment.name)
    return next(
        str(one["PhysicalResourceId"])
        for one in listed["StackResourceSummaries"]
        if one["ResourceType"] == "AWS::IAM::Role" and one["LogicalResourceId"].startswith("EcrAccessCheck")
    )
