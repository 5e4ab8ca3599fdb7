"""What only the deployment chooses in a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource


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
