"""The repository policies that a check knows to be declared: what they say, and what of it has to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.codes import Code
from ecr_access.ecr.policy_size import size_error
from ecr_access.iam.merging import Statement, text_of
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr

CHECK_ID: Final = "EcrAccessCheck"
"""The id of a stack's access check."""


def size_errors(too_long: Iterable[tuple[ecr.CfnRepository, Any]], stack: Stack) -> list[str]:
    """Say which repository policies are too long, but for those of other stacks whose own checks tell it."""
    return [
        Code.POLICY_TOO_LONG.ends(size_error(_called(leaf), policy))
        for leaf, policy in too_long
        if _is_in(leaf, stack) or not stack_of(leaf).node.try_find_child(CHECK_ID)
    ]


def _called(leaf: ecr.CfnRepository) -> str:
    """Return the path of a repository's construct, or the name of a resource that is in none."""
    path, name = leaf.node.path, leaf.repository_name
    return path if path.endswith("/Resource") or name is None or is_token(name) else name


def _is_in(leaf: ecr.CfnRepository, stack: Stack) -> bool:
    return stack_of(leaf).node.path == stack.node.path


def as_property(compared: Mapping[str, Sequence[Callable[[], Statement]]]) -> list[dict[str, Any]]:
    """Render the statements that have to be found in live policies; repositories with the same ones share an entry.

    One by one and never joined: the policy may join each with another.

    Args:
        compared: what tells the statements, by the ARNs of the repositories.
    """
    entries: dict[str, dict[str, Any]] = {}
    for arn, some in compared.items():
        statements = {text_of(one): one for one in (written() for written in some)}
        entry = entries.setdefault(text_of([*statements]), {"Repositories": [], "Statements": [*statements.values()]})
        entry["Repositories"].append(arn)
    return [*entries.values()]
