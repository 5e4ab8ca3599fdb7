"""``arn-of-no-repository``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.checks.arn_of_no_repository import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import PARAMETER, PULL, WEB, WEB_URI, allow, repository, role

NONE = "which is the ARN of no repository, so that the statement has no effect on it: "
FIX = (
    "; fix: name 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME', in the CDK repository.repository_arn, in a "
    "template Fn::GetAtt of the repository's Arn"
)
BEGIN = WEB.removesuffix("repository/web")
REGISTRY = "the name alone follows 'repository/', without the registry of the URI"
PREFIX = "'repository/' is missing before the name"
TAG = "a repository has no tag and no digest"
PLACE = "an ARN has a Region and an account of 12 digits"
CHARACTERS = "a name has lowercase letters, digits and '.', '_', '-', '/'"


def of(resource: object, *statements: object, **more: dict[str, Any]) -> list[str]:
    """What is found of a role that may pull from a resource."""
    return findings(RULE, app_of({"Role": role(allow(PULL, Resource=resource), *statements), **more}))


@pytest.mark.parametrize(
    ("arn", "wrong"),
    [
        (f"{BEGIN}repository/{WEB_URI}", REGISTRY),
        (f"{BEGIN}web", PREFIX),
        (f"{BEGIN}repositories/web", PREFIX),
        (f"{BEGIN}repository:web", PREFIX),
        (f"{WEB}:1.0", TAG),
        (f"{WEB}:*", TAG),
        (f"{WEB}@sha256:0123", TAG),
        (f"{BEGIN}repository/Web", CHARACTERS),
        ("arn:aws:ecr:::repository/web", PLACE),
        ("arn:aws:ecr:eu-west-1:1234:repository/*", PLACE),
    ],
)
def test_an_arn_that_no_repository_has_is_reported(arn: str, wrong: str) -> None:
    """With what is wrong, and the fix."""
    assert of(arn) == [f"the statement names '{arn}', {NONE}{wrong}{FIX}"]


@pytest.mark.parametrize("resource", [WEB_URI, f"{WEB_URI}:1.0", "web"])
def test_what_is_no_arn_is_reported(resource: str) -> None:
    """The URI, or the name."""
    assert of(resource) == [
        f"the statement names '{resource}', which is no ARN: IAM refuses the policy when it is deployed{FIX}"
    ]


@pytest.mark.parametrize("resource", [{"Ref": "Web"}, {"Fn::GetAtt": ["Web", "RepositoryUri"]}])
def test_what_cloudformation_returns_in_its_place_is_reported(resource: object) -> None:
    """Also if the name is made up at deployment."""
    for one in (repository(), {"Type": "AWS::ECR::Repository"}):
        (found,) = of(resource, Web=one)
        assert "which is no ARN" in found


def test_each_resource_is_looked_at() -> None:
    """Of each statement, whatever its effect."""
    assert len(of([WEB, f"{BEGIN}web"], allow(PULL, "Deny", Resource=f"{BEGIN}api"))) == 2


def test_the_policy_of_a_registry_has_resources_too() -> None:
    """By which a replication is let in."""
    statement = allow("ecr:ReplicateImage", Principal="*", Resource=f"{BEGIN}web/*")
    policy = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Statement": [statement]}}}
    assert len(findings(RULE, app_of({"Policy": policy}))) == 1


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        WEB,
        f"{WEB}*",
        f"{BEGIN}*",
        f"{BEGIN}repo*",
        f"{BEGIN}repository/*",
        f"{BEGIN}repository/team/*/web-?",
        f"{BEGIN}repository/${{aws:PrincipalTag/Team}}/web",
        f"{BEGIN}repository/docker.io/library/nginx",
        "arn:aws:ecr:*",
        "arn:aws:ecr:eu-west-1:*",
        "arn:aws:ecr:*:repository/web",
        "arn:*:ecr:*:*:*",
        "arn:aws:s3:::bucket/Key:1",
        "arn:aws:ecr-public::111122223333:repository/web",
        PARAMETER,
        {"Fn::GetAtt": ["Web", "Arn"]},
        {"Fn::Sub": "${Parameter}/web"},
        {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:${Parameter}"},
        {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/${Parameter}"},
        {"Fn::Sub": "arn:aws:ecr:${Parameter}"},
        {"Fn::ImportValue": "of-another-app"},
    ],
)
def test_an_arn_of_a_repository_or_what_may_be_one_is_not(resource: object) -> None:
    """Nor a pattern for some, nor what is none of ECR's."""
    assert of(resource, Web={"Type": "AWS::ECR::Repository"}) == []


def test_a_resource_of_another_service_may_be_anything() -> None:
    """Only statements about ECR are looked at."""
    assert findings(RULE, app_of({"Role": role(allow("s3:GetObject", Resource="web"))})) == []
