"""The images that a check requires: those that the app names, and those that resources of its stack run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import Annotations, CfnResource

from cdk_ecr_access.access_check.image_gate.order import waited_for
from cdk_ecr_access.access_check.image_gate.required_image import follow_written
from cdk_ecr_access.cdk.l1 import key_of
from cdk_ecr_access.principals.grantees import is_construct
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam
    from constructs import IConstruct

    from cdk_ecr_access.access_check.image_gate.consumers import Consumer
    from cdk_ecr_access.access_check.image_gate.required_image import RequiredImage

UNORDERED: Final = "cdk-ecr-access:imageNotFirst"
"""The id of the warning, for ``Annotations.acknowledge_warning``."""

# They pull when they are started, and deploy without.
_PULL_LATER: Final = ("AWS::CodeBuild::Project", "AWS::Batch::JobDefinition")


class ImageGate:
    """The images that the check of a stack requires."""

    def __init__(self, stack: Stack, *, finds: bool) -> None:
        """Require nothing yet; ``finds`` says whether the images that the stack's resources run are required too."""
        self._stack = stack
        self._finds = finds
        self._images: dict[RequiredImage, None] = {}
        self._consumers: list[Consumer] = []

    def __contains__(self, image: RequiredImage) -> bool:
        """Whether an image is required already."""
        return image in self._images

    def add(self, image: RequiredImage) -> None:
        """Require an image; its repository is made first, where this app makes it."""
        self._images[image] = None
        follow_written(self._stack, image.repository)

    def found(self) -> Iterator[RequiredImage]:
        """Yield the images that the stack's resources run, once: when all aspects have had their say."""
        if self._finds:
            from cdk_ecr_access.access_check.image_gate.consumers import consumers_in

            self._finds = False
            self._consumers = consumers_in(self._stack)
            yield from dict.fromkeys(one.image for one in self._consumers)

    def as_property(self) -> list[dict[str, Any]]:
        """Render the images, each once however many resources run it."""
        every: list[dict[str, Any]] = []
        for one in self._images:
            written = one.as_property(self._stack)
            every += [] if written in every else [written]
        return every

    def put_first(self, check: CfnResource, begin: Iterable[CfnResource | iam.IPrincipal | str]) -> None:
        """Have each resource that runs an image deployed after the check.

        Args:
            check: the custom resource.
            begin: what the check waits for; what that waits for in its turn cannot wait for the check.
        """
        resources = {key_of(one.resource): one.resource for one in self._consumers}
        later = {key: one for key, one in resources.items() if one.cfn_resource_type not in _PULL_LATER}
        before = waited_for(_constructs(begin), self._stack) if later else set()
        for key, resource in later.items():
            if key not in before:
                resource.add_resource_dependency(check)
                continue
            Annotations.of(resource).add_warning_v2(UNORDERED, Code.IMAGE_ORDER.ends(_unordered(resource)))


def _unordered(resource: CfnResource) -> str:
    return (
        f"the access check cannot look at the image of '{resource.node.path}' before that is deployed, because what it "
        "proves depends on it, such as the policy of a role whose access is checked and that names it; the deployment "
        "may fail without the check's words; declare that role in another stack, name the resource in its policy by a "
        "text, or acknowledge this"
    )


def _constructs(given: Iterable[CfnResource | iam.IPrincipal | str]) -> Iterator[IConstruct]:
    return (cast("IConstruct", one) for one in given if isinstance(one, CfnResource) or is_construct(one))
