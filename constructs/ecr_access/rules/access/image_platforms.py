"""The platform that an image has to be for, where the resource that runs it certainly says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import is_function, listed, mapping
from ecr_access.ecr.image_names import platform_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
"""The types whose resources take no index of images."""

PLATFORM_PROPERTIES: Final = ("Architectures", "Environment", "RequiresCompatibilities", "RuntimePlatform")
"""The properties that are read."""

_X86: Final = "x86_64"


def platform_at(kind: str, properties: Mapping[str, Any]) -> str:
    """Return the platform of the images of a resource, such as ``linux/arm64``; empty if it is not certain.

    Args:
        kind: the resource's type.
        properties: of the resource.
    """
    return _PLATFORMS[kind](properties) if kind in _PLATFORMS else ""


# https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
def _of_function(properties: Mapping[str, Any]) -> str:
    (first, *_) = listed(properties.get("Architectures", _X86)) or [""]
    return _platform(first)


# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#runtime-platform
def _of_task(properties: Mapping[str, Any]) -> str:
    """Fargate runs what says nothing on Linux and x86_64; a task on an instance runs wherever it is placed."""
    written = properties.get("RuntimePlatform", {})
    if is_function(written) or not isinstance(written, dict):
        return ""
    said, on_fargate = mapping(written), listed(properties.get("RequiresCompatibilities")) == ["FARGATE"]
    architecture = said.get("CpuArchitecture", _X86 if on_fargate else "")
    system = said.get("OperatingSystemFamily", "LINUX" if on_fargate or architecture else "")
    return _platform(architecture, _SYSTEMS.get(str(system).partition("_")[0], ""))


_SYSTEMS: Final = {"LINUX": "linux", "WINDOWS": "windows"}


# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
def _of_project(properties: Mapping[str, Any]) -> str:
    said = mapping(properties.get("Environment")).get("Type")
    return _ENVIRONMENTS.get(said, "") if isinstance(said, str) else ""


_ENVIRONMENTS: Final = {
    **dict.fromkeys(("LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "LINUX_LAMBDA_CONTAINER"), "linux/amd64"),
    **dict.fromkeys(("ARM_CONTAINER", "ARM_LAMBDA_CONTAINER"), "linux/arm64"),
    **dict.fromkeys(("WINDOWS_CONTAINER", "WINDOWS_SERVER_2019_CONTAINER"), "windows/amd64"),
    "WINDOWS_SERVER_2022_CONTAINER": "windows/amd64",
}


def _platform(architecture: Any, system: str = "linux") -> str:
    return platform_of(architecture, system) if isinstance(architecture, str) and system else ""


_PLATFORMS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    **dict.fromkeys(FUNCTIONS, _of_function),
    "AWS::ECS::TaskDefinition": _of_task,
    "AWS::CodeBuild::Project": _of_project,
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-get-started-toolkit.html
    "AWS::BedrockAgentCore::Runtime": lambda _: "linux/arm64",
    # https://github.com/aws/apprunner-roadmap/issues/79
    "AWS::AppRunner::Service": lambda _: "linux/amd64",
}
