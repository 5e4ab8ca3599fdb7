"""Where the CDK puts a construct: its stack, and its logical id there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.codes import Code
from ecr_access.wording import type_shown

if TYPE_CHECKING:
    from aws_cdk import Stack

_ARNS: Final = ("role_arn", "user_arn", "group_arn", "attr_arn")


def principal_of(given: object) -> object:
    """Return a role, user, group or logical id; of what runs under a role, that role.

    Raises:
        TypeError: if it is none of these.
    """
    # A class has the attributes of its instances.
    if not isinstance(given, type):
        if isinstance(given, str) or any(hasattr(given, one) for one in _ARNS):
            return given
        principal: object = getattr(given, "grant_principal", None)
        if any(hasattr(principal, one) for one in _ARNS):
            return principal
    raise TypeError(
        Code.ARGUMENT.ends(
            f"a role, user or group is expected, got {type_shown(given)}; allowed are a construct, "
            "what runs under a role, and a logical id; of a task definition, its execution_role"
        )
    )


def leaf_of(given: Any) -> tuple[Stack, str] | None:
    """Return the stack of a construct's resource, and its logical id; None for what is imported, or no construct."""
    if isinstance(given, (str, type)) or not hasattr(given, "node"):
        return None
    from aws_cdk import CfnElement, Stack  # starts Node.js

    leaf = given if isinstance(given, CfnElement) else given.node.default_child
    if not isinstance(leaf, CfnElement):
        return None
    stack = Stack.of(leaf)
    return stack, str(stack.resolve(leaf.logical_id))
