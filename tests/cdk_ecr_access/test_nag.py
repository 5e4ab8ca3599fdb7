"""cdk-nag's AwsSolutions finds nothing that is not acknowledged, with its reason, where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Acknowledgment, App, Environment, Stack, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, OTHER, REGION, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from constructs import IConstruct

CI = iam.AccountRootPrincipal()
STAR = "AwsSolutions-IAM5[Resource::*]"
LITERALS = "@aws-cdk/core:enablePartitionLiterals"


def findings(
    build: Callable[[Stack], object], *, env: Environment | None = ENV, literals: bool = False
) -> set[tuple[str, str]]:
    """Synthesize under cdk-nag's AwsSolutions and read its report: rule and path of each finding."""
    return findings_of(build, AwsSolutionsChecks(), env=env, context={LITERALS: literals})


def findings_of(
    build: Callable[[Stack], object],
    *plugins: Any,
    env: Environment | None = ENV,
    context: Mapping[str, object] | None = None,
) -> set[tuple[str, str]]:
    """Synthesize under plugins and read their report: rule and path of each finding."""
    app = App(context=context)
    Validations.of(app).add_plugins(*plugins)
    build(Stack(app, "Stack", env=env))
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017 -- and nothing else
    report = Path(app.outdir, "validation-report.json")
    plugins = json.loads(report.read_text())["pluginReports"] if report.exists() else []
    return {
        (violation["ruleName"], construct["constructPath"])
        for plugin in plugins
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def acknowledge(scope: IConstruct, rule: str, reason: str) -> None:
    """Answer one finding, as a user of the library does."""
    Validations.of(scope).acknowledge(Acknowledgment(id=rule, reason=reason))


def minimal(stack: Stack) -> None:
    """A repository and a check alone."""
    AccessibleRepository(stack, "Repository", repository_name="team/app")
    AccessCheck.of(stack)


def full(stack: Stack) -> None:
    """Every kind of principal and a repository of others."""
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    AccessCheck.of(stack).require_push(iam.ArnPrincipal(ROLE), ecr.Repository.from_repository_name(stack, "T", "base"))
    for principal in (
        iam.ArnPrincipal(ROLE),
        iam.ArnPrincipal(FOREIGN_ROLE),
        iam.AccountPrincipal(OTHER),
        iam.ServicePrincipal("lambda.amazonaws.com"),
        iam.ServicePrincipal("codebuild.amazonaws.com"),
    ):
        repository.grant_pull(principal)


def granted(stack: Stack) -> None:
    """A role of the user's, which gets the token, and an organization."""
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_push(iam.Role(stack, "Role", assumed_by=CI))
    repository.grant_pull(iam.OrganizationPrincipal("o-abc1234567"))


def answered(stack: Stack) -> None:
    """The same, with the findings answered by the user."""
    granted(stack)
    policy = stack.node.find_child("Role").node.find_child("DefaultPolicy")
    acknowledge(policy, STAR, "ecr:GetAuthorizationToken has no resource type, so it works only on '*'")
    repository = stack.node.find_child("Repository")
    acknowledge(repository, "AwsSolutions-ECR1", "a condition closes the repository to all but the organization")


@pytest.mark.parametrize("build", [minimal, full])
@pytest.mark.parametrize("env", [ENV, None, Environment(region=REGION)], ids=["explicit", "agnostic", "region"])
@pytest.mark.parametrize("literals", [False, True])
def test_what_the_library_makes_is_acknowledged(
    build: Callable[[Stack], None], env: Environment | None, *, literals: bool
) -> None:
    """Its users need not answer for the check's own role."""
    assert findings(build, env=env, literals=literals) == set()


def test_what_a_grant_adds_to_a_users_construct_is_the_users_to_acknowledge() -> None:
    """An acknowledgement by the library would hide the user's own wildcards on the same path."""
    assert findings(granted) == {
        (STAR, "Stack/Role/DefaultPolicy/Resource"),
        ("AwsSolutions-ECR1", "Stack/Repository/Resource"),
    }
    assert findings(answered) == set()


def test_a_prefix_is_a_wildcard_for_the_user_to_acknowledge() -> None:
    """It reaches every repository of that name."""

    def build(stack: Stack) -> None:
        repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
        repository.grant_push(iam.Role(stack, "Role", assumed_by=CI), name_prefix="team/")

    prefix = f"AwsSolutions-IAM5[Resource::arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/*]"
    path = "Stack/Role/DefaultPolicy/Resource"
    assert findings(build) == {(STAR, path), (prefix, path)}


def test_another_wildcard_of_the_checks_role_would_be_found() -> None:
    """Only what the reasons speak of is acknowledged."""

    def build(stack: Stack) -> None:
        role = AccessCheck.of(stack).node.find_child("Role")
        assert isinstance(role, iam.Role)
        role.add_to_policy(iam.PolicyStatement(actions=["ecr:ListImages"], resources=["arn:aws:ecr:*:*:repository/*"]))

    assert findings(build) == {
        (
            "AwsSolutions-IAM5[Resource::arn:aws:ecr:*:*:repository/*]",
            "Stack/EcrAccessCheck/Role/DefaultPolicy/Resource",
        )
    }
