"""``role-named-by-arn``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.role_named_by_arn import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    OTHER_ROLE,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    allow,
    repository,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

OTHER_USER = f"arn:aws:iam::{OTHER}:user/path/joe"


def test_a_role_of_another_account_is_reported_with_what_to_name_instead() -> None:
    """Once a statement, whatever its effect."""
    statements = [
        allow(PULL, Principal={"AWS": OTHER_ROLE}),
        allow(PULL, "Deny", Principal={"AWS": [OTHER_ROOT, OTHER_USER, OTHER_ROLE]}),
    ]
    one, two = findings(RULE, app_of({"Web": repository(*statements)}))
    assert one == (
        f"the statement names '{OTHER_ROLE}' of another account: ECR refuses the policy while that principal does not "
        "exist, and once it is deleted the statement names its unique id, which no new principal of that name has; "
        f"fix: name the account, '{OTHER_ROOT}', under the condition ArnLike aws:PrincipalArn '{OTHER_ROLE}', as "
        "AccessibleRepository renders it"
    )
    assert two.startswith(f"the statement names '{OTHER_USER}' of another account, and 1 more: ")


def test_the_partition_may_be_unknown() -> None:
    """It says nothing of the account."""
    principal = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{OTHER}:role/ci"}
    found = findings(RULE, app_of({"Web": repository(allow(PULL, Principal={"AWS": principal}))}, region=""))
    assert f"name the account, 'arn:${{AWS::Partition}}:iam::{OTHER}:root'" in found[0]


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": OTHER},
        {"AWS": OTHER_ROOT},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"},
        {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/ci"}},
        {"AWS": {"Fn::Sub": "arn:aws:iam::${Parameter}:role/ci"}},
        {"AWS": PARAMETER},
        {"AWS": []},
        {"Service": "codebuild.amazonaws.com"},
        {"Federated": OTHER_ROLE},
        PARAMETER,
    ],
)
def test_others_are_not(principal: Any) -> None:
    """An account, this one's roles, a service, and what only the deployment knows."""
    assert findings(RULE, app_of({"Web": repository(allow(PULL, Principal=principal))})) == []


def test_an_account_that_only_the_deployment_knows_may_be_the_other_one() -> None:
    """Then the role is one of its own."""
    found = {"Web": repository(allow(PULL, Principal={"AWS": OTHER_ROLE}))}
    assert findings(RULE, app_of(found, account="")) == []


def test_the_cdk_names_it_and_our_repository_does_not(app: App, stack: Stack) -> None:
    """The same grant to the same role."""
    imported = iam.Role.from_role_arn(stack, "Role", OTHER_ROLE)
    AccessibleRepository(stack, "Api", repository_name="api").grant_pull(imported)
    assert findings(RULE, synthesized(app)) == []


def test_a_grant_of_the_cdk_is_reported(app: App, stack: Stack) -> None:
    """It renders the ARN."""
    ecr.Repository(stack, "Web").grant_pull(iam.Role.from_role_arn(stack, "Role", OTHER_ROLE))
    (found,) = findings(RULE, synthesized(app))
    assert found.startswith(f"the statement names '{OTHER_ROLE}' of another account: ")


@pytest.mark.parametrize(
    ("kind", "key"), [("Repository", "RepositoryPolicyText"), ("RepositoryCreationTemplate", "RepositoryPolicy")]
)
def test_a_policy_that_is_written_as_text_is_read(kind: str, key: str) -> None:
    """That of a creation template always is."""
    text = json.dumps({"Statement": allow(PULL, Principal={"AWS": OTHER_ROLE})})
    (found,) = RULE.check(app_of({"It": {"Type": f"AWS::ECR::{kind}", "Properties": {key: text}}}))
    assert found.path == f"Properties.{key}.Statement.Principal"


def test_a_registry_policy_may_name_one() -> None:
    """Another rule is about the principals that the registry trusts."""
    policy = {"Statement": allow("ecr:ReplicateImage", Principal={"AWS": OTHER_ROLE}, Resource="*")}
    assert (
        findings(RULE, app_of({"It": {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": policy}}})) == []
    )
