"""Patterns with ``*`` and ``?``, as IAM writes them.

A value may itself be a pattern: "some role of account 1" is ``arn:aws:iam::1:role/*``. Both may have unknown parts,
each of which is covered by itself and by a ``*``, and may meet anything. No regular expression is made of a pattern:
one of many stars would not return while it lasts, nor let another thread run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.unknown_text import is_known, known_of, signs_of, split

if TYPE_CHECKING:
    from collections.abc import Sequence

_WILDCARD: Final = re.compile(r"[*?]")


def has_wildcard(text: str) -> bool:
    """Whether a text has a ``*`` or a ``?``."""
    return _WILDCARD.search(known_of(text)) is not None


def is_matched(pattern: str, value: str) -> Ternary:
    """Whether a value matches a pattern; MAYBE if only some do that it stands for, or if unknown parts decide."""
    if pattern in ("*", value) or covers(pattern, value):
        return Ternary.YES
    is_open = has_wildcard(value) or not (is_known(pattern) and is_known(value))
    return Ternary.MAYBE if is_open and may_meet(pattern, value) else Ternary.NO


def is_arn_matched(pattern: str, value: str) -> Ternary:
    """As ``is_matched``, part by part: a wildcard of an ARN's pattern does not reach beyond its colon."""
    parts, others = _parts(pattern), _parts(value)
    if len(parts) == len(others):
        return all_of(is_matched(part, other) for part, other in zip(parts, others, strict=True))
    if pattern == "*":
        return Ternary.YES
    # What an unknown part holds may have the colons that are lacking.
    shorter = pattern if len(parts) < len(others) else value
    is_open = value == "*" or not is_known(shorter)
    return Ternary.MAYBE if is_open and may_meet(pattern, value) else Ternary.NO


def is_action_matched(pattern: str, action: str) -> Ternary:
    """As ``is_matched``, whatever the case: as names of actions are compared."""
    return is_matched(pattern.lower(), action.lower())


def covers(pattern: str, value: str) -> bool:
    """Whether all that the value stands for matches the pattern.

    A ``*`` of the value is covered by a ``*`` of the pattern alone, and a ``?`` by either. Only the last ``*`` passed
    is returned to: the steps are at most the product of both lengths.
    """
    wanted, given = signs_of(pattern), signs_of(value)
    at, star, resume = 0, -1, 0
    index = 0
    while index < len(given):
        if at < len(wanted) and wanted[at] == "*":
            star, resume = at, index
            at += 1
        elif at < len(wanted) and (wanted[at] == given[index] or (wanted[at] == "?" and _is_one(given[index]))):
            at += 1
            index += 1
        elif star >= 0:
            resume += 1
            at, index = star + 1, resume
        else:
            return False
    return all(sign == "*" for sign in wanted[at:])


def may_meet(pattern: str, other: str) -> bool:
    """Whether some text matches both patterns.

    ``reached`` holds how much of the pattern may have been matched after each sign of the other one.
    """
    signs = signs_of(pattern)
    reached = _past_stars(signs, {0})
    for sign in signs_of(other):
        if not reached:
            return False
        if _is_one(sign):
            found = {at + step for at in reached if at < len(signs) for step in _steps(signs[at], sign)}
        else:
            found = set(range(min(reached), len(signs) + 1))
        reached = _past_stars(signs, found)
    return len(signs) in reached


def any_covers(patterns: list[str], value: str) -> bool:
    """Whether one of the patterns covers the value, whatever the case: as names of actions are compared."""
    return any(covers(pattern.lower(), value.lower()) for pattern in patterns)


def _is_one(sign: str) -> bool:
    """Whether a sign stands for one character: not a ``*``, and no unknown part."""
    return sign != "*" and len(sign) == 1


def _steps(sign: str, other: str) -> tuple[int, ...]:
    """How far a sign of a pattern gets with one character of another: a ``*`` stays, for it may take more."""
    if not _is_one(sign):
        return (0,)
    return (1,) if sign == other or "?" in (sign, other) else ()


def _past_stars(signs: Sequence[str], places: set[int]) -> set[int]:
    """Add the places that are reached by passing stars, each of which may stand for nothing."""
    found = set(places)
    for at in places:
        here = at
        while here < len(signs) and not _is_one(signs[here]) and here + 1 not in found:
            here += 1
            found.add(here)
    return found


def _parts(arn: str) -> list[str]:
    *parts, first = split(arn, ":")[:ARN_PARTS]
    return [*parts, ":".join([first, *split(arn, ":")[ARN_PARTS:]])]
