"""``token-on-resource``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.token_on_resource import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, PULL, WEB, allow, repository, role, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action


def may(action: object = TOKEN, effect: str = "Allow", **more: object) -> list[str]:
    """What is found of a role of one statement."""
    return findings(RULE, app_of({"Role": role(allow(action, effect, **more)), "Web": repository()}))


@pytest.mark.parametrize("action", [TOKEN, "ecr:getauthorizationtoken", [TOKEN, *PULL], [*PULL, TOKEN, "logs:*"]])
def test_the_token_on_a_repository_is_reported(action: object) -> None:
    """Alone, and mixed with actions that are about the repository."""
    assert may(action, Resource=WEB) == [
        f"ecr:GetAuthorizationToken is allowed on '{WEB}' alone, where it has no effect; fix: allow "  # noqa: ISC004
        "ecr:GetAuthorizationToken on '*', in a statement of its own"
    ]


@pytest.mark.parametrize(
    ("resource", "shown"),
    [
        ([WEB, f"{WEB}-2"], WEB),
        ({"Fn::GetAtt": ["Web", "Arn"]}, WEB),
        ("arn:aws:ecr:*", "arn:aws:ecr:*"),
        (["arn:aws:ecr:*:*:repository/*"], "arn:aws:ecr:*:*:repository/*"),
        ({"Fn::Sub": "arn:aws:ecr:${Parameter}:*"}, "arn:aws:ecr:${Parameter}:*"),
    ],
)
def test_whatever_it_is_but_a_star(resource: object, shown: str) -> None:
    """A pattern of repositories is no registry."""
    (found,) = may(Resource=resource)
    assert f"is allowed on '{shown}' alone" in found


@pytest.mark.parametrize("action", ["ecr:GetAuth*", ["ecr:Get*Token", *PULL], "ECR:GetAuthorization?oken"])
def test_a_wildcard_that_means_the_token_is_reported(action: object) -> None:
    """It stands for no action on images."""
    assert len(may(action, Resource=WEB)) == 1


@pytest.mark.parametrize("resource", ["*", ["*"], ["*", WEB], [WEB, "*"], PARAMETER, [WEB, PARAMETER], []])
def test_a_star_or_what_may_be_one_is_not(resource: object) -> None:
    """Beside others too."""
    assert may(Resource=resource) == []


@pytest.mark.parametrize("action", [PULL, "ecr:*", ["ecr:Get*"], PARAMETER])
def test_other_actions_are_not(action: object) -> None:
    """A wildcard is meant for the rest."""
    assert may(action, Resource=WEB) == []


@pytest.mark.parametrize(
    ("other", "arns", "count"),
    [
        (allow(TOKEN, Resource="*"), [], 0),
        (allow("ecr:Get*", Resource="*"), [], 0),
        (allow("logs:*", Resource="*"), ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"], 0),
        (allow(TOKEN, Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}}), [], 0),
        (allow("logs:*", Resource="*"), [PARAMETER], 0),
        (allow("logs:*", Resource="*"), ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"], 1),
        (allow(TOKEN, "Deny", Resource="*"), [], 1),
    ],
)
def test_one_that_is_superfluous_or_may_be_is_not(other: dict[str, Any], arns: list[object], count: int) -> None:
    """Where the token is allowed elsewhere too, the role works."""
    made = role(allow([TOKEN, *PULL], Resource=WEB), other, ManagedPolicyArns=arns)
    assert len(findings(RULE, app_of({"Role": made}))) == count


def test_of_several_who_have_it_one_that_misses_the_token_suffices() -> None:
    """A policy is shared, and one role has no other."""
    document = {"Statement": [allow(TOKEN, Resource=WEB)]}
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": document, "Roles": ["ci", "web"]}}
    other = role(allow(TOKEN, Resource="*"), RoleName="web")
    assert findings(RULE, app_of({"Policy": policy, "Web": other})) == []
    assert len(findings(RULE, app_of({"Policy": policy, "Web": other, "Ci": role()}))) == 1


def test_a_denial_and_the_opposite_of_a_resource_are_not() -> None:
    """They allow nothing, or all but something."""
    assert may(effect="Deny", Resource=WEB) == []
    assert may(NotResource=WEB) == []
    assert may(Resource=NOTHING) == []


def test_a_policy_that_is_attached_to_no_identity_here_is_reported_too() -> None:
    """It is wrong wherever it is attached."""
    document = {"Statement": [allow(TOKEN, Resource=WEB)]}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    (found,) = RULE.check(app_of({"Policy": policy}))
    assert found.path == "Properties.PolicyDocument.Statement[0].Resource"


def test_the_cdk_renders_it_as_it_is_told(app: App, stack: Stack) -> None:
    """And our grants put it on a star."""
    web = AccessibleRepository(stack, "Web", repository_name="web")
    roles = [iam.Role(stack, id_, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")) for id_ in ("Told", "Granted")]
    roles[0].add_to_policy(iam.PolicyStatement(actions=[TOKEN, *PULL], resources=[web.repository_arn]))
    web.grant_pull(roles[1])
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("ToldDefaultPolicy")
