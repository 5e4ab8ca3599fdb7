"""Which resource runs which image, and which role pulls it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import partition_of
from ecr_access.documents.templates.template import is_function, listed, mapping
from ecr_access.iam.arns import Registry
from ecr_access.iam.unknown_text import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

_PART: Final = f"(?:{MARK}|[^./:@\ue000]+)"
_URI: Final = re.compile(
    rf"(?P<account>\d{{12}}|{MARK})\.dkr[.-]ecr(?:-fips)?\.(?P<region>{_PART})\."
    rf"(?P<suffix>[^/]+)/(?P<name>(?:{MARK}|[^:@\ue000])+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)
# Of the CDK's bootstrap, of what was before it, and of ``sam deploy --resolve-image-repos``.
_ASSETS: Final = re.compile(r"cdk-[^/]*container-assets-.*|aws-cdk/assets|[a-z0-9]+companionstack/[a-z0-9]+repo")
# The Serverless Framework makes it for a service and a stage, and names what it pushed by digest.
# https://github.com/oss-serverless/serverless/blob/main/lib/plugins/aws/lib/naming.js
_OF_SERVERLESS: Final = re.compile(r"serverless-[^/]+-[^/]+")


@dataclass(frozen=True)
class Image:
    """An image of Amazon ECR that a resource runs.

    Attributes:
        resource: who runs it.
        path: of the image's URI in the resource: ``Properties.ContainerDefinitions[0].Image``.
        uri: as a text.
        account, region, name, tag, digest: the URI's parts; an empty tag and digest mean ``latest``.
        puller: the ARN of the role by which it is pulled; empty if it is pulled by no role of the app.
        needs_token: whether the puller signs in, as ECS does; Lambda does not.
    """

    resource: Resource
    path: str
    uri: str
    account: str
    region: str
    name: str
    tag: str
    digest: str
    suffix: str
    puller: str = ""
    needs_token: bool = True

    @property
    def repository(self) -> str:
        """The ARN of its repository."""
        return Registry(partition_of(self.region), self.region, self.account).repository_arn(self.name)

    @property
    def is_asset(self) -> bool:
        """Whether its repository is made, or named, for the images that a tool publishes, as the CDK does."""
        named = bool(_ASSETS.fullmatch(self.name) or (self.digest and _OF_SERVERLESS.fullmatch(self.name)))
        return named or self.name in self.resource.template.published.repositories


def images_in(template: Template, resolver: Resolver) -> Iterator[Image]:
    """Yield the images of Amazon ECR that a template's resources run."""
    for resource in template.resources.values():
        if reader := _READERS.get(resource.type):
            for path, value, puller, needs_token in reader(resource.properties):
                uri = resolver.text(value, template) if value is not None else ""
                if match := _URI.fullmatch(uri):
                    parts = {key: found or "" for key, found in match.groupdict().items()}
                    arn = resolver.text(puller, template) if puller is not None else ""
                    yield Image(resource, f"Properties.{path}", uri, puller=arn, needs_token=needs_token, **parts)


_Found = tuple[str, Any, Any, bool]


def _ecs(properties: Any) -> Iterator[_Found]:
    role = properties.get("ExecutionRoleArn")
    for index, one in enumerate(listed(properties.get("ContainerDefinitions"))):
        yield f"ContainerDefinitions[{index}].Image", mapping(one).get("Image"), role, True


def _lambda(properties: Any) -> Iterator[_Found]:
    yield "Code.ImageUri", mapping(properties.get("Code")).get("ImageUri"), None, False


def _serverless(properties: Any) -> Iterator[_Found]:
    yield "ImageUri", properties.get("ImageUri"), None, False


def _codebuild(properties: Any) -> Iterator[_Found]:
    environment = mapping(properties.get("Environment"))
    own = environment.get("ImagePullCredentialsType") == "SERVICE_ROLE"
    yield "Environment.Image", environment.get("Image"), properties.get("ServiceRole") if own else None, True


def _apprunner(properties: Any) -> Iterator[_Found]:
    source = mapping(properties.get("SourceConfiguration"))
    given = source.get("AuthenticationConfiguration")
    role = given if is_function(given) else mapping(given).get("AccessRoleArn")
    image = mapping(source.get("ImageRepository")).get("ImageIdentifier")
    yield "SourceConfiguration.ImageRepository.ImageIdentifier", image, role, True


def _express(properties: Any) -> Iterator[_Found]:
    image = mapping(properties.get("PrimaryContainer")).get("Image")
    yield "PrimaryContainer.Image", image, properties.get("ExecutionRoleArn"), True


def _batch(properties: Any) -> Iterator[_Found]:
    yield from _batch_containers(properties, "ContainerProperties")
    pod = mapping(mapping(properties.get("EksProperties")).get("PodProperties"))
    for kind in ("InitContainers", "Containers"):
        for index, one in enumerate(listed(pod.get(kind))):
            yield f"EksProperties.PodProperties.{kind}[{index}].Image", mapping(one).get("Image"), None, True
    ranges = listed(mapping(properties.get("NodeProperties")).get("NodeRangeProperties"))
    for number, one in enumerate(ranges):
        for path, *found in _batch_containers(mapping(one), "Container"):
            yield f"NodeProperties.NodeRangeProperties[{number}].{path}", *found


def _batch_containers(properties: Any, single: str) -> Iterator[_Found]:
    container = mapping(properties.get(single))
    yield f"{single}.Image", container.get("Image"), container.get("ExecutionRoleArn"), True
    for number, task in enumerate(listed(mapping(properties.get("EcsProperties")).get("TaskProperties"))):
        role = mapping(task).get("ExecutionRoleArn")
        for index, one in enumerate(listed(mapping(task).get("Containers"))):
            path = f"EcsProperties.TaskProperties[{number}].Containers[{index}].Image"
            yield path, mapping(one).get("Image"), role, True


_READERS: Final[dict[str, Callable[[Any], Iterator[_Found]]]] = {
    "AWS::ECS::TaskDefinition": _ecs,
    "AWS::ECS::ExpressGatewayService": _express,
    "AWS::Lambda::Function": _lambda,
    "AWS::Serverless::Function": _serverless,
    "AWS::CodeBuild::Project": _codebuild,
    "AWS::AppRunner::Service": _apprunner,
    "AWS::Batch::JobDefinition": _batch,
}
