"""Whether a statement of a policy applies to an action on a resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.conditions import ConditionError, conditions_of, evaluate
from ecr_access.iam.ternary import Ternary, all_of, any_of
from ecr_access.iam.unknown_text import is_known, known_of, split
from ecr_access.iam.wildcards import is_action_matched, is_matched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.repository_policy import Question

_NO_RESOURCE: Final = "*"
"""Stands for the resource of an action that has no type of resource, such as the token's: no ARN matches it."""


def applies(statement: Mapping[str, Any], question: Question) -> tuple[Ternary, tuple[str, ...]]:
    """Say whether a statement applies, whichever principal it names; return also what leaves that open.

    Raises:
        ConditionError: if a condition is malformed.
    """
    action = is_about(statement, question.action)
    resource = Ternary.NO if action is Ternary.NO else is_on(statement, question.resource)
    if resource is Ternary.NO:
        return resource, ()
    conditions = conditions_of(statement)
    met, keys = evaluate(conditions, question.context) if conditions else (Ternary.YES, ())
    if met is Ternary.NO:
        return met, ()
    elements = (("Action", action), ("Resource", resource))
    return all_of((met, action, resource)), (*keys, *(one for one, found in elements if found is Ternary.MAYBE))


def is_about(statement: Mapping[str, Any], action: str) -> Ternary:
    """Say whether a statement is about an action."""
    if "NotAction" in statement:
        return any_of(is_action_matched(one, action) for one in texts_of(statement["NotAction"])).negated
    return any_of(is_action_matched(one, action) for one in texts_of(statement.get("Action")))


def is_on(statement: Mapping[str, Any], resource: str) -> Ternary:
    """Say whether a statement is about a resource; one of a repository's policy without a ``Resource`` is."""
    if "NotResource" in statement:
        return any_of(_is_resource(one, resource) for one in texts_of(statement["NotResource"])).negated
    return any_of(_is_resource(one, resource) for one in texts_of(statement.get("Resource", "*")))


def malformed(statement: Mapping[str, Any]) -> str:
    """Say what is malformed in a statement, so that no verdict can rest on it; nothing if nothing is."""
    if statement.get("Effect") not in {"Allow", "Deny"}:
        return f'its Effect is {json.dumps(statement.get("Effect"))}, allowed is "Allow" or "Deny"'
    try:
        conditions_of(statement)
    except ConditionError as error:
        return str(error)
    return ""


def texts_of(value: object) -> list[str]:
    """List the texts of an element: one, several, or none."""
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _is_resource(written: str, resource: str) -> Ternary:
    # A policy variable stands for a value of the call.
    if "${" in known_of(written):
        return Ternary.MAYBE
    if resource == _NO_RESOURCE:
        may_be = Ternary.NO if known_of(written).strip("*") else Ternary.MAYBE
        return Ternary.YES if {*written} == {"*"} else may_be
    lacking = ARN_PARTS - len(split(written, ":")) if written.startswith("arn:") and is_known(written) else 0
    # Each part that an ARN lacks at its end is anything.
    matched = is_matched(written + ":*" * lacking, resource)
    if lacking and matched is Ternary.NO and is_matched(written, resource) is not Ternary.NO:
        # A * that ends a part may reach beyond its colon, and AWS does not say whether that makes up for the rest.
        return Ternary.MAYBE
    return matched
