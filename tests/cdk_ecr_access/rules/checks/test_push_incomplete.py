"""``push-incomplete``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.push_incomplete import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, WEB, allow, repository, role, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

SIGN_IN = allow("ecr:GetAuthorizationToken", Resource="*")
PUT, COMPLETE, CHECK = "ecr:PutImage", "ecr:CompleteLayerUpload", "ecr:BatchCheckLayerAvailability"
PUSH = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", COMPLETE, CHECK, PUT]
CONDITION = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
ROLE = "arn:aws:iam::111122223333:role/ci"


def without(*actions: str) -> list[str]:
    """The actions of a push but some."""
    return [one for one in PUSH if one not in actions]


def may(*statements: object, **properties: object) -> list[str]:
    """What is found of a role that signs in."""
    return findings(RULE, app_of({"Role": role(SIGN_IN, *statements, **properties)}))


@pytest.mark.parametrize("action", PUSH)
def test_a_push_that_lacks_one_action_is_reported(action: str) -> None:
    """Whichever it is, with the fix."""
    assert may(allow(without(action), Resource=WEB)) == [
        f"role ci may sign in and push to '{WEB}', but not {action}: the push of an image with a new layer ends in "  # noqa: ISC004
        f"403; fix: allow {action} on '{WEB}' too; in the CDK, AccessibleRepository.grant_push(role) renders all "
        "actions of a push"
    ]


@pytest.mark.parametrize(
    "statements",
    [
        [allow(["ecr:PutImage", "ecr:Upload*", "ecr:Initiate*", CHECK], Resource=WEB)],
        [allow(without(COMPLETE), Resource="*")],
        [allow(without(COMPLETE), Resource=[WEB, f"{WEB}-other"])],
        [allow(without(COMPLETE), Resource=WEB), allow(COMPLETE, Resource=f"{WEB}-other")],
        [allow(without(COMPLETE, CHECK), Resource=WEB), allow(CHECK, Resource=f"{WEB[:-3]}*")],
        [allow(without(COMPLETE), Resource=WEB), allow("ecr:*", Resource="arn:aws:s3:::bucket")],
        [allow(without(COMPLETE), Resource={"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${Account}:repository/web"})],
    ],
)
def test_one_cause_is_one_finding(statements: list[Any]) -> None:
    """By a wildcard, on several repositories, by several statements."""
    (found,) = may(*statements)
    assert f"but not {COMPLETE}: " in found


def test_an_explicit_deny_is_named() -> None:
    """The fix is there."""
    (found,) = may(allow(PUSH, Resource=WEB), allow(PUT, "Deny", Resource="*"))
    assert "Statement[2] denies" in found.partition("; fix: ")[2]


def test_a_permissions_boundary_is_named() -> None:
    """It leaves an action out."""
    boundary = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {}}}
    boundary["Properties"] = {"PolicyDocument": {"Statement": [SIGN_IN, allow(without(PUT), Resource="*")]}}
    pusher = role(SIGN_IN, allow(PUSH, Resource=WEB), PermissionsBoundary={"Ref": "Boundary"})
    (found,) = findings(RULE, app_of({"Role": pusher, "Boundary": boundary}))
    assert found.endswith("; fix: allow the actions in the permissions boundary of the role too")


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PUSH, Resource=WEB)],
        [allow("ecr:*", Resource=WEB)],
        [allow(without(COMPLETE), Resource=WEB), allow("ecr:Complete*", Resource="*")],
        [allow(without(COMPLETE), Resource=f"{WEB[:-3]}*"), allow(COMPLETE, Resource=WEB)],
        [allow(without(COMPLETE), Resource="*"), allow(COMPLETE, Resource=WEB)],
        [allow(without(COMPLETE), Resource=WEB), allow(COMPLETE, Resource="arn:aws:ecr:*")],
        [allow(without(COMPLETE), Resource=WEB), allow(COMPLETE, Resource=WEB, Condition=CONDITION)],
        [allow(without(COMPLETE), Resource=WEB), allow(COMPLETE, Resource=PARAMETER)],
        [allow([*without(COMPLETE), PARAMETER], Resource=WEB)],
        [allow(without(COMPLETE), Resource=WEB), PARAMETER],
        [allow(without(COMPLETE), Resource=WEB), {"Fn::If": ["A", allow(COMPLETE, Resource=WEB), NOTHING]}],
        [allow(without(COMPLETE), Resource=WEB), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [allow(without(COMPLETE), "Deny", Resource=WEB)],
        [allow(without(COMPLETE), Resource="arn:aws:s3:::bucket/*")],
        [allow([PUT, "ecr:BatchGetImage"], Resource=WEB)],
        [allow([PUT, CHECK, "ecr:BatchGetImage"], Resource=WEB)],
        [allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", CHECK], Resource=WEB)],
    ],
)
def test_a_complete_push_or_none_is_not(statements: list[Any]) -> None:
    """Nor one that may be complete, nor one that only gives tags."""
    assert may(*statements) == []


@pytest.mark.parametrize("arn", [PARAMETER, "arn:aws:iam::111122223333:policy/own"])
def test_a_managed_policy_that_is_not_at_hand_may_allow_the_rest(arn: object) -> None:
    """Its statements are not known."""
    assert may(allow(without(COMPLETE), Resource=WEB), ManagedPolicyArns=[arn]) == []


def test_without_the_token_another_rule_reports() -> None:
    """It says that there is no push at all."""
    assert findings(RULE, app_of({"Role": role(allow(without(COMPLETE), Resource=WEB))})) == []


def test_a_group_is_not_reported() -> None:
    """Its members may be of another group too."""
    document = {"Statement": [SIGN_IN, allow(without(COMPLETE), Resource=WEB)]}
    properties = {"Policies": [{"PolicyName": "own", "PolicyDocument": document}]}
    assert findings(RULE, app_of({"Group": {"Type": "AWS::IAM::Group", "Properties": properties}})) == []


@pytest.mark.parametrize(
    ("one", "count"),
    [
        (repository(allow(COMPLETE, Principal={"AWS": ROLE})), 0),
        (repository(allow(COMPLETE, Principal="*")), 0),
        (repository(RepositoryPolicyText=PARAMETER), 0),
        (repository(allow(COMPLETE, Principal={"AWS": f"{ROLE}-other"})), 1),
        (repository(), 1),
    ],
)
def test_the_policy_of_the_repository_may_allow_the_rest(one: dict[str, Any], count: int) -> None:
    """In one account either side is enough."""
    pusher = role(SIGN_IN, allow(without(COMPLETE), Resource=WEB))
    assert len(findings(RULE, app_of({"Role": pusher, "Web": one}))) == count


def test_no_grant_is_reported(app: App, stack: Stack) -> None:
    """Of the CDK, or of this library."""
    pusher = iam.Role(stack, "Plain", assumed_by=iam.AccountRootPrincipal())
    ecr.Repository(stack, "Web").grant_push(pusher)
    AccessibleRepository(stack, "Api", repository_name="api").grant_push(pusher)
    assert findings(RULE, synthesized(app)) == []
