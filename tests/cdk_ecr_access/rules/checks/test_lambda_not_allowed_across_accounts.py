"""``lambda-not-allowed-across-accounts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.lambda_not_allowed import RULE as WITHIN
from ecr_access.rules.checks.lambda_not_allowed_across_accounts import RULE
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    REGION,
    allow,
    function,
    repository,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App

LAMBDA = {"Service": "lambda.amazonaws.com"}
FUNCTIONS_OF = "arn:aws:lambda:eu-west-1:{}:function:*"
TO_LAMBDA = (
    f"to the service lambda.amazonaws.com, under the condition StringLike aws:SourceArn '{FUNCTIONS_OF.format(OTHER)}'"
)
CALL = f"as AccessibleRepository.grant_lambda_pull(accounts=['{OTHER}']) renders it"
TO_ACCOUNT = f"allow these actions in that policy to the account {OTHER}, {CALL}"
DENIED = "leave {0} out of what the statement Web.Properties.RepositoryPolicyText.Statement[2] denies"
ROOT = allow(PULL, Principal={"AWS": OTHER_ROOT})
BOTH = f"{PULL[0]} and {PULL[1]}"


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


def test_a_function_of_another_account_fails() -> None:
    """Lambda cannot change that account's policy; an error, and not the warning of one account."""
    assert findings(RULE, elsewhere()) == [
        f"function 'Function' runs an image of 'web' of account {ACCOUNT} in account {OTHER}, and the policy of "  # noqa: ISC004
        "the repository does not "
        f"let lambda.amazonaws.com {BOTH}, nor the account {OTHER} {BOTH}: the deployment of the function fails; "
        f"fix: allow these actions in that policy {TO_LAMBDA}, and to the account {OTHER}, {CALL}"
    ]
    assert findings(WITHIN, elsewhere()) == []


@pytest.mark.parametrize(
    ("statements", "lacking", "fix"),
    [
        (
            [allow(PULL, Principal=LAMBDA)],
            f"the account {OTHER} {BOTH}",
            TO_ACCOUNT,
        ),
        ([ROOT], f"lambda.amazonaws.com {BOTH}", f"allow these actions in that policy {TO_LAMBDA}, {CALL}"),
        (
            [ROOT, allow(PULL[1], Principal=LAMBDA)],
            f"lambda.amazonaws.com {PULL[0]}",
            f"allow these actions in that policy {TO_LAMBDA}, {CALL}",
        ),
        (
            [allow(PULL, Principal=LAMBDA), allow(PULL[0], Principal={"AWS": OTHER})],
            f"the account {OTHER} {PULL[1]}",
            TO_ACCOUNT,
        ),
        (
            [allow(PULL, Principal=LAMBDA), ROOT, allow("ecr:*", "Deny", Principal={"AWS": OTHER_ROOT})],
            f"the account {OTHER} {BOTH}",
            DENIED.format(f"the account {OTHER}"),
        ),
        (
            [allow(PULL, Principal=LAMBDA), ROOT, allow(PULL[0], "Deny", Principal="*")],
            f"lambda.amazonaws.com {PULL[0]}, nor the account {OTHER} {PULL[0]}",
            f"{DENIED.format('lambda.amazonaws.com')}; {DENIED.format(f'the account {OTHER}')}",
        ),
    ],
)
def test_what_is_lacking_is_told_exactly(statements: list[Any], lacking: str, fix: str) -> None:
    """AWS asks for both statements, and an explicit deny wins over each."""
    (found,) = findings(RULE, elsewhere(*statements))
    assert f"does not let {lacking}: the deployment of the function fails; fix: {fix}" in found


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


def test_a_cross_account_function_of_the_cdk_lacks_the_statement_for_the_account(app: App) -> None:
    """The CDK renders the one for Lambda alone."""
    web = ecr.Repository(
        Stack(app, "Web", env=Environment(account=ACCOUNT, region=REGION)), "Web", repository_name="web"
    )
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    lambda_.DockerImageFunction(there, "Function", code=lambda_.DockerImageCode.from_ecr(web))
    (found,) = findings(RULE, synthesized(app))
    assert f"does not let the account {OTHER}" in found


def test_the_policy_of_the_registry_may_allow_it() -> None:
    """It is enforced beside that of the repository."""
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": PARAMETER}}
    app = elsewhere()
    whole = Template("registry.json", {"Resources": {"Registry": registry}}, ACCOUNT, REGION)
    assert findings(RULE, Application([*app.templates, whole])) == []
    assert findings(RULE, Application([*app.templates, Template("", {}, is_read=False)])) == []
