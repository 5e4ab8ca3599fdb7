"""``pull-incomplete``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.pull_incomplete import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    OTHER_ROLE,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    WEB,
    WEB_URI,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

MANIFEST, LAYER = PULL
CHECK = "ecr:BatchCheckLayerAvailability"
SIGN_IN = allow("ecr:GetAuthorizationToken", Resource="*")
FIX = (
    "every pull ends in 403; fix: allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer together, as "
    "AccessibleRepository.grant_pull renders them"
)
CONDITION = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def of_role(*statements: object, **more: Any) -> list[str]:
    """What is found of a role that signs in."""
    return findings(RULE, app_of({"Role": role(SIGN_IN, *statements), **more}))


def of_web(*statements: object, account: str = ACCOUNT) -> list[str]:
    """What is found of a repository's policy."""
    return findings(RULE, app_of({"Web": repository(*statements)}, account=account))


@pytest.mark.parametrize("principal", [OTHER_ROOT, OTHER, OTHER_ROLE])
@pytest.mark.parametrize(("has", "lacks"), [(MANIFEST, LAYER), (LAYER, MANIFEST)])
def test_half_a_pull_for_another_account_is_reported(principal: str, has: str, lacks: str) -> None:
    """Whichever half, with the fix."""
    statement = allow([has, CHECK], Principal={"AWS": principal})
    assert of_web(statement) == [f"'{principal}' may {has}, but not {lacks}: {FIX}"]


def test_a_service_has_no_policy_of_its_own() -> None:
    """Half a pull for it is reported too."""
    statement = allow(MANIFEST, Principal={"Service": "codebuild.amazonaws.com"})
    assert of_web(statement) == [f"'codebuild.amazonaws.com' may {MANIFEST}, but not {LAYER}: {FIX}"]


def test_the_principals_of_an_organization_are_of_other_accounts() -> None:
    """Their pull needs this policy."""
    one = allow(MANIFEST, Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    assert of_web(one) == [f"any principal of another account may {MANIFEST}, but not {LAYER}: {FIX}"]


def test_an_account_that_is_named_is_another_one() -> None:
    """Also where only the deployment knows the own one."""
    assert len(of_web(allow(MANIFEST, Principal={"AWS": OTHER_ROOT}), account="")) == 1
    assert of_web(allow(MANIFEST, Principal={"AWS": OTHER_ROLE}), account="") == []


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PULL, Principal={"AWS": OTHER_ROOT})],
        [allow(MANIFEST, Principal={"AWS": OTHER_ROLE}), allow(LAYER, Principal={"AWS": OTHER_ROOT})],
        [allow(MANIFEST, Principal={"AWS": OTHER_ROOT}), allow(LAYER, Principal="*", Condition=CONDITION)],
        [allow([MANIFEST, PARAMETER], Principal={"AWS": OTHER_ROOT})],
        [allow([MANIFEST, "ecr:PutImage"], Principal={"AWS": OTHER_ROOT})],
        [allow([MANIFEST, "ecr:DescribeImages"], Principal={"AWS": OTHER_ROOT})],
        [allow(MANIFEST, Principal={"AWS": OTHER_ROOT}), allow(LAYER, Principal=PARAMETER)],
        [allow(MANIFEST, Principal={"AWS": OTHER_ROOT}), {"Fn::If": ["A", allow(LAYER, Principal="*"), NOTHING]}],
        [allow(MANIFEST, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"})],
        [allow(MANIFEST, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})],
        [allow(MANIFEST, Principal={"AWS": PARAMETER})],
        [allow(MANIFEST, "Deny", Principal={"AWS": OTHER_ROOT})],
        [allow(CHECK, Principal={"AWS": OTHER_ROOT})],
    ],
)
def test_a_whole_pull_or_what_may_be_one_is_not(statements: list[Any]) -> None:
    """Nor who reads manifests to push or list, nor who has policies of this account."""
    assert of_web(*statements) == []


def test_the_policy_of_a_registry_may_allow_the_rest() -> None:
    """It is enforced beside the repository's."""
    policy = {"Statement": [allow(LAYER, Principal="*", Resource="*")]}
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": policy}}
    web = repository(allow(MANIFEST, Principal={"AWS": OTHER_ROOT}))
    assert findings(RULE, app_of({"Web": web, "Registry": registry})) == []


@pytest.mark.parametrize(("actions", "has", "lacks"), [([MANIFEST, CHECK], MANIFEST, LAYER), (LAYER, LAYER, MANIFEST)])
def test_half_a_pull_of_a_role_that_signs_in_is_reported(actions: object, has: str, lacks: str) -> None:
    """Once."""
    statements = [allow(actions, Resource=[WEB, f"{WEB}-other"]), allow(actions, Resource=f"{WEB}-third")]
    assert of_role(*statements) == [f"role ci may {has} on '{WEB}', but not {lacks}: {FIX}"]


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PULL, Resource=WEB)],
        [allow(MANIFEST, Resource=WEB)],
        [allow([MANIFEST, CHECK], Resource=WEB), allow(LAYER, Resource="*")],
        [allow([MANIFEST, CHECK], Resource="*"), allow(LAYER, Resource=WEB)],
        [allow([MANIFEST, CHECK], Resource=WEB), allow(LAYER, Resource=PARAMETER)],
        [allow([MANIFEST, CHECK], Resource=f"{WEB}*"), allow(LAYER, Resource=WEB)],
        [allow([MANIFEST, CHECK, PARAMETER], Resource=WEB)],
        [allow([MANIFEST, CHECK, "ecr:PutImage"], Resource=WEB)],
        [allow([MANIFEST, CHECK, "ecr:ListImages"], Resource=WEB)],
        [allow([MANIFEST, CHECK], Resource="arn:aws:s3:::bucket/*")],
        [allow([MANIFEST, CHECK], "Deny", Resource=WEB)],
        [allow([MANIFEST, CHECK], Resource=WEB, Condition=CONDITION)],
    ],
)
def test_a_role_that_may_pull_or_only_reads_manifests_is_not(statements: list[Any]) -> None:
    """Nor one of whose policies a part is known only at deployment."""
    assert of_role(*statements) == []


def test_a_role_without_the_token_is_not() -> None:
    """It reads manifests by the API."""
    assert findings(RULE, app_of({"Role": role(allow([MANIFEST, CHECK], Resource=WEB))})) == []


@pytest.mark.parametrize(
    ("web", "count"),
    [
        (repository(), 1),
        (repository(allow(LAYER, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"})), 0),
        (repository(RepositoryPolicyText=PARAMETER), 0),
    ],
)
def test_the_policy_of_the_repository_may_allow_the_rest(web: dict[str, Any], count: int) -> None:
    """In one account either side is enough."""
    assert len(of_role(allow([MANIFEST, CHECK], Resource=WEB), Web=web)) == count


def test_a_role_that_pulls_an_image_of_the_app_is_another_rules() -> None:
    """Which names the image."""
    properties = {"ContainerDefinitions": [{"Image": WEB_URI}], "ExecutionRoleArn": "ci"}
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}
    assert of_role(allow([MANIFEST, CHECK], Resource=WEB), It=task) == []


def test_no_grant_is_reported(app: App, stack: Stack) -> None:
    """Of the CDK, or of this library."""
    puller = iam.Role(stack, "Puller", assumed_by=iam.AccountRootPrincipal())
    ecr.Repository(stack, "Web").grant_pull(puller)
    api = AccessibleRepository(stack, "Api", repository_name="api")
    api.grant_pull(iam.AccountPrincipal(OTHER))
    api.grant_lambda_pull(accounts=[OTHER])
    assert findings(RULE, synthesized(app)) == []
