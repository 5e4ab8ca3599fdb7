"""The logical id that the CDK gives to the resource of a construct, without the construct.

https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from aws_cdk import CfnResource
from constructs import Construct

from cdk_ecr_access.cdk.stacks import node_of, stack_of
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESOURCE: Final = "Resource"
"""The id of the resource in a construct, of which a logical id has only the hash."""

_HIDDEN: Final = "Default"
"""An id that a logical id has nothing of."""

_LONGEST_NAME: Final = 240
_HASH: Final = 8


class LogicalIds:
    """The logical ids of what is in a scope."""

    def __init__(self, scope: Construct) -> None:
        """Take a scope.

        Raises:
            ValueError: if its stack gives logical ids by another rule than the CDK's, or renames one.
        """
        stack = stack_of(scope)
        self._path = scope.node.path.removeprefix(node_of(stack).path).strip("/").split("/")
        probe = Construct(scope, "LogicalId")
        resource = CfnResource(probe, _RESOURCE, type="AWS::ECR::Repository")
        found = stack.get_logical_id(resource)
        scope.node.try_remove_child("LogicalId")
        if found != self.of("LogicalId"):
            raise Code.NOT_IN_BULK.error(
                f"stack '{node_of(stack).path}' gives logical ids by a rule of its own, {found!r} where the CDK gives "
                f"{self.of('LogicalId')!r}, and repositories in bulk have the CDK's; use DeclaredRepositories instead"
            )

    def of(self, child: str) -> str:
        """Return the logical id of the resource in a child of the scope."""
        return logical_id([*self._path, child, _RESOURCE])


def logical_id(path: Sequence[str]) -> str:
    """Return the logical id of a resource by the ids of the constructs on its path, from below the stack.

    The ids without what is no letter or digit, and a hash of the whole path: the CDK's own rule, which a test compares.
    """
    shown = [one for one in path if one != _HIDDEN]
    words: list[str] = []
    for one in shown:
        if not (words and words[-1].endswith(one)):
            words.append(one)
    name = "".join(re.sub("[^A-Za-z0-9]", "", one) for one in words if one != _RESOURCE)
    digest = hashlib.md5("/".join(shown).encode(), usedforsecurity=False).hexdigest()
    return f"{name[:_LONGEST_NAME]}{digest[:_HASH].upper()}"
