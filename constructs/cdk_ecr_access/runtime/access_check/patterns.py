"""Patterns with ``*`` and ``?``, as IAM writes them.

A value that is looked at may itself be a pattern: "some role of account 1" is ``arn:aws:iam::1:role/*``.
"""

from __future__ import annotations

import re
from typing import Final

_WILDCARD: Final = re.compile(r"[*?]")
_ANY: Final = "\0"
"""Stands for a ``*`` of the value looked at: only a ``*`` of the pattern covers it."""


def has_wildcard(text: str) -> bool:
    """Whether a text has a ``*`` or a ``?``."""
    return _WILDCARD.search(text) is not None


def covers(pattern: str, value: str) -> bool:
    """Whether all that the value stands for matches the pattern."""
    expression = "".join({"*": ".*", "?": f"[^{_ANY}]"}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(expression, value.replace("*", _ANY), re.DOTALL) is not None


def may_meet(pattern: str, value: str) -> bool:
    """Whether something that the value stands for may match the pattern; in doubt it may."""
    one, other = _WILDCARD.split(pattern)[0], _WILDCARD.split(value)[0]
    if not has_wildcard(value):
        return covers(pattern, value)
    if not has_wildcard(pattern):
        return covers(value, pattern)
    return one.startswith(other) or other.startswith(one)


def covers_arn(pattern: str, value: str) -> bool:
    """As ``covers``, part by part: a ``*`` of an ARN's pattern does not reach beyond its colon."""
    parts, others = pattern.split(":", 5), value.split(":", 5)
    if len(parts) != len(others):
        return pattern == "*"
    return all(covers(part, other) for part, other in zip(parts, others, strict=True))


def any_covers(patterns: list[str], value: str) -> bool:
    """Whether one of the patterns covers the value, whatever the case: as names of actions are compared."""
    return any(covers(pattern.lower(), value.lower()) for pattern in patterns)
