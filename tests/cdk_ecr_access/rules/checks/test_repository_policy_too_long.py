"""``repository-policy-too-long``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_access.rules.checks.repository_policy_too_long import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, OTHER, PARAMETER, PULL, allow, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

LIMIT = 10_240


def names(count: int, start: str = f"arn:aws:iam::{OTHER}:role/") -> list[Any]:
    """Roles of 60 characters each."""
    return [f"{start}{n:0{60 - len(start)}}" for n in range(count)]


def statement(principals: list[Any]) -> dict[str, Any]:
    """One that lets roles pull."""
    return allow(PULL, Principal={"AWS": principals})


def of_length(length: int) -> dict[str, Any]:
    """A policy document of so many characters."""
    document = {"Statement": [{"Sid": "", **statement(names(100))}]}
    document["Statement"][0]["Sid"] = "x" * (length - len(json.dumps(document, separators=(",", ":"))))
    return document


def test_one_that_is_too_long_is_reported() -> None:
    """With its length, its largest statements and what to name instead."""
    policy = repository(statement(names(200)), statement(names(3)))
    (found,) = findings(RULE, app_of({"Web": policy}))
    length = len(json.dumps(policy["Properties"]["RepositoryPolicyText"], separators=(",", ":")))
    assert found.startswith(
        f"the repository policy of 'web' has at least {length:,} characters; allowed: 10,240; its largest statements: "
    )
    assert f"for 200 AWS principals ('arn:aws:iam::{OTHER}:role/" in found
    assert found.endswith(
        "; fix: trust an organization (iam.OrganizationPrincipal) or whole accounts (iam.AccountPrincipal) in the "
        "place of single roles"
    )


@pytest.mark.parametrize(("length", "count"), [(LIMIT, 0), (LIMIT + 1, 1)])
@pytest.mark.parametrize("write", [dict, json.dumps])
def test_the_limit_is_exact(length: int, count: int, write: Any) -> None:
    """Of a document as an object, and as text, in which blanks do not count."""
    one = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryPolicyText": write(of_length(length))}}
    assert len(findings(RULE, app_of({"Web": one}))) == count


def test_a_creation_template_has_the_limit_too() -> None:
    """It is named by its prefix."""
    policy = {"Prefix": "team", "RepositoryPolicy": json.dumps(of_length(LIMIT + 1))}
    (found,) = findings(RULE, app_of({"It": {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": policy}}))
    assert "of 'team'" in found


def test_what_only_the_deployment_knows_does_not_count() -> None:
    """It may be short."""
    short = [{"Fn::Sub": f"${{Parameter{n:060}}}"} for n in range(200)]
    assert findings(RULE, app_of({"Web": repository(statement(short))})) == []
    chosen = {"Fn::If": ["A", statement(names(200)), NOTHING]}
    assert findings(RULE, app_of({"Web": repository(chosen, NOTHING)})) == []
    assert findings(RULE, app_of({"Web": repository(RepositoryPolicyText=PARAMETER)})) == []


def test_one_that_is_too_long_without_it_is_reported() -> None:
    """And is named by its id if its name is not known."""
    one = repository(statement([*names(200), PARAMETER]), {"Fn::If": ["A", NOTHING, NOTHING]}, RepositoryName=PARAMETER)
    (found,) = findings(RULE, app_of({"Web": one}))
    assert found.startswith("the repository policy of 'Web' has at least")


def test_a_registry_policy_is_not() -> None:
    """The page says it of repository policies."""
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": of_length(LIMIT + 1)}}
    assert findings(RULE, app_of({"Registry": registry})) == []


def test_the_cdk_renders_one_without_a_word(app: App, stack: Stack) -> None:
    """A grant after the other."""
    web = ecr.Repository(stack, "Web", repository_name="web")
    for name in names(100):
        web.grant_pull(iam.ArnPrincipal(name))
    assert len(findings(RULE, synthesized(app))) == 1
