"""Condition keys: which a call carries, and the values that it may have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Final

from tests.ecr_access.check.differential.world import NOW, TAG

Values = tuple[str, ...]
"""The values of one key in one call; none where the call lacks the key."""

UNUSED: Final = "unused"

OPEN: Final[dict[str, str]] = {
    "aws:sourceip": "ip",
    "aws:sourcevpce": "string",
    "aws:sourcevpc": "string",
    f"aws:principaltag/{TAG}": "string",
    "aws:multifactorauthpresent": "boolean",
    "aws:multifactorauthage": "numeric",
    "aws:tokenissuetime": "date",
    # A session that a Lambda function's credentials make carries it into the calls to every service.
    "lambda:sourcefunctionarn": "string",
}
"""The keys that differ from call to call, each absent from some, with their types."""


def kind_of(key: str) -> str:
    """Return a key's type, as the simulator names it."""
    return OPEN.get(key, {"aws:currenttime": "date", "aws:epochtime": "numeric"}.get(key, "string"))


def values_of(key: str, named: list[str]) -> list[Values]:
    """List what an open key may be: absent, of a value that no policy names, and of those that they name."""
    kind = OPEN[key]
    if kind == "boolean":
        return [(), ("true",), ("false",)]
    make = {"ip": _addresses, "string": _texts, "numeric": _numbers, "date": _dates}[kind]
    found = dict.fromkeys([default_of(key), *(value for text in named for value in make(text))])
    return [(), *((value,) for value in found)]


def default_of(key: str) -> str:
    """Return the value of an open key that no policy names."""
    if key.endswith("arn"):
        return f"arn:aws:{UNUSED}:::{UNUSED}"
    return {"ip": "203.0.113.77", "numeric": "77", "date": NOW}.get(kind_of(key), UNUSED)


def _texts(pattern: str) -> list[str]:
    return [] if "${" in pattern else [pattern.replace("*", "x").replace("?", "x")]


def _addresses(text: str) -> list[str]:
    return [str(ip_network(text, strict=False).network_address)]


def _numbers(text: str) -> list[str]:
    return [str(int(text) + one) for one in (-1, 0, 1)]


def _dates(text: str) -> list[str]:
    read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return [(read + timedelta(days=one)).isoformat() for one in (-1, 0, 1)]


def is_of_type(kind: str, value: str) -> bool:
    """Whether a value is one of a type, as ``ContextEntries`` names it."""
    kind = kind.removesuffix("List")
    if kind == "boolean":
        return value.lower() in ("true", "false")
    if kind == "numeric":
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    try:
        if kind == "ip":
            ip_network(value)
        elif kind == "date" and not value.isdigit():
            datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True
