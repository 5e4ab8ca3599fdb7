"""How operators of conditions compare texts and ARNs, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import MARK, equal, matches, split, unknown
from ecr_access.rules.access.answers import all_of

if TYPE_CHECKING:
    from collections.abc import Callable

ARN_PARTS: Final = 6
# A policy variable; "${*}", "${?}" and "${$}" are the signs themselves. A mark is passed over, whatever its name holds.
_VARIABLE: Final = re.compile(rf"{MARK}|\$\{{(\w[^}}]*)\}}")


def with_variables(text: str) -> str:
    """Put a mark in the place of each policy variable, which only a request gives a value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return _VARIABLE.sub(lambda one: unknown(one[1], "variable") if one[1] else one[0], text)


def _is_same_text(value: str, text: str) -> bool | None:
    return equal(value.lower(), text.lower())


def _is_like_arn(pattern: str, arn: str) -> bool | None:
    """Compare part by part: a wildcard reaches no further than to the next colon."""
    wanted, given = (_parts(one) for one in (pattern, arn))
    if len(wanted) != ARN_PARTS or len(given) != ARN_PARTS:
        return equal(pattern, arn) or None
    return all_of(matches(one, other) for one, other in zip(wanted, given, strict=True))


def _parts(arn: str) -> list[str]:
    *parts, first = split(arn, ":")[:ARN_PARTS]
    return [*parts, ":".join([first, *split(arn, ":")[ARN_PARTS:]])]


COMPARED: Final[dict[str, Callable[[str, str], bool | None]]] = {
    "arnequals": _is_like_arn,
    "arnlike": _is_like_arn,
    "stringequals": equal,
    "stringequalsignorecase": _is_same_text,
    "stringlike": matches,
}
"""What each operator, in lower case, compares a value of a condition with a value of a call by."""
