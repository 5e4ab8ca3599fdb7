"""cfn-lint finds nothing in the templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from cfnlint.api import lint

from cdk_ecr_access import AccessCheck, AccessDashboard, AccessibleRepository
from tests.reading import FOREIGN_ROLE, OTHER, REGION, ROLE, built

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack

# The CDK lets a function depend on its role, which the function's ARN of the role does already.
ANSWERED = {("W3005", "DependsOn")}


def minimal(stack: Stack, _: AccessibleRepository) -> None:
    """A repository and a check alone."""
    AccessCheck.of(stack)


def full(stack: Stack, repository: AccessibleRepository) -> None:
    """Every kind of principal, every level, and a repository of others."""
    theirs = ecr.Repository.from_repository_name(stack, "Theirs", "base")
    AccessCheck.of(stack).require_push(iam.ArnPrincipal(ROLE), theirs)
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    for grant in (repository.grant_pull, repository.grant_push, repository.grant_pull_push, repository.grant_read):
        grant(role)
        for principal in (
            iam.ArnPrincipal(ROLE),
            iam.ArnPrincipal(FOREIGN_ROLE),
            iam.AccountPrincipal(OTHER),
            iam.OrganizationPrincipal("o-abc1234567"),
            iam.ServicePrincipal("lambda.amazonaws.com"),
            iam.ServicePrincipal("codebuild.amazonaws.com"),
        ):
            grant(principal)


def repeated(stack: Stack, repository: AccessibleRepository) -> None:
    """A check that repeats itself, with all that hears of it."""
    repository.grant_pull(iam.ArnPrincipal(ROLE))
    check = AccessCheck.of(stack)
    check.recheck(every=Duration.minutes(1))
    check.alarm(topic=sns.Topic(stack, "Topic", enforce_ssl=True))
    check.on_finding("Findings", target=targets.SqsQueue(sqs.Queue(stack, "Queue")))


def watched(stack: Stack, repository: AccessibleRepository) -> None:
    """A dashboard."""
    repository.grant_pull(iam.ArnPrincipal(ROLE))
    AccessDashboard(stack, dashboard_name="images", repositories=[repository])


def found(template: dict[str, object]) -> list[str]:
    """What cfn-lint says of a template."""
    return [
        f"{match.rule.id} {match.message}"
        for match in lint(json.dumps(template), regions=[REGION])
        if not any(match.rule.id == rule and place in (match.path or []) for rule, place in ANSWERED)
    ]


@pytest.mark.parametrize("build", [minimal, full, repeated, watched])
def test_cfn_lint_finds_nothing(build: Callable[[Stack, AccessibleRepository], None]) -> None:
    """No error and no warning, in a Region where everything exists."""
    assert found(built(build).template) == []


def test_cfn_lint_would_find_something() -> None:
    """A runtime that does not exist is reported, so the silence above means something."""
    template = built(minimal).template
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Runtime"] = "python9.9"
    assert [one for one in found(template) if "python9.9" in one]
