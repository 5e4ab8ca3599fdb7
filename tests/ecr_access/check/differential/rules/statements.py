"""Statements: which requests they are about.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.ecr_access.check.differential.rules.conditions import Context, holds, keys_of, resolved, variables
from tests.ecr_access.check.differential.rules.operators import like, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a request is for: an action, on a resource."""

    action: str
    resource: str


def allows(statements: Iterable[Json], asked: Asked, context: Context) -> bool:
    """Whether one of the statements without a principal allows a request."""
    return any(one["Effect"] == "Allow" and applies(one, asked, context) for one in statements)


def denies(statements: Iterable[Json], asked: Asked, context: Context) -> bool:
    """Whether one of the statements without a principal denies a request."""
    return any(one["Effect"] == "Deny" and applies(one, asked, context) for one in statements)


def applies(statement: Mapping[str, Any], asked: Asked, context: Context) -> bool:
    """Whether a statement is about a request, if its principal is."""
    return (
        is_about_action(statement, asked.action)
        and is_about_resource(statement, asked.resource, context)
        and holds(statement.get("Condition"), context)
    )


def is_about_action(statement: Mapping[str, Any], action: str) -> bool:
    """Whether it is about an action: names of actions are compared in any case.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    if "NotAction" in statement:
        return not _names(statement["NotAction"], action)
    return _names(statement["Action"], action)


def _names(patterns: object, action: str) -> bool:
    return any(like(one.lower(), action.lower()) for one in texts(patterns))


def is_about_resource(statement: Mapping[str, Any], resource: str, context: Context) -> bool:
    """Whether it is about a resource; a repository policy without the element is about its repository.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    if "NotResource" in statement:
        return not _matches(statement["NotResource"], resource, context)
    return _matches(statement.get("Resource", "*"), resource, context)


def _matches(patterns: object, resource: str, context: Context) -> bool:
    values = (resolved(one, context) for one in texts(patterns))
    return any(value is not None and like(value, resource) for value in values)


def keys_read(statements: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """List the condition keys, in lower case, that statements read, whatever they are about."""
    for one in statements:
        yield from keys_of(one.get("Condition"))
        for element in ("Resource", "NotResource"):
            for value in texts(one.get(element)):
                yield from variables(value)
