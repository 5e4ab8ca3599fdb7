"""``codebuild-not-allowed``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr

from ecr_access.rules.checks.codebuild_not_allowed import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    OTHER_ROLE,
    PARAMETER,
    PULL,
    REGION,
    WEB_URI,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

CODEBUILD = {"Service": "codebuild.amazonaws.com"}
CONDITION = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
ROLE = (
    "set ImagePullCredentialsType to SERVICE_ROLE and let the role of the project pull; in the CDK, "
    "codebuild.LinuxBuildImage.from_ecr_repository(repository) does both"
)
BEGIN = "project 'It' builds in '{}' with the credentials of CodeBuild, not with SERVICE_ROLE, and "


def project(image: object = WEB_URI, **environment: object) -> dict[str, Any]:
    """A project that builds in an image."""
    properties = {"Environment": {"Image": image, **environment}, "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]}}
    return {"Type": "AWS::CodeBuild::Project", "Properties": properties}


def found(web: dict[str, Any], it: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """What is found of a project whose role may pull."""
    return findings(RULE, app_of({"Role": role(allow("*", Resource="*")), "Web": web, "It": it or project(), **more}))


def test_a_repository_that_does_not_let_codebuild_pull_is_reported() -> None:
    """What the role of the project may is not asked."""
    assert found(repository()) == [
        f"{BEGIN.format(WEB_URI)}the policy of 'web' does not let codebuild.amazonaws.com pull: CodeBuild cannot pull "  # noqa: ISC004
        f"it; fix: {ROLE}; or allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the service "
        "codebuild.amazonaws.com in the policy of the repository"
    ]


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PULL[0], Principal=CODEBUILD)],
        [allow(PULL, Principal={"AWS": OTHER_ROLE})],
        [allow(PULL, Principal={"Service": "codepipeline.amazonaws.com"})],
        [allow(PULL, Principal=CODEBUILD), allow("ecr:*", "Deny", Principal="*")],
    ],
)
def test_half_a_pull_and_others_are_no_help(statements: list[Any]) -> None:
    """Nor an Allow beside an explicit deny."""
    assert len(found(repository(*statements))) == 1


@pytest.mark.parametrize("credentials", ["CODEBUILD", NOTHING])
def test_these_are_the_credentials_by_default(credentials: object) -> None:
    """Whether they are named or not."""
    assert len(found(repository(), project(ImagePullCredentialsType=credentials))) == 1


def test_an_image_of_another_account_needs_the_role() -> None:
    """Whatever its policy says."""
    uri = f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com/web:1"
    assert found(repository(), project(uri)) == [
        f"{BEGIN.format(uri)}the image is of account {OTHER}: CodeBuild cannot pull it; fix: {ROLE}"
    ]


@pytest.mark.parametrize(
    "web",
    [
        repository(allow(PULL, Principal=CODEBUILD)),
        repository(allow("ecr:*", Principal="*")),
        repository(allow(PULL, Principal={"Service": "codebuild.amazonaws.com.cn"})),
        repository(allow(PULL, Principal={"Service": {"Fn::Sub": "codebuild.${AWS::URLSuffix}"}})),
        repository(allow(PULL, Principal=CODEBUILD, Condition=CONDITION)),
        repository(allow(PULL, Principal=PARAMETER)),
        repository(allow(PARAMETER, Principal=CODEBUILD)),
        repository({"Fn::If": ["A", allow(PULL, Principal=CODEBUILD), NOTHING]}),
        repository(RepositoryPolicyText=PARAMETER),
        repository(RepositoryName="another"),
    ],
)
def test_a_repository_that_lets_it_or_may_is_not(web: dict[str, Any]) -> None:
    """Nor one that is not declared here."""
    assert found(web) == []


@pytest.mark.parametrize(
    "it",
    [
        project(ImagePullCredentialsType="SERVICE_ROLE"),
        project(ImagePullCredentialsType=PARAMETER),
        project(ImagePullCredentialsType={"Fn::If": ["A", "CODEBUILD", "SERVICE_ROLE"]}),
        project("aws/codebuild/standard:7.0"),
        project("public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0"),
        project(PARAMETER),
        project({"Fn::Sub": "${Parameter}.dkr.ecr.${AWS::Region}.amazonaws.com/web:1"}),
    ],
)
def test_a_project_that_pulls_otherwise_or_may_is_not(it: dict[str, Any]) -> None:
    """By its role, or an image that is none of ECR's."""
    assert found(repository(), it) == []


def test_the_policy_of_a_registry_may_let_it() -> None:
    """It is enforced beside the repository's."""
    policy = {"Statement": [allow(PULL, Principal=CODEBUILD, Resource="*")]}
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": policy}}
    assert found(repository(), Registry=registry) == []


def test_a_macro_may_change_either() -> None:
    """What it makes of the template is not known."""
    assert findings(RULE, app_of({"Resources": {"Web": repository(), "It": project()}, "Transform": "Ours"})) == []


def test_a_project_of_the_cdk_is_not(app: App, stack: Stack) -> None:
    """It sets the credentials."""
    image = codebuild.LinuxBuildImage.from_ecr_repository(ecr.Repository(stack, "Web"), "1.0")
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    codebuild.Project(stack, "It", build_spec=spec, environment=codebuild.BuildEnvironment(build_image=image))
    assert findings(RULE, synthesized(app)) == []
