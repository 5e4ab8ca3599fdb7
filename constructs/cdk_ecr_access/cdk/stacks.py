"""What is asked of a stack again and again, asked once: each question is a crossing into the CDK's process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from aws_cdk import Stack, Stage

from cdk_ecr_access.cdk.per_construct import per_construct
from ecr_access.documents.templates.references import partition_of
from ecr_access.ecr.regions import REGIONS
from ecr_access.iam.arns import Registry

if TYPE_CHECKING:
    from constructs import Construct, IConstruct, Node

_MOST_EXPORTS: Final = 150
"""Of the 200 outputs that a template may have; the others are the app's own."""


def stack_of(scope: IConstruct) -> Stack:
    """Return the stack that a construct is in, or is."""
    return scope if isinstance(scope, Stack) else _around(cast("Construct", scope))


def is_in(construct: IConstruct, stack: Stack) -> bool:
    """Whether a construct is in a stack, and in none that is nested in it."""
    found = stack_of(construct)
    # A stack that is not made in Python is another object each time.
    return found is stack or node_of(found).path == node_of(stack).path


@per_construct
def node_of(stack: Stack) -> Node:
    """Return the place of a stack in the tree."""
    return stack.node


@per_construct
def root_of(stack: Stack) -> IConstruct:
    """Return the root of the tree that a stack is in, an app."""
    return node_of(stack).root


@per_construct
def _around(construct: Construct) -> Stack:
    return Stack.of(construct)


@per_construct
def stage_of(stack: Stack) -> Stage:
    """Return the stage that a stack is in, an app at most: without one the CDK makes no stack."""
    return cast("Stage", Stage.of(stack))


@per_construct
def registry_of(stack: Stack) -> Registry:
    """Tell the registry that the repositories of a stack are in; the partition literally where the Region is known."""
    region = stack.region
    # The CDK's table of Regions costs 45 ms to read, a fiftieth of a small app.
    partition = partition_of(region) if region in REGIONS else stack.partition
    return Registry(partition, region, stack.account)


@per_construct
def may_follow(stack: Stack, other: Stack) -> bool:
    """Whether the CDK can have one stack deployed after another; nested stacks go with their parents."""
    if stack.nested_stack_parent or other.nested_stack_parent:
        return False
    return stage_of(stack).node.path == stage_of(other).node.path


def comes_after(stack: Stack, other: Stack) -> bool:
    """Whether one stack is deployed after another one."""
    open_, seen = [stack], set[str]()
    while open_:
        new = [one for one in open_.pop().dependencies if one.node.path not in seen]
        seen |= {one.node.path for one in new}
        open_ += new
    return other.node.path in seen


@per_construct
def follow(stack: Stack, other: Stack) -> None:
    """Have one stack deployed after another."""
    stack.add_stack_dependency(other)


@per_construct
def export(stack: Stack, attribute: str) -> None:
    """Export an attribute of a resource under the name that the CDK gives the export of a reference."""
    exported = _exported(stack)
    if len(exported) < _MOST_EXPORTS:
        exported.append(attribute)
        stack.export_value(attribute)


@per_construct
def _exported(_: Stack) -> list[str]:
    return []
