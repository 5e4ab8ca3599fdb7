"""The images that builds of the app push, as far as their commands tell.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECRBuildAndPublish.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import partition_of
from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.arns import Registry
from ecr_access.iam.unknown_text import MARK, unknown
from ecr_access.rules.access.images import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

PROJECT: Final = "AWS::CodeBuild::Project"
PIPELINE: Final = "AWS::CodePipeline::Pipeline"
_REFERENCE: Final = rf"[\"']?(?P<image>(?:{MARK}|[^\s\"';&|<>\ue000])+)"
_PUSH: Final = re.compile(
    rf"\b(?:docker|podman|buildah|finch|nerdctl)\s+(?:image\s+)?push\s+(?:(?:-q|--quiet)\s+)?{_REFERENCE}"
)
_PUSHES: Final = re.compile(r"--push\b|\btype=registry\b")
# What is no command that has to succeed: a comment, a text that is printed, a failure that is put up with.
_NO_MATTER: Final = re.compile(r"^[\s\"'-]*(?:#|(?:echo|printf)\b[^;&|]*$)|\|\|")
_BUILDX: Final = re.compile(rf"\s(?:-t|--tag)[\s=]+{_REFERENCE}")
_VARIABLE: Final = re.compile(rf"{MARK}|\$(?:\{{(?P<braced>\w+)\}}|(?P<plain>\w+))")
_REGIONS: Final = ("AWS_DEFAULT_REGION", "AWS_REGION")
_OPEN: Final = "$`("
_PROVIDER: Final = "ECRBuildAndPublish"
_ACTION: Final = "CodeBuild"
_NAMES: Final = re.compile(r"\"name\"\s*:\s*\"(\w+)\"")
# Of a build that may make room for a tag, or look whether it is there.
_LOOKS: Final = ("batch-delete-image", "batch-get-image", "describe-images", "manifest inspect")


@dataclass(frozen=True)
class Push:
    """An image that a build pushes at each run.

    Attributes:
        resource: that builds.
        path: of the commands in it.
        repository: the ARN of the repository.
        name: of the repository.
        tag: that is pushed.
    """

    resource: Resource
    path: str
    repository: str
    name: str
    tag: str


def pushes_in(template: Template, resolver: Resolver) -> Iterator[Push]:
    """Yield the images that the builds of a template push."""
    for project in template.of_type(PROJECT):
        yield from _of_project(project, resolver)
    for pipeline in template.of_type(PIPELINE):
        yield from _of_pipeline(pipeline, resolver)


def publishing_roles(template: Template, resolver: Resolver) -> Iterator[str]:
    """Yield the ARNs of the roles by which AWS CodePipeline itself builds images and pushes them."""
    for pipeline in template.of_type(PIPELINE):
        for _, action in _actions(pipeline, _PROVIDER):
            role = action.get("RoleArn", pipeline.properties.get("RoleArn"))
            if role is not None:
                yield resolver.text(role, template)


def _of_project(project: Resource, resolver: Resolver) -> Iterator[Push]:
    text = resolver.text(mapping(project.properties.get("Source")).get("BuildSpec"), project.template)
    if any(one in text for one in _LOOKS):
        return
    # Where an image is built for several platforms, one command goes over lines.
    commands = _with_variables(text.replace("\\\n", " "), project, resolver)
    for line in commands.splitlines():
        if _NO_MATTER.search(line):
            continue
        found = _BUILDX.finditer(line) if _PUSHES.search(line) else _PUSH.finditer(line)
        for one in found:
            parts = parts_of(one["image"])
            if parts and not set(_OPEN) & set(re.sub(MARK, "", one["image"])):
                arn = Registry(partition_of(parts["region"]), parts["region"], parts["account"])
                path = "Properties.Source.BuildSpec"
                repository = arn.repository_arn(parts["name"])
                yield Push(project, path, repository, parts["name"], parts["tag"] or "latest")


def _of_pipeline(pipeline: Resource, resolver: Resolver) -> Iterator[Push]:
    template = pipeline.template
    for path, action in _actions(pipeline, _PROVIDER):
        given = mapping(action.get("Configuration"))
        if given.get("RegistryType", "private") != "private":
            continue
        region = action.get("Region", {"Ref": "AWS::Region"})
        account, place = (resolver.text(one, template) for one in ({"Ref": "AWS::AccountId"}, region))
        name = resolver.text(given.get("ECRRepositoryName"), template)
        tags = resolver.text(given["ImageTags"], template) if "ImageTags" in given else "latest"
        repository = Registry(partition_of(place), place, account).repository_arn(name)
        for tag in re.split(r"\s*,\s*", tags):
            # A variable of the pipeline, such as '#{SourceVariables.CommitId}', changes with each run.
            yield Push(pipeline, path, repository, name, unknown(tag) if "#{" in tag else tag)


def _actions(pipeline: Resource, provider: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the actions of a pipeline that are of a provider, each with the path of its configuration."""
    for number, stage in enumerate(listed(pipeline.properties.get("Stages"))):
        for index, action in enumerate(map(mapping, listed(mapping(stage).get("Actions")))):
            if mapping(action.get("ActionTypeId")).get("Provider") == provider:
                yield f"Properties.Stages[{number}].Actions[{index}].Configuration", action


def _with_variables(text: str, project: Resource, resolver: Resolver) -> str:
    """Put in the values of the project's variables that the commands do not set; another variable is unknown."""
    given = _variables(project, resolver)

    def value(one: re.Match[str]) -> str:
        name = one["braced"] or one["plain"]
        if not name:
            return one[0]
        # By a command, or among the variables of the build specification.
        is_set = re.search(rf"(?m)(?:^|[\s;&(\"']){name}=|^\s*{name}\s*:", text)
        return given[name] if name in given and not is_set else unknown(name, "variable")

    return _VARIABLE.sub(value, text)


def _variables(project: Resource, resolver: Resolver) -> dict[str, str]:
    found = {name: resolver.text({"Ref": "AWS::Region"}, project.template) for name in _REGIONS}
    given = mapping(project.properties.get("Environment")).get("EnvironmentVariables")
    for one in map(mapping, listed(given)):
        name: Any = one.get("Name")
        if isinstance(name, str) and one.get("Type", "PLAINTEXT") == "PLAINTEXT":
            found[name] = resolver.text(one.get("Value"), project.template)
    chosen = _chosen_by_pipelines(project.template, resolver)
    return {name: value for name, value in found.items() if name not in chosen}


def _chosen_by_pipelines(template: Template, resolver: Resolver) -> frozenset[str]:
    """Name the variables that an action of a pipeline gives a build, in the place of the project's own."""
    given = (
        resolver.text(mapping(action.get("Configuration")).get("EnvironmentVariables"), template)
        for pipeline in template.of_type(PIPELINE)
        for _, action in _actions(pipeline, _ACTION)
    )
    return frozenset(name for text in given for name in _NAMES.findall(text))
