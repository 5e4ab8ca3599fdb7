"""Condition operators: whether one value of a policy matches one value of the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from functools import cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_ARN_PARTS: Final = 6


def text(value: object) -> str:
    """Return a policy's value as text: JSON booleans and numbers may stand without quotes."""
    return value if isinstance(value, str) else json.dumps(value)


def texts(value: object) -> list[str]:
    """Return the values of an element, which may be one or a list."""
    return [text(one) for one in value] if isinstance(value, list) else [] if value is None else [text(value)]


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL)


def like(pattern: str, value: str) -> bool:
    """Match ``*`` with any characters and ``?`` with one, anywhere in the text."""
    return _expression(pattern).fullmatch(value) is not None


def arn_like(pattern: str, value: str) -> bool:
    """Match an ARN: each of its six parts is compared by itself, so that no wildcard reaches beyond a colon.

    ``ArnEquals`` and ``ArnLike`` are the same.
    """
    parts, others = pattern.split(":", _ARN_PARTS - 1), value.split(":", _ARN_PARTS - 1)
    return len(parts) == len(others) == _ARN_PARTS and all(map(like, parts, others))


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def matches(wanted: str, value: str) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return matches


def _date(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def matches(wanted: str, value: str) -> bool:
        try:
            return compare(_seconds(value), _seconds(wanted))
        except ValueError:
            return False

    return matches


def _seconds(value: str) -> float:
    """Read a date of ISO 8601, or seconds since 1970."""
    if re.fullmatch(r"\d+", value):
        return float(value)
    read = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp()


def _address(wanted: str, value: str) -> bool:
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError:
        return False


_ORDERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "equals": lambda value, wanted: value == wanted,
    "lessthan": lambda value, wanted: value < wanted,
    "lessthanequals": lambda value, wanted: value <= wanted,
    "greaterthan": lambda value, wanted: value > wanted,
    "greaterthanequals": lambda value, wanted: value >= wanted,
}

POSITIVE: Final[dict[str, Callable[[str, str], bool]]] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": like,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
    "binaryequals": lambda wanted, value: wanted == value,
    "ipaddress": _address,
    **{f"numeric{name}": _number(compare) for name, compare in _ORDERS.items()},
    **{f"date{name}": _date(compare) for name, compare in _ORDERS.items()},
}
"""By the operator's name in lower case: does the policy's value match the request's?"""

NEGATED: Final[dict[str, str]] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
"""The negated operators: they hold where none of the policy's values matches."""
