"""Conditions on who somebody is, and what only deployment chooses in a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.rules.access.answers import any_of, opposite
from ecr_access.rules.access.conditions import COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.documents.templates.template import Resource


def is_met(operator: str, values: Sequence[str], arn: str) -> bool | None:
    """Whether an ARN meets an operator with some values; None if that depends, or if the operator is not known."""
    name = operator.lower().removesuffix("ifexists")
    compare = COMPARED.get(name.replace("not", ""))
    if compare is None:
        return None
    found = any_of(compare(one, arn) for one in values)
    return opposite(found) if "not" in name else found


def hides_denial(holder: Resource) -> bool:
    """Whether a policy of a resource has statements that deployment chooses, and that may deny."""
    properties = holder.properties
    documents = [properties[one] for one in ("PolicyDocument", "RepositoryPolicyText") if one in properties]
    documents += [mapping(one).get("PolicyDocument", one) for one in listed(properties.get("Policies"))]
    return any(_may_deny(one) for one in documents)


def _may_deny(document: object) -> bool:
    statements = listed(document["Statement"]) if isinstance(document, dict) and "Statement" in document else [document]
    for one in statements:
        if one == NO_VALUE or (isinstance(one, dict) and one.get("Effect") in ("Allow", "Deny")):
            continue
        effects = [*_effects(one)]
        if not effects or any(effect != "Allow" for effect in effects):
            return True
    return False


def _effects(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        if "Effect" in value:
            yield value["Effect"]
        for one in value.values():
            yield from _effects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _effects(one)
