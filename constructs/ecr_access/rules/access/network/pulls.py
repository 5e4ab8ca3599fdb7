"""Which images the tasks of an app pull through which subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.documents.templates.template import listed, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.network.tasks import Task

_PUBLIC: Final = "public.ecr.aws/"


class Pull(NamedTuple):
    """An image of a private registry, the VPC and subnet that a task pulls it from, and the role, if it is known."""

    image: Image
    subnet: Resource
    vpc: Resource
    role: Identity | None


def images_of(task: Task, app: Application) -> list[Image]:
    """Return the images of a task, of private registries of ECR."""
    return app.images_of(app.network.definition_of(task))


def public_image_of(task: Task, app: Application) -> str:
    """Return the first image of a task of the public registry of ECR; empty if there is none."""
    definition = app.network.definition_of(task)
    if definition is None:
        return ""
    images = (mapping(one).get("Image") for one in listed(definition.properties.get("ContainerDefinitions")))
    found = (app.resolver.text(one, definition.template) for one in images)
    return next((one for one in found if one.startswith(_PUBLIC)), "")


def pulls_in(app: Application) -> Iterator[Pull]:
    """Yield what tasks pull through subnets that the app declares, with their VPCs."""
    for task in app.network.tasks:
        for subnet in app.network.subnets_of(task):
            if vpc := app.network.vpc_of(subnet):
                yield from (Pull(one, subnet, vpc, _role_of(one, app)) for one in images_of(task, app))


def _role_of(image: Image, app: Application) -> Identity | None:
    found = app.identities.of_role(image.puller)
    return found if found and found.may_be_of(image.resource.template) else None
