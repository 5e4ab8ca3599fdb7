"""Which platform an image has to be for."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.access.image_places import PLACES
from ecr_access.rules.access.image_platforms import platform_at

TASK, FUNCTION, PROJECT = "AWS::ECS::TaskDefinition", "AWS::Lambda::Function", "AWS::CodeBuild::Project"
ON_FARGATE = {"RequiresCompatibilities": ["FARGATE"]}
UNKNOWN = {"Ref": "Parameter"}


@pytest.mark.parametrize(
    ("kind", "properties", "platform"),
    [
        (FUNCTION, {}, "linux/amd64"),
        (FUNCTION, {"Architectures": ["arm64"]}, "linux/arm64"),
        (FUNCTION, {"Architectures": ["x86_64"]}, "linux/amd64"),
        (FUNCTION, {"Architectures": [UNKNOWN]}, ""),
        (FUNCTION, {"Architectures": UNKNOWN}, ""),
        (TASK, {}, ""),
        (TASK, ON_FARGATE, "linux/amd64"),
        (TASK, {"RequiresCompatibilities": ["EC2", "FARGATE"]}, ""),
        (TASK, {**ON_FARGATE, "RuntimePlatform": {"CpuArchitecture": "ARM64"}}, "linux/arm64"),
        (TASK, {"RuntimePlatform": {"CpuArchitecture": "ARM64"}}, "linux/arm64"),
        (TASK, {"RuntimePlatform": {"OperatingSystemFamily": "LINUX"}}, ""),
        (TASK, {**ON_FARGATE, "RuntimePlatform": UNKNOWN}, ""),
        (TASK, {**ON_FARGATE, "RuntimePlatform": {"CpuArchitecture": UNKNOWN}}, ""),
        (TASK, {**ON_FARGATE, "RuntimePlatform": {"OperatingSystemFamily": UNKNOWN}}, ""),
        (
            TASK,
            {**ON_FARGATE, "RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
            "windows/amd64",
        ),
        (PROJECT, {"Environment": {"Type": "LINUX_CONTAINER"}}, "linux/amd64"),
        (PROJECT, {"Environment": {"Type": "ARM_LAMBDA_CONTAINER"}}, "linux/arm64"),
        (PROJECT, {"Environment": {"Type": "MAC_ARM"}}, ""),
        (PROJECT, {"Environment": {"Type": UNKNOWN}}, ""),
        (PROJECT, {"Environment": UNKNOWN}, ""),
        ("AWS::AppRunner::Service", {}, "linux/amd64"),
        ("AWS::BedrockAgentCore::Runtime", {}, "linux/arm64"),
        ("AWS::SageMaker::Model", {}, ""),
    ],
)
def test_a_platform_is_said_only_where_it_is_certain(kind: str, properties: dict[str, Any], platform: str) -> None:
    """By the resource, or by its service's default; a value that only the deployment knows says nothing."""
    assert platform_at(kind, properties) == platform


def test_every_kind_of_resource_has_an_answer() -> None:
    """Of each that names an image, also without a property."""
    assert {platform_at(kind, {}) for kind in PLACES} == {"", "linux/amd64", "linux/arm64"}
