"""Decides the conditions of a template whose parameters are known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed
from ecr_access.iam.ternary import Ternary, all_of, any_of
from ecr_access.iam.unknown_text import equal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DEEPEST: Final = 40
_JOINED: Final[dict[str, Callable[[list[Ternary]], Ternary]]] = {
    "Condition": all_of,
    "Fn::And": all_of,
    "Fn::Or": any_of,
    "Fn::Not": lambda one: all_of(one).negated,
}


def holds(condition: object, named: Mapping[str, Any], text: Callable[[object], str], depth: int = 0) -> Ternary:
    """Whether a condition is met.

    Args:
        condition: its name, or what is written there.
        named: the section ``Conditions``.
        text: resolves a value.
        depth: how many conditions around it are being decided; one that depends on itself would have no end.
    """
    if isinstance(condition, str):
        condition = named.get(condition)
    if not isinstance(condition, dict) or len(condition) != 1 or depth > _DEEPEST:
        return Ternary.MAYBE
    ((function, argument),) = condition.items()
    parts = listed(argument)
    if function == "Fn::Equals" and len(parts) == 2:  # noqa: PLR2004 -- it compares two
        return equal(text(parts[0]), text(parts[1]))
    inner = [holds(one, named, text, depth + 1) for one in parts] if function in _JOINED else []
    return _JOINED[function](inner) if inner else Ternary.MAYBE
