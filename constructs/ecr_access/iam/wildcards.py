"""Patterns with ``*`` and ``?``, as IAM writes them.

A value may itself be a pattern: "some role of account 1" is ``arn:aws:iam::1:role/*``. No regular expression is made of
a pattern: one of many stars would not return while it lasts, nor let another thread run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_WILDCARD: Final = re.compile(r"[*?]")
_ARN_PARTS: Final = 6


def has_wildcard(text: str) -> bool:
    """Whether a text has a ``*`` or a ``?``."""
    return _WILDCARD.search(text) is not None


def covers(pattern: str, value: str) -> bool:
    """Whether all that the value stands for matches the pattern.

    A ``*`` of the value is covered by a ``*`` of the pattern alone, and a ``?`` by either. Only the last ``*`` passed
    is returned to: the steps are at most the product of both lengths.
    """
    at, star, resume = 0, -1, 0
    index = 0
    while index < len(value):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, index
            at += 1
        elif at < len(pattern) and (pattern[at] == value[index] or (pattern[at] == "?" and value[index] != "*")):
            at += 1
            index += 1
        elif star >= 0:
            resume += 1
            at, index = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def may_meet(pattern: str, other: str) -> bool:
    """Whether some text matches both patterns.

    ``reached`` holds how much of the pattern may have been matched after each sign of the other one.
    """
    reached = _past_stars(pattern, {0})
    for sign in other:
        if sign == "*":
            found = set(range(min(reached), len(pattern) + 1)) if reached else set()
        else:
            found = {at + step for at in reached if at < len(pattern) for step in _steps(pattern[at], sign)}
        reached = _past_stars(pattern, found)
    return len(pattern) in reached


def covers_arn(pattern: str, value: str) -> bool:
    """As ``covers``, part by part: a ``*`` of an ARN's pattern does not reach beyond its colon."""
    return _part_by_part(covers, pattern, value)


def arns_may_meet(pattern: str, other: str) -> bool:
    """As ``may_meet``, part by part; a lone ``*`` stands for any ARN."""
    return other == "*" or _part_by_part(may_meet, pattern, other)


def any_covers(patterns: list[str], value: str) -> bool:
    """Whether one of the patterns covers the value, whatever the case: as names of actions are compared."""
    return any(covers(pattern.lower(), value.lower()) for pattern in patterns)


def _steps(sign: str, other: str) -> tuple[int, ...]:
    """How far a sign of a pattern gets with one sign of another: a ``*`` stays, for it may take more."""
    if sign == "*":
        return (0,)
    return (1,) if sign == other or "?" in (sign, other) else ()


def _past_stars(pattern: str, places: set[int]) -> set[int]:
    """Add the places that are reached by passing stars, each of which may stand for nothing."""
    found = set(places)
    for at in places:
        here = at
        while here < len(pattern) and pattern[here] == "*" and here + 1 not in found:
            here += 1
            found.add(here)
    return found


def _part_by_part(compare: Callable[[str, str], bool], pattern: str, value: str) -> bool:
    parts, others = pattern.split(":", _ARN_PARTS - 1), value.split(":", _ARN_PARTS - 1)
    if len(parts) != len(others):
        return pattern == "*"
    return all(compare(part, other) for part, other in zip(parts, others, strict=True))
