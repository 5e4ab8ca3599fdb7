"""``open-to-everybody``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_access.rules.checks.open_to_everybody import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    allow,
    repository,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

    from ecr_access.rules.access.application import Application

FIX = (
    "; fix: name the principals that may, such as iam.AccountPrincipal(...), or add a condition such as StringEquals "
    "aws:PrincipalOrgID; images for the public belong in Amazon ECR Public"
)
SECURE = {"Bool": {"aws:SecureTransport": "true"}}


def open_to(principal: object = "*", action: object = PULL, effect: str = "Allow", **more: object) -> Application:
    """An app of a repository whose policy has one statement."""
    return app_of({"Web": repository(allow(action, effect, Principal=principal, **more))})


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        (PULL, "pull"),
        ("ecr:BatchGetImage", "pull"),
        ("ecr:PutImage", "push"),
        ("ecr:*", "pull and push"),
        ("*", "pull and push"),
    ],
)
def test_a_public_repository_is_reported(action: object, moves: str) -> None:
    """With what every principal may do."""
    assert findings(RULE, open_to(action=action)) == [
        (
            f"a repository policy lets every principal, of every account, {moves}: the principal is '*', without a "
            f"condition{FIX}"
        )
    ]


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": [OTHER_ROOT, "*"]}, ["*"]])
def test_however_the_star_is_written(principal: object) -> None:
    """Beside others too."""
    assert len(findings(RULE, open_to(principal))) == 1


@pytest.mark.parametrize(
    "condition",
    [
        {},
        NOTHING,
        SECURE,
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"StringEquals": {"ecr:ResourceTag/public": "yes"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringLike": {"aws:PrincipalOrgID": ["o-abcdefghij", "*"]}},
        {"ArnEquals": {"aws:PrincipalArn": "*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
        {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/ci"]}},
        {"StringLike": {"aws:principalarn": "arn:*:iam::*"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["*"]}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}},
        {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}},
        {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"StringEquals": NOTHING, **SECURE},
    ],
)
def test_a_condition_that_excludes_no_caller_does_not_help(condition: dict[str, Any]) -> None:
    """Nor one that keeps out a few."""
    assert len(findings(RULE, open_to(Condition=condition))) == 1


def test_such_a_condition_is_named() -> None:
    """So that the condition is not mistaken for one that helps."""
    (found,) = findings(RULE, open_to(Condition=SECURE))
    assert "the principal is '*' under a condition on aws:SecureTransport, which every caller can meet; fix:" in found


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"stringequals": {"AWS:PRINCIPALORGID": PARAMETER}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-abcdefghij/*"]}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::11112222*:role/*"}},
        {"ArnLike": {"aws:PrincipalArn": {"Fn::Sub": "arn:aws:iam::${Parameter}:role/*"}}},
        {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
        {"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}},
        {
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"},
            "StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"},
        },
        {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT]}},
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:*"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}},
        {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {"StringEquals": {"aws:PrincipalTag/team": "web"}},
        {"StringLike": {"aws:PrincipalTag/team": PARAMETER}},
        {"StringEquals": {"aws:PrincipalOrgID": "*"}},
        {"StringEquals": {"aws:NewKeyOfAws": "x"}},
        {"Null": {"aws:PrincipalOrgID": "false"}},
        {**SECURE, "StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij", "aws:RequestedRegion": "eu-west-1"}},
        {"Fn::If": ["A", SECURE, NOTHING]},
        PARAMETER,
        {"StringEquals": PARAMETER},
    ],
)
def test_one_that_keeps_others_out_is_not_reported(condition: dict[str, Any]) -> None:
    """Nor one that may, as only the deployment knows, or AWS alone."""
    assert findings(RULE, open_to(Condition=condition)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"effect": "Deny"},
        {"principal": {"AWS": OTHER_ROOT}},
        {"principal": {"Service": "*"}},
        {"principal": PARAMETER},
        {"principal": {"AWS": PARAMETER}},
        {"action": ["ecr:DescribeImages", "ecr:BatchCheckLayerAvailability"]},
        {"action": PARAMETER},
    ],
)
def test_what_is_not_certainly_open_is_not(more: dict[str, Any]) -> None:
    """A Deny, another principal, another action."""
    assert findings(RULE, open_to(**more)) == []


def test_a_registry_and_a_creation_template_are_checked_too() -> None:
    """To replicate is to push."""
    document = {"Statement": [allow("ecr:ReplicateImage", Principal="*", Resource="*")]}
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": document}}
    (found,) = findings(RULE, app_of({"Registry": registry}))
    assert found.startswith("a registry policy lets every principal, of every account, push:")
    text = json.dumps({"Statement": allow(PULL, Principal="*")})
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"RepositoryPolicy": text}}
    (found,) = findings(RULE, app_of({"Template": template}))
    assert found.startswith("a repository policy lets every principal, of every account, pull:")


def test_the_cdk_opens_it_when_told_and_an_organization_is_not_the_public(app: App, stack: Stack) -> None:
    """The same grant."""
    ecr.Repository(stack, "Web").grant_pull(iam.AnyPrincipal())
    ecr.Repository(stack, "Api").grant_pull(iam.OrganizationPrincipal("o-abcdefghij"))
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")
    assert found.path == "Properties.RepositoryPolicyText.Statement[0].Principal"


PUBLIC = allow(PULL, Principal="*")


@pytest.mark.parametrize(
    ("denying", "count"),
    [
        (allow("ecr:*", "Deny", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), 0),
        (allow("*", "Deny", Principal="*", Condition={"ArnNotLike": {"aws:PrincipalArn": OTHER_ROOT}}), 0),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": OTHER_ROOT}, "NotAction": "ecr:PutImage"}, 0),
        (allow(PULL, "Deny", Principal={"AWS": PARAMETER}), 0),
        (allow(PULL, "Deny", Principal="*"), 0),
        ({"Fn::If": ["A", allow(PULL, "Deny", Principal="*"), NOTHING]}, 0),
        (allow("ecr:*", "Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}), 1),
        (allow("ecr:PutImage", "Deny", Principal="*"), 1),
        (allow(PULL, "Deny", Principal={"AWS": OTHER_ROOT}), 1),
    ],
)
def test_another_statement_may_keep_strangers_out(denying: dict[str, Any], count: int) -> None:
    """Not so one that denies plain HTTP, pushes, or one principal."""
    assert len(findings(RULE, app_of({"Web": repository(PUBLIC, denying)}))) == count


def test_all_but_some_are_the_public() -> None:
    """And so is everything but some."""
    but = {"Effect": "Allow", "NotPrincipal": {"AWS": OTHER_ROOT}, "Action": PULL}
    (found,) = findings(RULE, app_of({"Web": repository(but)}))
    assert (
        "lets every principal, of every account, pull: NotPrincipal excludes only the few that it names, without"
        in found
    )
    most = {"Effect": "Allow", "Principal": "*", "NotAction": "ecr:DeleteRepository"}
    assert len(findings(RULE, app_of({"Web": repository(most)}))) == 1


def test_services_alone_are_not_the_public() -> None:
    """No caller can act as a service of AWS."""
    condition = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
    assert findings(RULE, open_to(Condition=condition)) == []
