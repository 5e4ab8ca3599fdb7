"""Texts of which parts are known at deployment alone, and three-valued questions about them.

An unknown part is a mark with a name: two texts with the same mark stand for the same value. ``None`` is the answer
"that depends", and no rule makes an error of it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_OPEN, _CLOSE = "\ue000", "\ue001"
MARK: Final = f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}"
"""What a mark is, as an expression."""
_MARK: Final = re.compile(MARK)
_SCOPED: Final = "\ue003"
_SHOWN: Final = 120


def unknown(name: object, scope: str = "") -> str:
    """Return a mark for a value that only deployment knows; the name tells it from others of its scope."""
    written = name if isinstance(name, str) else json.dumps(name, ensure_ascii=False, default=str)
    text = written.replace(_OPEN, "{").replace(_CLOSE, "}")
    return f"{_OPEN}{scope}{_SCOPED}{text}{_CLOSE}"


def is_known(text: str) -> bool:
    """Whether no part of a text is unknown."""
    return _OPEN not in text


def is_mark(text: str) -> bool:
    """Whether nothing of a text is known."""
    return _MARK.fullmatch(text) is not None


def shown(text: str) -> str:
    """Write a text for a person, an unknown part as ``${Name}``, shortened if that is a value of many lines."""
    return _MARK.sub(lambda mark: f"${{{_short(_name(mark[0]))}}}", text)


def named(text: str) -> str:
    """Write a text with the whole names of its unknown parts, to tell it from others."""
    return _MARK.sub(lambda mark: f"${{{_name(mark[0])}}}", text)


def _name(mark: str) -> str:
    return mark[1:-1].partition(_SCOPED)[2]


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."


def called(text: str, name_of: Callable[[str, str], str | None]) -> str:
    """Write names in the place of unknown parts, as far as there are any.

    Args:
        text: with unknown parts.
        name_of: tells what to call a part, by its scope and its own name; None leaves it unknown.
    """

    def of(mark: re.Match[str]) -> str:
        scope, _, name = mark[0][1:-1].partition(_SCOPED)
        return name_of(scope, name) or mark[0]

    return _MARK.sub(of, text)


def known_of(text: str) -> str:
    """Return what of a text is known, its unknown parts left out."""
    return _MARK.sub("", text)


def split(text: str, separator: str) -> list[str]:
    """Split a text where what is known of it has a separator; a mark is never cut, whatever its name."""
    parts = [""]
    for piece in re.split(f"({_MARK.pattern})", text):
        first, *more = [piece] if is_mark(piece) else piece.split(separator)
        parts[-1] += first
        parts += more
    return parts


def equal(one: str, other: str) -> bool | None:
    """Whether two texts are the same; None if that depends on what is unknown."""
    if one == other:
        return True
    if is_known(one) and is_known(other):
        return False
    # Either may be anything where it is unknown: they differ for sure if what is known on both ends does.
    return None if _may_begin_alike(one, other) and _may_begin_alike(_turned(one), _turned(other)) else False


def matches(pattern: str, text: str) -> bool | None:
    """Whether a text matches a pattern with ``*`` and ``?``; None if that depends on what is unknown."""
    if pattern in ("*", text):
        return True
    if _expression(pattern).fullmatch(text):
        return True
    if is_known(pattern) and is_known(text):
        return False
    return None if _may_meet(pattern, text) else False


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    """Write a pattern as an expression that matches nothing by chance.

    A mark is matched, whatever it stands for, by itself and under a ``*``; a ``?`` is one character of what is known.
    """
    one = f"[^{_OPEN}{_CLOSE}]"
    signs = {"*": f"(?:{_MARK.pattern}|{one})*", "?": one}
    return re.compile("".join(signs.get(char, re.escape(char)) for char in re.sub(r"\*+", "*", pattern)))


def _may_begin_alike(one: str, other: str) -> bool:
    """Whether what both begin with, up to the first unknown part, is the same."""
    known, more = one.partition(_OPEN)[0], other.partition(_OPEN)[0]
    if _OPEN not in one and _OPEN in other:
        return known.startswith(more)
    if _OPEN in one and _OPEN not in other:
        return more.startswith(known)
    return known.startswith(more) or more.startswith(known)


def _turned(text: str) -> str:
    return _MARK.sub(_OPEN, text)[::-1]


def _may_meet(pattern: str, text: str) -> bool:
    """Whether a pattern and a text, either with unknown parts, may meet: tried on what is before and after these."""
    head, tail = (re.split(rf"[*?{_OPEN}]", part, maxsplit=1)[0] for part in (pattern, _turned(pattern)))
    for known, whole in ((head, text), (tail, _turned(text))):
        begins = whole.partition(_OPEN)[0]
        if not (begins.startswith(known) or (_OPEN in whole and known.startswith(begins))):
            return False
    return True
