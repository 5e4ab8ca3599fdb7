"""What a check waits for, directly or not: none of it can wait for the check in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnResource

from cdk_ecr_access.cdk.l1 import key_of, resource_of
from cdk_ecr_access.cdk.stacks import is_in
from cdk_ecr_access.cdk.unresolved import References

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_cdk import Stack
    from constructs import IConstruct


def waited_for(begin: Iterable[IConstruct], stack: Stack) -> set[str]:
    """Return the keys of the resources of a stack that some constructs need before them, and of these."""
    open_, seen, references = [*begin], set[str](), References()
    while open_:
        one = open_.pop()
        resource = one if isinstance(one, CfnResource) else resource_of(one)
        if resource is not None and key_of(resource) not in seen:
            seen.add(key_of(resource))
            if is_in(resource, stack):
                open_ += [*references.new_in(resource), *_dependencies(resource, stack)]
    return seen


def _dependencies(resource: CfnResource, stack: Stack) -> Iterator[IConstruct]:
    """Yield what a resource is declared to depend on, itself or with all that is in a scope around it."""
    for scope in resource.node.scopes[len(stack.node.scopes) :]:
        yield from scope.node.dependencies
    yield from (one for one in resource.obtain_dependencies() if isinstance(one, CfnResource))
