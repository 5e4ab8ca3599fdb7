"""``service-without-source``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.service_without_source import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, PARAMETER, PULL, allow, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

CODEBUILD, LAMBDA = "codebuild.amazonaws.com", "lambda.amazonaws.com"


def trusting(service: object = CODEBUILD, **more: Any) -> dict[str, Any]:
    """A repository that trusts a service."""
    return {"Web": repository(allow(PULL, **{"Principal": {"Service": service}, **more}))}


def test_a_service_that_acts_for_any_account_is_reported() -> None:
    """With the condition to add."""
    (found,) = findings(RULE, app_of(trusting()))
    assert found == (
        f"the statement trusts the service '{CODEBUILD}' for the resources of any account: it has no condition on "
        "aws:SourceAccount, aws:SourceArn or aws:SourceOrgID; fix: add the condition StringEquals "
        "aws:SourceAccount with the account that it "
        "acts for, as AccessibleRepository.grant_pull(iam.ServicePrincipal(...)) does"
    )


def test_lambda_has_a_condition_of_its_own() -> None:
    """The one of AWS's page."""
    (found,) = findings(RULE, app_of(trusting([LAMBDA])))
    assert "StringLike aws:SourceArn arn:aws:lambda:REGION:ACCOUNT:function:*" in found
    assert found.endswith("as AccessibleRepository.grant_lambda_pull does")


@pytest.mark.parametrize(
    "condition",
    [
        {},
        NOTHING,
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringLike": {"aws:SourceArn": "*"}},
        {"ArnLike": {"aws:SourceArn": ["arn:aws:codebuild:*", "*"]}},
    ],
)
def test_another_condition_does_not_confine_it(condition: dict[str, Any]) -> None:
    """A service is of no organization, and a condition on all resources excludes none."""
    assert len(findings(RULE, app_of(trusting(Condition=condition)))) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}},
        {"Condition": {"StringLike": {"AWS:SourceArn": PARAMETER}}},
        {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}}},
        {"Condition": {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-abcdefghij/*"}}},
        {"Condition": {"Fn::If": ["A", {}, {}]}},
        {"Condition": PARAMETER},
        {"Condition": {"StringEquals": {"Fn::If": ["A", {}, {}]}}},
        {"effect": "Deny"},
        {"Principal": {"AWS": ACCOUNT}},
        {"Principal": {"Service": []}},
        {"Principal": PARAMETER},
    ],
)
def test_a_confined_one_is_not(more: dict[str, Any]) -> None:
    """Nor one that the deployment may confine, nor a denial."""
    assert findings(RULE, app_of(trusting(**more))) == []


@pytest.mark.parametrize(
    ("kind", "key"), [("Repository", "RepositoryPolicyText"), ("RepositoryCreationTemplate", "RepositoryPolicy")]
)
def test_a_policy_that_is_written_as_text_is_read(kind: str, key: str) -> None:
    """That of a creation template always is."""
    text = json.dumps({"Statement": allow(PULL, Principal={"Service": CODEBUILD})})
    (found,) = RULE.check(app_of({"It": {"Type": f"AWS::ECR::{kind}", "Properties": {key: text}}}))
    assert found.path == f"Properties.{key}.Statement.Condition"


def test_the_cdk_trusts_it_for_any_account_and_our_repository_does_not(app: App, stack: Stack) -> None:
    """The same grant to the same service."""
    ecr.Repository(stack, "Web").grant_pull(iam.ServicePrincipal(CODEBUILD))
    AccessibleRepository(stack, "Api", repository_name="api").grant_pull(iam.ServicePrincipal(CODEBUILD))
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")
    assert found.path == "Properties.RepositoryPolicyText.Statement[0].Condition"
