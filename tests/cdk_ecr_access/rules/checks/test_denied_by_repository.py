"""``denied-by-repository``, and the other rules on what a repository policy denies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.archived_and_pulled import RULE as ARCHIVED
from ecr_access.rules.checks.codebuild_not_allowed import RULE as CODEBUILD
from ecr_access.rules.checks.denied_by_repository import RULE
from ecr_access.rules.checks.execution_role_cannot_pull import RULE as EXECUTION
from ecr_access.rules.checks.pull_incomplete import RULE as HALF
from ecr_access.rules.checks.push_without_batch_get_image import RULE as PUSH_ALONE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    OTHER_ROLE,
    PARAMETER,
    PULL,
    REGION,
    WEB,
    WEB_URI,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/ci"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
TOKEN = allow("ecr:GetAuthorizationToken", Resource="*")
LAYERS = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]
PUSH = [*LAYERS, "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:PutImage"]
MAY_PUSH = (TOKEN, allow(PUSH, Resource=WEB))


def denying(action: object, principal: object = "*", **more: Any) -> dict[str, Any]:
    """A repository that denies something."""
    return repository(allow(action, "Deny", Principal=principal, **more))


def found(web: dict[str, Any], *statements: object, **more: Any) -> list[str]:
    """What is found of a role that pushes, or of other statements."""
    return findings(RULE, app_of({"Web": web, "Role": role(*(statements or MAY_PUSH)), **more}))


def test_a_push_that_the_repository_denies_is_reported() -> None:
    """With both statements."""
    assert found(denying("ecr:PutImage", {"AWS": ROLE})) == [
        "role ci is allowed ecr:PutImage on 'web', whose repository or registry policy denies it: an explicit deny "  # noqa: ISC004
        "wins, and the call ends in 403; fix: leave role ci out of what the statement "
        "Web.Properties.RepositoryPolicyText.Statement[0] denies, by a condition ArnNotLike aws:PrincipalArn, or do "
        "not grant it"
    ]


NOT = "ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals"


@pytest.mark.parametrize(
    ("web", "count"),
    [
        (denying("ecr:PutImage"), 1),
        (denying("ecr:*"), 1),
        (denying(LAYERS[0], {"AWS": "*"}), 1),
        (denying("ecr:PutImage", {"AWS": ROLE_ARN}), 1),
        (denying("ecr:PutImage", {"AWS": [OTHER_ROLE, ROOT]}), 1),
        (denying("ecr:PutImage", {"AWS": ACCOUNT}), 1),
        (repository({"Effect": "Deny", "Principal": "*", "NotAction": "ecr:BatchGetImage"}), 1),
        (repository({"Effect": "Deny", "NotPrincipal": {"AWS": OTHER_ROLE}, "Action": "ecr:PutImage"}), 1),
        (denying("ecr:PutImage", Condition={"StringNotEquals": {"aws:PrincipalAccount": OTHER}}), 1),
        (denying("ecr:PutImage", Condition={"ArnNotEquals": {"aws:PrincipalArn": OTHER_ROLE}}), 1),
        *((denying("ecr:PutImage", Condition={one: {"aws:PrincipalArn": ROLE_ARN}}), 0) for one in NOT),
        (denying("ecr:PutImage", Condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/c*"}}), 0),
        (denying("ecr:PutImage", Condition={"Bool": {"aws:SecureTransport": "false"}}), 0),
        (denying("ecr:PutImage", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), 0),
        (denying("ecr:PutImage", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}), 0),
        (denying(["ecr:DeleteRepository", "ecr:BatchDeleteImage", "ecr:SetRepositoryPolicy"]), 0),
        (denying("ecr:PutImage", {"AWS": OTHER_ROLE}), 0),
        (denying("ecr:PutImage", {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/session"}), 0),
        (denying("ecr:PutImage", {"Service": "codebuild.amazonaws.com"}), 0),
        (denying("ecr:PutImage", {"AWS": PARAMETER}), 0),
        (denying(PARAMETER), 0),
        (repository({"Effect": PARAMETER, "Principal": "*", "Action": "ecr:PutImage"}), 0),
        (repository({"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE_ARN, ROOT]}, "Action": "ecr:PutImage"}), 0),
        (repository(RepositoryPolicyText=PARAMETER), 0),
    ],
)
def test_a_deny_counts_where_it_certainly_applies(web: dict[str, Any], count: int) -> None:
    """For the role, its account or each principal; not where only a call can tell."""
    assert len(found(web)) == count


@pytest.mark.parametrize(
    "statements",
    [
        [allow("ecr:*", Resource=WEB)],
        [allow("*", Resource="*")],
        [allow(PUSH, Resource="*")],
        [allow(PUSH, Resource=f"{WEB}*")],
        [allow(PUSH, Resource=PARAMETER)],
        [allow("ecr:DescribeImages", Resource=WEB)],
        [allow(PUSH, Resource=WEB, Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})],
        [allow(PUSH, Resource=WEB), allow("ecr:*", "Deny", Resource="*")],
    ],
)
def test_a_deny_may_be_an_exception_from_what_is_granted_widely(statements: list[Any]) -> None:
    """So that only what names both the action and the repository contradicts it."""
    assert found(denying("ecr:*"), *statements) == []


def test_the_policy_of_the_registry_denies_too() -> None:
    """That of the same registry."""
    statement = allow("ecr:PutImage", "Deny", Principal="*", Resource="*")
    policy = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Statement": [statement]}}}
    (one,) = found(repository(), Registry=policy)
    assert "leave role ci out of what the statement Registry.Properties.PolicyText.Statement[0] denies" in one
    here = Template("web.json", {"Resources": {"Web": repository(), "Role": role(*MAY_PUSH)}}, ACCOUNT, REGION)
    there = Template("registry.json", {"Resources": {"Registry": policy}}, ACCOUNT, "us-east-1")
    assert findings(RULE, Application([here, there])) == []


def test_across_accounts_it_is_the_deny_that_is_reported() -> None:
    """Not that the repository allows nothing."""
    for statement, count in ((allow(PUSH, Principal={"AWS": OTHER_ROLE}), 0), (allow(PUSH, "Deny", Principal="*"), 1)):
        here = Template("web.json", {"Resources": {"Web": repository(statement)}}, ACCOUNT, REGION)
        there = Template("role.json", {"Resources": {"Role": role(*MAY_PUSH)}}, OTHER, REGION)
        assert len(findings(RULE, Application([here, there]))) == count


def task() -> dict[str, Any]:
    """A task on Fargate that runs the image."""
    properties = {
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": ROLE,
        "ContainerDefinitions": [{"Image": WEB_URI}],
    }
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


@pytest.mark.parametrize(
    ("web", "count"),
    [
        (denying(PULL[0], {"AWS": ROLE}), 1),
        (denying(PULL[1]), 1),
        (denying("ecr:*", Condition={"ArnNotLike": {"aws:PrincipalArn": OTHER_ROLE}}), 1),
        (denying("ecr:DeleteRepository"), 0),
        (denying("ecr:PutImage"), 0),
        (denying("ecr:*", Condition={"ArnNotLike": {"aws:PrincipalArn": ROLE_ARN}}), 0),
    ],
)
def test_a_role_that_runs_the_image_is_told_once(web: dict[str, Any], count: int) -> None:
    """As one that cannot pull, with the statement that denies it."""
    statements = (TOKEN, allow(PULL, Resource=WEB))
    app = app_of({"Web": web, "Role": role(*statements), "It": task()})
    assert findings(RULE, app) == []
    told = findings(EXECUTION, app)
    assert len(told) == count
    for one in told:
        assert one.endswith(
            "leave role ci out of what the statement Web.Properties.RepositoryPolicyText.Statement[0] denies"
        )


def test_codebuild_is_denied_by_a_deny_for_each_principal() -> None:
    """Though another statement allows it."""
    allowed = allow(PULL, Principal={"Service": "codebuild.amazonaws.com"})
    project = {"Type": "AWS::CodeBuild::Project", "Properties": {"Environment": {"Image": f"{WEB_URI}:1"}}}
    for denied, count in ((PULL[1], 1), ("ecr:PutImage", 0)):
        web = repository(allowed, allow(denied, "Deny", Principal="*"))
        assert len(findings(CODEBUILD, app_of({"Web": web, "It": project}))) == count


@pytest.mark.parametrize("principal", [{"AWS": OTHER_ROLE}, {"AWS": OTHER}, {"Service": "omics.amazonaws.com"}, "*"])
def test_half_a_pull_may_come_of_a_deny(principal: object) -> None:
    """Of one action; a deny of both leaves none."""
    for denied, count in ((PULL[1], 1), (PULL, 0), ("ecr:PutImage", 0)):
        web = repository(allow(PULL, Principal=principal), allow(denied, "Deny", Principal="*"))
        assert len(findings(HALF, app_of({"Web": web}))) == count


def test_a_push_that_is_denied_needs_no_manifest() -> None:
    """And one that reads no manifest by a deny cannot read it back."""
    for action, denied, count in (("ecr:PutImage", "ecr:PutImage", 0), (PUSH, "ecr:BatchGetImage", 0)):
        web = repository(allow(action, Principal={"AWS": OTHER_ROLE}), allow(denied, "Deny", Principal="*"))
        assert len(findings(PUSH_ALONE, app_of({"Web": web}))) == count


def test_a_principal_that_is_denied_pulls_no_archived_image() -> None:
    """Neither by its own policies nor by those of the repository."""
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 9}
    action = {"type": "transition", "targetStorageClass": "archive"}
    text = json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": action}]})
    archive = {"LifecyclePolicyText": text}
    allowed = allow(PULL, Principal={"AWS": OTHER_ROLE})
    for denied, count in ((PULL[0], 0), ("ecr:PutImage", 1)):
        web = repository(allowed, allow(denied, "Deny", Principal="*"), LifecyclePolicy=archive)
        assert len(findings(ARCHIVED, app_of({"Web": web}))) == count
        web = repository(allow(denied, "Deny", Principal="*"), LifecyclePolicy=archive)
        assert len(findings(ARCHIVED, app_of({"Web": web, "Role": role(allow(PULL, Resource=WEB))}))) == count


@pytest.mark.parametrize(("exempt", "count"), [(True, 0), (False, 1)])
def test_a_deny_of_the_cdk_may_except_the_role(app: App, stack: Stack, *, exempt: bool, count: int) -> None:
    """By a condition."""
    web = AccessibleRepository(stack, "Web", repository_name="web")
    ci = iam.Role(stack, "Ci", role_name="ci", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    web.grant_push(ci)
    conditions = {"ArnNotLike": {"aws:PrincipalArn": ci.role_arn}} if exempt else {}
    web.add_to_resource_policy(
        iam.PolicyStatement(
            effect=iam.Effect.DENY, principals=[iam.AnyPrincipal()], actions=["ecr:PutImage"], conditions=conditions
        )
    )
    assert len(findings(RULE, synthesized(app))) == count
