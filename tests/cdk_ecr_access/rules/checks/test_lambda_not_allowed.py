"""``lambda-not-allowed``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
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
FIX = "allow it there to the service lambda.amazonaws.com, under the condition StringLike aws:SourceArn "
FUNCTIONS_OF = "arn:aws:lambda:eu-west-1:{}:function:*"
FUNCTIONS = f"'{FUNCTIONS_OF}'"


def elsewhere(*statements: object, account: str = OTHER, name: str = "") -> Application:
    """An app whose function is in another account than its repository."""
    one = function()
    one["Properties"] |= {"FunctionName": name} if name else {}
    return Application(
        [
            Template("web.json", {"Resources": {"Web": repository(*statements)}}, ACCOUNT, REGION),
            Template("function.json", {"Resources": {"Function": one}}, account, REGION),
        ]
    )


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow(PULL[0], Principal=LAMBDA)],
        [allow(PULL, "Deny", Principal=LAMBDA)],
        [allow(PULL, Principal={"Service": "codebuild.amazonaws.com"})],
        [allow(PULL, Principal={"AWS": ACCOUNT})],
    ],
)
def test_a_repository_that_does_not_let_lambda_pull_is_reported(statements: list[Any]) -> None:
    """In one account it may work all the same, and the message says when."""
    assert findings(RULE, app_of({"Web": repository(*statements), "Function": function()})) == [
        "runs an image of 'web', whose policy does not let lambda.amazonaws.com ecr:BatchGetImage and "  # noqa: ISC004
        "ecr:GetDownloadUrlForLayer: Lambda adds that itself, but only if the principal that deploys may "
        "ecr:SetRepositoryPolicy and ecr:GetRepositoryPolicy, and an update of the repository's policy drops it again; "
        f"fix: {FIX}{FUNCTIONS.format(ACCOUNT)}, as AccessibleRepository.grant_lambda_pull() renders it"
    ]


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


def test_from_another_account_it_fails() -> None:
    """Lambda cannot change that account's policy."""
    (found,) = findings(RULE, elsewhere())
    assert "does not let lambda.amazonaws.com ecr:BatchGetImage and" in found
    call = f"AccessibleRepository.grant_lambda_pull(accounts=['{OTHER}'])"
    both = f"{FUNCTIONS.format(OTHER)}, and to the account {OTHER}, as {call} renders it"
    assert found.endswith(f": from another account that fails; fix: {FIX}{both}")


def test_the_other_account_itself_must_be_allowed_too() -> None:
    """AWS asks for both statements."""
    (found,) = findings(RULE, elsewhere(allow(PULL, Principal=LAMBDA)))
    assert f"does not let the account {OTHER} ecr:BatchGetImage" in found


def to_lambda(**condition: object) -> dict[str, Any]:
    """A statement that lets Lambda pull under a condition."""
    return allow(PULL, Principal=LAMBDA, Condition=condition)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:SourceArn": FUNCTIONS_OF.format(ACCOUNT)}},
        {"StringLike": {"aws:sourceArn": [FUNCTIONS_OF.format(ACCOUNT), FUNCTIONS_OF.format("777788889999")]}},
        {"ArnLike": {"aws:SourceArn": FUNCTIONS_OF.format(ACCOUNT)}},
        {"ArnEqualsIfExists": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT}:function:*"}},
        {"StringEquals": {"aws:SourceArn": f"{FUNCTIONS_OF.format(OTHER)[:-1]}api"}},
        {"StringNotLike": {"aws:SourceArn": FUNCTIONS_OF.format(OTHER)}},
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"ForAnyValue:StringLike": {"aws:SourceAccount": [ACCOUNT]}},
        {"Null": {"aws:SourceArn": "true"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*"}},
        {"StringEquals": {"aws:SourceVpce": PARAMETER}, "StringLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    ],
)
def test_a_statement_for_functions_of_another_account_is_none_for_this(condition: dict[str, Any]) -> None:
    """The root of the function's account alone does not let Lambda pull."""
    root = allow(PULL, Principal={"AWS": OTHER_ROOT})
    (found,) = findings(RULE, elsewhere(to_lambda(**condition), root, name="web"))
    assert f"does not let lambda.amazonaws.com, for functions of account {OTHER}, ecr:BatchGetImage and" in found
    assert f"grant_lambda_pull(accounts=['{OTHER}'])" in found


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:SourceArn": FUNCTIONS_OF.format(OTHER)}},
        {"StringLike": {"aws:SourceArn": [FUNCTIONS_OF.format(ACCOUNT), FUNCTIONS_OF.format(OTHER)]}},
        {"StringLike": {"aws:SourceArn": f"{FUNCTIONS_OF.format(OTHER)[:-1]}web"}},
        {"ArnLike": {"aws:SourceArn": f"{FUNCTIONS_OF.format(OTHER)[:-1]}web:*"}},
        {"ArnLike": {"aws:SourceArn": PARAMETER}},
        {"StringLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:lambda:*:${Parameter}:function:*"}}},
        {"StringLike": {"aws:SourceArn": "arn:aws:lambda:*:${aws:PrincipalAccount}:function:*"}},
        {"StringNotLike": {"aws:SourceArn": FUNCTIONS_OF.format(ACCOUNT)}},
        {"StringEqualsIgnoreCase": {"aws:SourceAccount": OTHER}},
        {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
        {"ForAllValues:StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"StringNotEquals": {"aws:SourceAccount": OTHER}},
        {"Null": {"aws:SourceArn": "false"}},
        {"Null": {"aws:SourceAccount": "true"}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {"NumericEquals": {"aws:SourceAccount": ACCOUNT}},
        {"StringLike": {"aws:SourceArn": [NOTHING]}},
        {"StringLike": PARAMETER},
        {"Fn::If": ["A", {"StringLike": {"aws:SourceArn": FUNCTIONS_OF.format(ACCOUNT)}}, NOTHING]},
    ],
)
def test_one_that_may_be_for_this_account_is(condition: dict[str, Any]) -> None:
    """Of what only the deployment or the call tells, nothing is said."""
    root = allow(PULL, Principal={"AWS": OTHER_ROOT})
    assert findings(RULE, elsewhere(to_lambda(**condition), root, name="web")) == []


def test_within_an_account_it_may_be_for_others_too() -> None:
    """Then Lambda has to add the statement for this account by itself."""
    condition = {"StringLike": {"aws:SourceArn": FUNCTIONS_OF.format(OTHER)}}
    (found,) = findings(RULE, app_of({"Web": repository(to_lambda(**condition)), "Function": function()}))
    assert f"does not let lambda.amazonaws.com, for functions of account {ACCOUNT}, ecr:BatchGetImage" in found
    assert "Lambda adds that itself" in found


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


def test_nor_is_one_of_another_account_of_the_app(app: App) -> None:
    """Both of its statements are rendered."""
    here = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    web = AccessibleRepository(here, "Web", repository_name="web")
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    lambda_.DockerImageFunction(there, "Function", code=lambda_.DockerImageCode.from_ecr(web))
    assert findings(RULE, synthesized(app)) == []


@pytest.mark.parametrize("principal", [{"AWS": OTHER_ROOT}, {"AWS": OTHER}, {"AWS": PARAMETER}, "*"])
def test_with_both_it_works(principal: object) -> None:
    """However the account is named."""
    assert findings(RULE, elsewhere(allow(PULL, Principal=LAMBDA), allow(PULL, Principal=principal))) == []


def test_an_account_that_only_the_deployment_knows_may_be_either() -> None:
    """Then nothing is said."""
    assert findings(RULE, elsewhere(account="")) == []


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


def test_a_cross_account_function_of_the_cdk_lacks_the_statement_for_the_account(app: App) -> None:
    """The CDK renders the one for Lambda alone."""
    web = ecr.Repository(
        Stack(app, "Web", env=Environment(account=ACCOUNT, region=REGION)), "Web", repository_name="web"
    )
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    lambda_.DockerImageFunction(there, "Function", code=lambda_.DockerImageCode.from_ecr(web))
    (found,) = findings(RULE, synthesized(app))
    assert f"does not let the account {OTHER}" in found


@pytest.mark.parametrize(("principal", "count"), [({"AWS": ACCOUNT}, 1), (LAMBDA, 0)])
def test_a_policy_that_is_written_as_text_is_read(principal: dict[str, str], count: int) -> None:
    """As ECR's console writes it."""
    text = json.dumps({"Statement": [allow(PULL, Principal=principal)]})
    resources = {"Web": repository(RepositoryPolicyText=text), "Function": function()}
    assert len(findings(RULE, app_of(resources))) == count
