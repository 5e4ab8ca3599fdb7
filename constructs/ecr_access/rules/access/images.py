"""Which resource runs which image, and which role pulls it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.documents.templates.references import partition_of
from ecr_access.iam.arns import Registry
from ecr_access.iam.unknown_text import MARK
from ecr_access.rules.access.image_places import PLACES, images_at, role_at
from ecr_access.rules.access.placeholders import placeholder_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template
    from ecr_access.rules.access.image_places import Place

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
        place: where resources of that type name an image, and what pulls it.
        puller: the ARN of the role by which it is pulled; empty if the resource names none.
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
    place: Place
    puller: str = ""

    @property
    def repository(self) -> str:
        """The ARN of its repository."""
        return Registry(partition_of(self.region), self.region, self.account).repository_arn(self.name)

    @property
    def is_asset(self) -> bool:
        """Whether its repository is made, or named, for the images that a tool publishes, as the CDK does."""
        named = bool(_ASSETS.fullmatch(self.name) or (self.digest and _OF_SERVERLESS.fullmatch(self.name)))
        return named or self.name in self.resource.template.published.repositories


class Written(NamedTuple):
    """What stands where a resource names an image; ``passed`` are the elements that its path went through."""

    resource: Resource
    path: str
    value: Any
    place: Place
    passed: tuple[str | int, ...]


def images_in(template: Template, resolver: Resolver) -> Iterator[Image]:
    """Yield the images of Amazon ECR that a template's resources run."""
    for one in written_in(template):
        uri = resolver.text(one.value, template)
        # The rule not-substituted tells of a placeholder, and no rule is to take it for a name.
        if (parts := parts_of(uri)) and not placeholder_in(uri, template):
            role = _role(one.place, one.resource.properties, one.passed)
            arn = resolver.text(role, template) if role is not None else ""
            yield Image(one.resource, one.path, uri, puller=arn, place=one.place, **parts)


def written_in(template: Template) -> Iterator[Written]:
    """Yield what stands where a template's resources name images, of whatever registry."""
    for resource in template.of_type(*PLACES):
        for place in PLACES[resource.type]:
            for path, value, passed in images_at(resource.properties, place.image):
                if value is not None:
                    yield Written(resource, f"Properties.{path}", value, place, passed)


def parts_of(uri: str) -> dict[str, str]:
    """Take the URI of an image of Amazon ECR apart: the account, region, suffix, name, tag and digest; else empty."""
    match = _URI.fullmatch(uri)
    return {key: found or "" for key, found in match.groupdict().items()} if match else {}


def _role(place: Place, properties: Mapping[str, Any], passed: tuple[str | int, ...]) -> Any:
    """Return the role that pulls an image, as it is written; None if there is none, or if it is not known to pull."""
    if not place.role or (place.unless and role_at(properties, place.unless[0], ()) != place.unless[1]):
        return None
    return role_at(properties, place.role, passed)
