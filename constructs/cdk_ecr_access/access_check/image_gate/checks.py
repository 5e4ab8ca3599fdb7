"""The checks of stacks that need one for their images alone, such as a stack with a Lambda function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Aspects

from cdk_ecr_access.access_check.declared_policies import CHECK_ID
from cdk_ecr_access.access_check.given_settings import GivenSettings
from cdk_ecr_access.access_check.image_gate.consumers import uris_in
from cdk_ecr_access.access_check.image_gate.known_repositories import KnownRepositories
from cdk_ecr_access.access_check.settings import IMAGES, is_on
from cdk_ecr_access.cdk.l1 import resources_in
from cdk_ecr_access.cdk.on_visit import OnVisit
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, stack_of, stage_of
from cdk_ecr_access.cdk.unresolved import plain_properties_of
from ecr_access.rules.access.image_places import PLACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import CfnResource, Stack, Stage


def make_where_needed(stack: Stack, make: Callable[[Stack], object]) -> None:
    """Have checks made in the stack's stage, when all is declared, where images are required and there is no check.

    Args:
        stack: one of the stage that requires images.
        make: makes the check of a stack.
    """
    waiting = _waiting(stage_of(stack))
    if not waiting:
        waiting.append(make)
        Aspects.of(stage_of(stack)).add(OnVisit(lambda: _make(stage_of(stack), make)))


def _make(stage: Stage, make: Callable[[Stack], object]) -> None:
    """Make the checks of the stacks whose images are written out.

    A value that is produced late must not be asked for here: the CDK keeps it, and an aspect may still change what it
    is made of. ECS has such values, and a role whose access is checked.
    """
    seen: dict[str, Stack] = {}
    for resource in resources_in(stage, *PLACES):
        stack = stack_of(resource)
        if node_of(stack).path not in seen and _has_image_of_ours(resource, stack):
            seen[node_of(stack).path] = stack
            if node_of(stack).try_find_child(CHECK_ID) is None and is_on(GivenSettings(stack), IMAGES):
                make(stack)


def _has_image_of_ours(resource: CfnResource, stack: Stack) -> bool:
    known = KnownRepositories.of(stack)
    return any(known.of_image(uri, stack) for uri in uris_in(resource, plain_properties_of(resource)))


@per_construct
def _waiting(_: Stage) -> list[Callable[[Stack], object]]:
    return []
