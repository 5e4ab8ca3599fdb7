"""``lambda-not-allowed``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.lambda_not_allowed import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    REGION,
    WEB_URI,
    allow,
    function,
    repository,
    synthesized,
    task,
)

if TYPE_CHECKING:
    from aws_cdk import App

LAMBDA = {"Service": "lambda.amazonaws.com"}
FIX = (
    "allow these actions in that policy to the service lambda.amazonaws.com, under the condition StringLike "
    "aws:SourceArn "
)
FUNCTIONS_OF = "arn:aws:lambda:eu-west-1:{}:function:*"
STRANGERS = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
FUNCTIONS = f"'{FUNCTIONS_OF}'"


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow(PULL, Principal={"Service": "codebuild.amazonaws.com"})],
        [allow(PULL, Principal={"AWS": ACCOUNT})],
    ],
)
def test_a_repository_that_does_not_let_lambda_pull_is_reported(statements: list[Any]) -> None:
    """In one account it may work all the same, and the message says when."""
    assert findings(RULE, app_of({"Web": repository(*statements), "Function": function()})) == [
        "function 'Function' runs an image of 'web', whose policy does not let lambda.amazonaws.com "  # noqa: ISC004
        "ecr:BatchGetImage and "
        "ecr:GetDownloadUrlForLayer: Lambda adds the statement itself, but only if the principal that deploys may "
        "ecr:SetRepositoryPolicy and ecr:GetRepositoryPolicy, and an update of the repository's policy drops the "
        f"statement again; fix: {FIX}{FUNCTIONS.format(ACCOUNT)}, as AccessibleRepository.grant_lambda_pull() "
        "renders it"
    ]


def test_what_is_lacking_is_told_exactly() -> None:
    """One action of both, if the other is there."""
    (found,) = findings(RULE, app_of({"Web": repository(allow(PULL[0], Principal=LAMBDA)), "Function": function()}))
    assert "does not let lambda.amazonaws.com ecr:GetDownloadUrlForLayer: Lambda adds" in found


@pytest.mark.parametrize(
    ("denied", "count"),
    [
        (allow(PULL, "Deny", Principal=LAMBDA), 1),
        (allow(PULL, "Deny", Principal="*"), 1),
        (
            allow("ecr:*", "Deny", Principal="*", Condition=STRANGERS),
            1,
        ),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "ecr:*"}, 1),
        (allow("ecr:*", "Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}), 0),
        (allow("ecr:*", "Deny", Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": PARAMETER}}), 0),
        (allow("ecr:*", "Deny", Principal={"AWS": OTHER_ROOT}), 0),
        (allow(["ecr:PutImage", "ecr:DeleteRepository"], "Deny", Principal="*"), 0),
        (allow("ecr:*", "Deny", Principal={"Service": [PARAMETER]}), 0),
    ],
)
def test_an_explicit_deny_wins(denied: dict[str, Any], count: int) -> None:
    """For Lambda, for every principal, for a principal outside the organization, of which Lambda is none."""
    resources = {"Web": repository(allow(PULL, Principal=LAMBDA), denied), "Function": function()}
    found = findings(RULE, app_of(resources))
    assert len(found) == count
    for one in found:
        assert "whose policy denies lambda.amazonaws.com ecr:BatchGetImage and" in one
        assert one.endswith(
            "lambda.amazonaws.com out of what the statement Web.Properties.RepositoryPolicyText.Statement[1] denies"
        )


def test_so_is_a_function_of_sam() -> None:
    """Which is a Lambda function too."""
    one = {"Type": "AWS::Serverless::Function", "Properties": {"ImageUri": WEB_URI}}
    assert len(findings(RULE, app_of({"Web": repository(), "Function": one}, account="", region=""))) == 0
    assert len(findings(RULE, app_of({"Web": repository(), "Function": one}))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PULL, Principal=LAMBDA)],
        [allow("ecr:*", Principal=LAMBDA)],
        [allow(one, Principal=LAMBDA) for one in PULL],
        [allow(PULL, Principal=LAMBDA, Condition={"StringLike": {"aws:SourceArn": "arn:aws:lambda:*"}})],
        [allow(PULL, Principal={"Service": [PARAMETER]})],
        [allow(PARAMETER, Principal=LAMBDA)],
        [allow(PULL, Principal="*")],
        [allow(PULL, NotPrincipal={"AWS": OTHER_ROOT})],
        [{"Effect": "Allow", "NotAction": "ecr:PutImage", "Principal": LAMBDA}],
        [{"Fn::If": ["A", allow(PULL, Principal=LAMBDA), NOTHING]}],
    ],
)
def test_one_that_does_or_might_is_not(statements: list[Any]) -> None:
    """Under a condition too, or if only the deployment knows."""
    assert findings(RULE, app_of({"Web": repository(*statements), "Function": function()})) == []


@pytest.mark.parametrize(
    "resources",
    [
        {"Function": function()},
        {"Web": repository(), "Function": function(f"{WEB_URI}-other")},
        {"Web": repository(), "Function": function(PARAMETER)},
        {"Web": repository(), "Task": task()},
        {"Web": repository(RepositoryPolicyText=PARAMETER), "Function": function()},
    ],
)
def test_other_images_are_not(resources: dict[str, Any]) -> None:
    """Of a repository that is not declared here, that another service runs, or under a policy that is not known."""
    assert findings(RULE, app_of(resources)) == []


def to_lambda(**condition: object) -> dict[str, Any]:
    """A statement that lets Lambda pull under a condition."""
    return allow(PULL, Principal=LAMBDA, Condition=condition)


def test_within_an_account_it_may_be_for_others_too() -> None:
    """Then Lambda has to add the statement for this account by itself."""
    condition = {"StringLike": {"aws:SourceArn": FUNCTIONS_OF.format(OTHER)}}
    (found,) = findings(RULE, app_of({"Web": repository(to_lambda(**condition)), "Function": function()}))
    assert f"does not let lambda.amazonaws.com, for functions of account {ACCOUNT}, ecr:BatchGetImage" in found
    assert "Lambda adds the statement itself" in found


@pytest.mark.parametrize(("region", "count"), [("cn-north-1", 1), ("", 0)])
def test_a_statement_for_another_partition_is_for_no_function(region: str, count: int) -> None:
    """ARNs in China do not begin with arn:aws: and may where the Region is not known."""
    condition = {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT}:function:*"}}
    image = {"Fn::Sub": "${Web.RepositoryUri}:1"}
    app = app_of({"Web": repository(to_lambda(**condition)), "Function": function(image)}, region=region)
    assert len(findings(RULE, app)) == count


@pytest.mark.parametrize("env", [None, Environment(account=ACCOUNT, region=REGION)], ids=["agnostic", "known"])
def test_the_function_of_an_accessible_repository_is_not(app: App, env: Environment | None) -> None:
    """What the grant renders is for the very account and Region, whether or not these are known."""
    stack = Stack(app, "Both", env=env)
    web = AccessibleRepository(stack, "Web", repository_name="web")
    lambda_.DockerImageFunction(stack, "Function", code=lambda_.DockerImageCode.from_ecr(web))
    assert findings(RULE, synthesized(app)) == []


def test_the_function_of_the_cdk_adds_what_it_needs(app: App, stack: Stack) -> None:
    """One that is written by hand does not."""
    web = ecr.Repository(stack, "Web")
    lambda_.DockerImageFunction(stack, "Function", code=lambda_.DockerImageCode.from_ecr(web))
    assert findings(RULE, synthesized(app)) == []


def test_one_written_by_hand_does_not(app: App) -> None:
    """In a stack that does not say its account either."""
    stack = Stack(app, "Agnostic")
    web = ecr.Repository(stack, "Web")
    code = lambda_.CfnFunction.CodeProperty(image_uri=web.repository_uri_for_tag("v1"))
    lambda_.CfnFunction(stack, "Function", code=code, role="arn:aws:iam::111122223333:role/f", package_type="Image")
    assert len(findings(RULE, synthesized(app))) == 1


@pytest.mark.parametrize(("principal", "count"), [({"AWS": ACCOUNT}, 1), (LAMBDA, 0)])
def test_a_policy_that_is_written_as_text_is_read(principal: dict[str, str], count: int) -> None:
    """As ECR's console writes it."""
    text = json.dumps({"Statement": [allow(PULL, Principal=principal)]})
    resources = {"Web": repository(RepositoryPolicyText=text), "Function": function()}
    assert len(findings(RULE, app_of(resources))) == count
