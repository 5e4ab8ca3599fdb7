"""``emr-serverless-not-allowed``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.checks.emr_serverless_not_allowed import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, PARAMETER, PULL, WEB_URI, allow, repository

SERVICE = {"Service": "emr-serverless.amazonaws.com"}
ALL = [*PULL, "ecr:DescribeImages"]
SOURCE = f"arn:aws:emr-serverless:eu-west-1:{ACCOUNT}:/applications/*"


def application(**properties: object) -> dict[str, Any]:
    """An application that runs the image in all its workers."""
    found = properties or {"ImageConfiguration": {"ImageUri": f"{WEB_URI}:1"}}
    return {"Type": "AWS::EMRServerless::Application", "Properties": {"Type": "Spark", **found}}


def found(*statements: object, it: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """What is found of an application and a repository of some statements."""
    return findings(RULE, app_of({"Web": repository(*statements), "It": it or application(), **more}))


def test_a_repository_that_does_not_let_the_service_in_is_reported() -> None:
    """With what it needs, and the condition of AWS's example."""
    what = " and ".join(ALL)
    assert found() == [
        f"application 'It' runs '{WEB_URI}:1', and the policy of 'web' does not let emr-serverless.amazonaws.com "  # noqa: ISC004
        f"{what}: the "
        f"application does not start; fix: allow {what} in the policy of the repository to the service "
        f"emr-serverless.amazonaws.com, under the condition StringLike aws:SourceArn '{SOURCE}', and deny it nothing"
    ]


@pytest.mark.parametrize(
    ("statements", "lacking"),
    [
        ([allow(PULL, Principal=SERVICE)], "ecr:DescribeImages"),
        ([allow(ALL, Principal=SERVICE), allow(PULL[0], "Deny", Principal="*")], "ecr:BatchGetImage"),
        ([allow(ALL, Principal={"Service": "elasticmapreduce.amazonaws.com"})], " and ".join(ALL)),
        ([allow(ALL, Principal={"AWS": ACCOUNT})], " and ".join(ALL)),
    ],
)
def test_what_is_lacking_is_told_exactly(statements: list[Any], lacking: str) -> None:
    """The account's own principals do not count."""
    (one,) = found(*statements)
    assert f"does not let emr-serverless.amazonaws.com {lacking}: the application" in one


def test_each_kind_of_worker_may_have_an_image_of_its_own() -> None:
    """Of one repository it is told once."""
    image = {"ImageConfiguration": {"ImageUri": f"{WEB_URI}:1"}}
    assert len(found(it=application(WorkerTypeSpecifications={"DRIVER": image, "EXECUTOR": image}))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [allow(ALL, Principal=SERVICE)],
        [allow(ALL, Principal=SERVICE, Condition={"StringLike": {"aws:SourceArn": SOURCE}})],
        [allow(ALL, Principal={"Service": "emr-serverless.amazonaws.com.cn"})],
        [allow("ecr:*", Principal="*")],
        [allow(ALL, Principal={"Service": [PARAMETER]})],
        [allow(PARAMETER, Principal=SERVICE)],
        [{"Fn::If": ["A", allow(ALL, Principal=SERVICE), NOTHING]}],
    ],
)
def test_one_that_does_or_may_is_not(statements: list[Any]) -> None:
    """Under a condition, and what only the deployment knows."""
    assert found(*statements) == []


@pytest.mark.parametrize(
    "more",
    [
        {"Web": repository(RepositoryName="other")},
        {"Web": repository(RepositoryPolicyText=PARAMETER)},
        {"It": application(ImageConfiguration={"ImageUri": PARAMETER})},
        {"It": application(ReleaseLabel="emr-7.5.0")},
        {"Registry": {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": PARAMETER}}},
    ],
)
def test_of_what_is_not_known_nothing_is_said(more: dict[str, Any]) -> None:
    """Another repository, another image, another policy."""
    assert found(**more) == []
