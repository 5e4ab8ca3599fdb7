"""Conditions on who somebody is, and what only deployment chooses in a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.templates.template import NO_VALUE, listed, mapping
from cdk_ecr_access.rules.templates.unknowns import MARK, equal, matches, split, unknown
from cdk_ecr_access.testing.answers import all_of, any_of, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdk_ecr_access.rules.templates.template import Resource

ARN_PARTS: Final = 6
# A policy variable; "${*}", "${?}" and "${$}" are the signs themselves. A mark is passed over, whatever its name holds.
_VARIABLE: Final = re.compile(rf"{MARK}|\$\{{(\w[^}}]*)\}}")


def is_met(operator: str, values: Sequence[str], arn: str) -> bool | None:
    """Whether an ARN meets an operator with some values; None if that depends, or if the operator is not known."""
    name = operator.lower().removesuffix("ifexists")
    compare = _COMPARED.get(name.replace("not", ""))
    if compare is None:
        return None
    found = any_of(compare(one, arn) for one in values)
    return opposite(found) if "not" in name else found


def with_variables(text: str) -> str:
    """Put a mark in the place of each policy variable, which only a request gives a value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return _VARIABLE.sub(lambda one: unknown(one[1], "variable") if one[1] else one[0], text)


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


def _is_same_text(value: str, arn: str) -> bool | None:
    return equal(value.lower(), arn.lower())


def _is_like_arn(pattern: str, arn: str) -> bool | None:
    """Compare part by part: a wildcard reaches no further than to the next colon."""
    wanted, given = (_parts(one) for one in (pattern, arn))
    if len(wanted) != ARN_PARTS or len(given) != ARN_PARTS:
        return equal(pattern, arn) or None
    return all_of(matches(one, other) for one, other in zip(wanted, given, strict=True))


def _parts(arn: str) -> list[str]:
    *parts, first = split(arn, ":")[:ARN_PARTS]
    return [*parts, ":".join([first, *split(arn, ":")[ARN_PARTS:]])]


_COMPARED: Final[dict[str, Callable[[str, str], bool | None]]] = {
    "arnequals": _is_like_arn,
    "arnlike": _is_like_arn,
    "stringequals": equal,
    "stringequalsignorecase": _is_same_text,
    "stringlike": matches,
}
