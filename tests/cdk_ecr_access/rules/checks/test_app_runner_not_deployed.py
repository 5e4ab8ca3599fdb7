"""``app-runner-not-deployed``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.checks.app_runner_not_deployed import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    PARAMETER,
    PULL,
    WEB,
    WEB_URI,
    allow,
    repository,
    role,
)

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
MAY_TOKEN = allow("ecr:GetAuthorizationToken", Resource="*")
MAY_PULL = allow(PULL, Resource=WEB)
MAY_SEE = allow("ecr:DescribeImages", Resource=WEB)
POLICY = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"


def service(image: object = f"{WEB_URI}:live", automatic: object = NOTHING) -> dict[str, Any]:
    """A service of App Runner."""
    source: dict[str, Any] = {
        "ImageRepository": {"ImageIdentifier": image, "ImageRepositoryType": "ECR"},
        "AuthenticationConfiguration": {"AccessRoleArn": ROLE},
    }
    if automatic != NOTHING:
        source["AutoDeploymentsEnabled"] = automatic
    return {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": source}}


def found(*statements: object, it: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """What is found of a service, and a role of some statements."""
    resources = {"Web": repository(), "Role": role(*statements), "It": it or service()}
    return findings(RULE, app_of({**resources, **more}))


def test_a_role_that_pulls_and_sees_no_images_is_reported() -> None:
    """With the managed policy that has the action."""
    assert found(MAY_TOKEN, MAY_PULL) == [
        f"AutoDeploymentsEnabled is on, and role ci, which pulls '{WEB_URI}:live', may not ecr:DescribeImages: App "  # noqa: ISC004
        f"Runner deploys no image that is pushed later; fix: add '{POLICY}' to its ManagedPolicyArns, or allow "
        "ecr:DescribeImages on the repository; or set AutoDeploymentsEnabled to false"
    ]


@pytest.mark.parametrize("automatic", [True, "true"])
def test_so_is_one_of_a_service_that_says_it(*, automatic: object) -> None:
    """As is the default."""
    assert len(found(MAY_TOKEN, MAY_PULL, it=service(automatic=automatic))) == 1


@pytest.mark.parametrize(
    "it",
    [
        service(automatic=False),
        service(automatic="false"),
        service(automatic=PARAMETER),
        service(f"{WEB_URI}@sha256:{'a' * 64}"),
        service(f"{WEB_URI.replace(ACCOUNT, OTHER)}:live"),
        service({"Fn::Sub": "${Account}.dkr.ecr.eu-west-1.amazonaws.com/web:live"}),
    ],
)
def test_a_service_that_does_not_deploy_by_itself_is_not(it: dict[str, Any]) -> None:
    """It is off, may be off, or App Runner never does it."""
    assert found(MAY_TOKEN, MAY_PULL, allow(PULL, Resource="*"), it=it) == []


@pytest.mark.parametrize(
    "more",
    [
        {"Role": role(MAY_TOKEN, MAY_PULL, MAY_SEE)},
        {"Role": role(MAY_TOKEN, MAY_PULL, allow("ecr:Describe*", Resource="*"))},
        {"Role": role(ManagedPolicyArns=[POLICY])},
        {"Role": role(MAY_TOKEN, MAY_PULL, ManagedPolicyArns=[PARAMETER])},
        {"Role": role(MAY_TOKEN, MAY_PULL, allow("ecr:DescribeImages", Resource=PARAMETER))},
        {"Web": repository(allow("ecr:DescribeImages", Principal={"AWS": ROLE}))},
        {"Role": role()},  # execution-role-cannot-pull reports it
    ],
)
def test_a_role_that_may_or_that_cannot_pull_at_all_is_not(more: dict[str, Any]) -> None:
    """By its own policies, by that of the repository, or perhaps."""
    assert found(MAY_TOKEN, MAY_PULL, **more) == []
