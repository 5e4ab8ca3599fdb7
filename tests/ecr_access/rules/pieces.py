"""Pieces of templates that rules are tried on, and templates of the CDK's own constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application

if TYPE_CHECKING:
    from aws_cdk import App

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
WEB = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"
WEB_URI = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/web"
OTHER_ROLE = f"arn:aws:iam::{OTHER}:role/ci"
OTHER_ROOT = f"arn:aws:iam::{OTHER}:root"
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
NOTHING = {"Ref": "AWS::NoValue"}
PARAMETER = {"Ref": "Parameter"}


def allow(action: object, effect: str = "Allow", **more: object) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": action, **more}


def repository(*statements: object, **properties: object) -> dict[str, Any]:
    """A repository of the name web, with a policy if there are statements."""
    policy = {"RepositoryPolicyText": {"Statement": [*statements]}} if statements else {}
    return {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "web", **policy, **properties}}


def role(*statements: object, **properties: object) -> dict[str, Any]:
    """A role of the name ci, with a policy of its own."""
    policies = [{"PolicyName": "own", "PolicyDocument": {"Statement": [*statements]}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "Policies": policies, **properties}}


def function(image: object = WEB_URI) -> dict[str, Any]:
    """A Lambda function that runs an image."""
    return {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": image}}}


def task(image: object = WEB_URI) -> dict[str, Any]:
    """A task of ECS that runs an image."""
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Image": image}]}}


def synthesized(app: App) -> Application:
    """What the CDK makes of an app."""
    return Application(
        [
            Template(one.template_file, one.template, *_place(one.environment.account, one.environment.region))
            for one in app.synth().stacks
        ]
    )


def _place(*parts: str) -> tuple[str, str]:
    account, region = ("" if one.startswith("unknown-") else one for one in parts)
    return account, region
