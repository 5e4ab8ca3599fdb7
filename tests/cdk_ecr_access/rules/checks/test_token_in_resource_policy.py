"""``token-in-resource-policy``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.token_in_resource_policy import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, OTHER_ROOT, PARAMETER, PULL, allow, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
FIX = (
    "; fix: leave it out of the statement, and allow ecr:GetAuthorizationToken on '*' in a policy of the role or user "
    "itself, as ecr.AuthorizationToken.grant_read(role) does"
)


def statement(action: object = TOKEN, effect: str = "Allow") -> dict[str, Any]:
    """One for another account."""
    return allow(action, effect, Principal={"AWS": OTHER_ROOT})


def holder(kind: str, key: str, policy: object) -> dict[str, Any]:
    """A resource with a policy."""
    return {"It": {"Type": f"AWS::ECR::{kind}", "Properties": {key: policy}}}


@pytest.mark.parametrize("action", [TOKEN, "ECR:getauthorizationtoken", [*PULL, TOKEN], "ecr:*AuthorizationToken"])
def test_a_repository_policy_with_the_token_is_reported(action: object) -> None:
    """However it is written, alone and beside others."""
    assert findings(RULE, app_of({"Web": repository(statement(action))})) == [
        "ecr:GetAuthorizationToken is in a repository policy, which cannot allow it: a token belongs to no repository"  # noqa: ISC004
        f"{FIX}"
    ]


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("Repository", "RepositoryPolicyText", "repository policy"),
        ("RepositoryCreationTemplate", "RepositoryPolicy", "repository policy"),
        ("RegistryPolicy", "PolicyText", "registry policy"),
    ],
)
@pytest.mark.parametrize("write", [dict, json.dumps])
def test_so_is_every_policy_of_ecr_as_an_object_or_as_text(kind: str, key: str, name: str, write: Any) -> None:
    """Of a registry and of a creation template too."""
    (found,) = findings(RULE, app_of(holder(kind, key, write({"Statement": [statement()]}))))
    assert found.startswith(f"{TOKEN} is in a {name}, which")


@pytest.mark.parametrize(
    "one",
    [
        statement(PULL),
        statement("ecr:*"),
        statement("*"),
        statement(effect="Deny"),
        statement(PARAMETER),
        {"Effect": "Allow", "NotAction": TOKEN, "Principal": "*"},
        {"Fn::If": ["A", statement(), NOTHING]},
        NOTHING,
    ],
)
def test_others_are_not(one: dict[str, Any]) -> None:
    """Nor a wildcard, which is meant for the rest, nor what only the deployment knows."""
    assert findings(RULE, app_of({"Web": repository(one)})) == []


@pytest.mark.parametrize("policy", [PARAMETER, "no JSON", "[]", NOTHING, {"Fn::Sub": "${Parameter}"}])
def test_a_policy_that_cannot_be_read_is_not(policy: object) -> None:
    """ECR itself refuses what is wrong."""
    assert findings(RULE, app_of(holder("RegistryPolicy", "PolicyText", policy))) == []


def test_the_cdk_renders_it_as_it_is_told(app: App, stack: Stack) -> None:
    """And our grants never do."""
    told = iam.PolicyStatement(actions=[TOKEN], principals=[iam.AccountPrincipal("444455556666")])
    ecr.Repository(stack, "Web").add_to_resource_policy(told)
    AccessibleRepository(stack, "Api", repository_name="api").grant_pull(iam.AccountPrincipal("444455556666"))
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")
    assert found.path == "Properties.RepositoryPolicyText.Statement[0].Action"


@pytest.mark.parametrize(("action", "count"), [("ecr:GetAuth*", 1), ("ecr:GetAuthorizationTokens", 0), ("ecr:Get*", 0)])
def test_a_wildcard_that_can_mean_the_token_alone_is_the_token(action: str, count: int) -> None:
    """One that means more is not: the rest of it works."""
    web = repository(allow(action, Principal={"AWS": OTHER_ROOT}))
    assert len(findings(RULE, app_of({"Web": web}))) == count
