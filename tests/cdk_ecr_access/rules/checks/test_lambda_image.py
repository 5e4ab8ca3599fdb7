"""``lambda-image``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_

from ecr_access.rules.checks.image_region_or_account import RULE as REGION_OR_ACCOUNT
from ecr_access.rules.checks.lambda_image import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, OTHER, PARAMETER, REGION, WEB_URI, function, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

PUBLIC = "public.ecr.aws/lambda/python:3.14"
DIGEST = f"sha256:{'0' * 64}"
NAMED = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"


def found(image: object, **more: Any) -> list[str]:
    """What is found of a function that runs an image."""
    return findings(RULE, app_of({"It": function(image), **more}))


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        (PUBLIC, "the registry public.ecr.aws"),
        ("ghcr.io/team/web:1", "the registry ghcr.io"),
        ("docker.io/library/nginx", "the registry docker.io"),
        ("localhost:5000/web:1", "the registry localhost:5000"),
        ("team/web:1.0", "Docker Hub, as it names no registry"),
        ("web:v1.0-RC1", "Docker Hub, as it names no registry"),
        (f"web@{DIGEST}", "Docker Hub, as it names no registry"),
    ],
)
def test_an_image_that_is_not_of_private_ecr_is_reported(image: str, registry: str) -> None:
    """With its registry, and the fix."""
    assert found(image) == [
        f"function 'It' runs '{image}', which is of {registry}, and Lambda takes images of private repositories of ECR "  # noqa: ISC004
        "alone: the deployment fails; fix: copy the image to a repository, or cache its registry with a "
        "pull-through cache, and "
        "name it there"
    ]


def test_a_tag_that_only_the_deployment_knows_changes_nothing() -> None:
    """The registry is known."""
    assert len(found({"Fn::Sub": "public.ecr.aws/lambda/python:${Parameter}"})) == 1


@pytest.mark.parametrize("image", [WEB_URI, {"Fn::GetAtt": ["Web", "RepositoryUri"]}])
@pytest.mark.parametrize("one", [repository(), {"Type": "AWS::ECR::Repository"}])
def test_neither_tag_nor_digest_is_reported(image: object, one: dict[str, Any]) -> None:
    """Of a repository whose name is known, or that the app declares."""
    (text,) = found(image, Web=one)
    assert "which has neither tag nor digest, and Lambda does not assume 'latest': the deployment fails; fix: " in text


def test_another_region_is_reported() -> None:
    """Also of another account."""
    for account in (ACCOUNT, OTHER):
        (text,) = found(f"{account}.dkr.ecr.us-east-1.amazonaws.com/web:1")
        assert f"which is of Region us-east-1, and Lambda takes images of the Region of the function, {REGION}" in text


def test_another_region_of_a_declared_repository_is_one_finding() -> None:
    """By the rule that names the repository."""
    app = app_of({"It": function(f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web:1"), "Web": repository()})
    assert findings(RULE, app) == []
    assert len(findings(REGION_OR_ACCOUNT, app)) == 1


def test_a_fips_endpoint_is_reported() -> None:
    """Lambda does not support it."""
    (text,) = found(f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com/web:1")
    assert "which is by a FIPS endpoint, which Lambda does not support: the deployment fails" in text


def test_a_function_of_sam_is_looked_at_too() -> None:
    """If it names an image of ECR."""
    one = {"Type": "AWS::Serverless::Function", "Properties": {"PackageType": "Image", "ImageUri": WEB_URI}}
    assert len(findings(RULE, app_of({"Resources": {"It": one}, "Transform": "AWS::Serverless-2016-10-31"}))) == 1


@pytest.mark.parametrize(
    "image",
    [
        f"{WEB_URI}:1",
        f"{WEB_URI}@{DIGEST}",
        f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com/web:1",
        f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws/web:1",
        PARAMETER,
        {"Fn::ImportValue": "of-another-app"},
        {"Fn::If": ["A", PUBLIC, WEB_URI]},
        {"Fn::Sub": "${Parameter}/web:1"},
        {"Fn::Sub": "${Parameter}:1"},
        {"Fn::Sub": f"{NAMED}/${{Parameter}}"},
        {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${Parameter}.amazonaws.com/web:1"},
        {"Fn::Sub": f"{ACCOUNT}.dkr.ecr.${{Parameter}}.amazonaws.com/web:1"},
        "{{resolve:ssm:/image}}",
        "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web:1",
        "ACCOUNT.dkr.ecr.REGION.amazonaws.com/web:1",
        "<image>",
        "IMAGE_URI",
        "",
    ],
)
def test_an_image_that_lambda_takes_or_may_take_is_not(image: object) -> None:
    """Nor a text that stands for one."""
    assert found(image) == []


@pytest.mark.parametrize("metadata", [{"Dockerfile": "Dockerfile"}, {"DockerContext": "."}])
def test_an_image_that_sam_builds_is_not(metadata: dict[str, str]) -> None:
    """It pushes the image, and names it in the place of this one."""
    for image in ("web:latest", WEB_URI):
        assert findings(RULE, app_of({"It": {**function(image), "Metadata": metadata}})) == []


def test_a_macro_may_change_it() -> None:
    """What it makes of the template is not known."""
    for image in (PUBLIC, WEB_URI):
        assert findings(RULE, app_of({"Resources": {"It": function(image)}, "Transform": "Ours"})) == []


def test_an_image_of_the_machine_that_deploys_is_not() -> None:
    """As SAM pushes it."""
    one = {"Type": "AWS::Serverless::Function", "Properties": {"PackageType": "Image", "ImageUri": "web:latest"}}
    template = {"Resources": {"It": one, "Other": function("web:latest")}, "Transform": "AWS::Serverless-2016-10-31"}
    assert findings(RULE, app_of(template)) == []


def test_a_region_that_only_the_deployment_knows_may_be_the_same() -> None:
    """As of a stack that names none."""
    assert findings(RULE, app_of({"It": function(f"{WEB_URI}:1")}, region="")) == []


def test_a_function_without_an_image_is_not() -> None:
    """Its code is a file."""
    one = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "pass"}}}
    assert findings(RULE, app_of({"It": one, "Open": {"Type": "AWS::Lambda::Function", "Properties": {}}})) == []


def test_a_function_of_the_cdk_is_not(app: App, stack: Stack) -> None:
    """It names a tag."""
    code = lambda_.DockerImageCode.from_ecr(ecr.Repository(stack, "Web"))
    lambda_.DockerImageFunction(stack, "It", code=code)
    assert findings(RULE, synthesized(app)) == []
