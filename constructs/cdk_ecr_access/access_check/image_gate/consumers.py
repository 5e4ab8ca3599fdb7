"""The resources of a stack that run images of repositories of this library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_cdk import Annotations

from cdk_ecr_access.access_check.image_gate.known_repositories import KnownRepositories
from cdk_ecr_access.access_check.image_gate.required_image import RequiredImage
from cdk_ecr_access.cdk.l1 import resources_in
from cdk_ecr_access.cdk.stacks import is_in
from cdk_ecr_access.cdk.unresolved import properties_of
from ecr_access.codes import Code
from ecr_access.ecr.image_names import image_error
from ecr_access.rules.access.image_places import PLACES, images_at
from ecr_access.rules.access.image_platforms import FUNCTIONS, PLATFORM_PROPERTIES, platform_at
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import CfnResource, Stack

_TASK: Final = "AWS::ECS::TaskDefinition"
_SERVICE: Final = "AWS::ECS::Service"
_NAMES: Final = {
    kind: {*PLATFORM_PROPERTIES, *(place.image.partition(".")[0].removesuffix("[]") for place in places)}
    for kind, places in PLACES.items()
}
"""The properties that say which image a resource runs, and on which platform."""


class Consumer(NamedTuple):
    """A resource that runs an image."""

    resource: CfnResource
    image: RequiredImage


def consumers_in(stack: Stack) -> list[Consumer]:
    """Find the resources of a stack that run images of repositories of this library, and need them now.

    A task definition whose services are to run no task yet does not. Of one without a service nothing is known.
    """
    found = [one for resource in resources_in(stack, *PLACES) for one in _consumed(resource, stack)]
    idle = _idle(stack) if any(one.resource.cfn_resource_type == _TASK for one in found) else set()
    return [one for one in found if one.resource.ref not in idle]


def uris_in(resource: CfnResource, properties: dict[str, Any]) -> list[str]:
    """Return the URIs of the images in the properties of a resource."""
    places = PLACES[resource.cfn_resource_type]
    values = [value for place in places for _, value, _ in images_at(properties, place.image)]
    return [one for one in values if isinstance(one, str)]


def _consumed(resource: CfnResource, stack: Stack) -> Iterator[Consumer]:
    if not is_in(resource, stack):
        return
    kind, properties = resource.cfn_resource_type, properties_of(resource, _NAMES[resource.cfn_resource_type])
    for uri in dict.fromkeys(uris_in(resource, properties)):
        if found := KnownRepositories.of(stack).of_image(uri, stack):
            repository, image = found
            if not is_token(image) and (problem := image_error(image)):
                Annotations.of(resource).add_error(Code.IMAGE_REQUIREMENT.ends(problem))
                continue
            required = RequiredImage(repository, image, platform_at(kind, properties), kind in FUNCTIONS)
            yield Consumer(resource, required)


def _idle(stack: Stack) -> set[str]:
    """Return the references to the task definitions whose services, one at least, are all to run no task."""
    counts: dict[Any, list[Any]] = {}
    for service in resources_in(stack, _SERVICE):
        properties = properties_of(service, ("TaskDefinition", "DesiredCount"))
        counts.setdefault(str(properties.get("TaskDefinition")), []).append(properties.get("DesiredCount"))
    return {task for task, all_of_them in counts.items() if {str(one) for one in all_of_them} == {"0"}}
