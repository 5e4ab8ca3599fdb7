"""Texts of which parts are unknown, such as an ARN whose account only the deployment knows.

An unknown part is a mark with a name: two texts with the same mark stand for the same value.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN, _CLOSE = "\ue000", "\ue001"
SCOPED: Final = "\ue003"
"""Stands in a mark between the scope and the name."""
MARK: Final = f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}"
"""What a mark is, as an expression."""
_MARK: Final = re.compile(MARK)
_PIECES: Final = re.compile(f"({MARK})")
_SIGNS: Final = re.compile(f"{MARK}|.", re.DOTALL)


def unknown(name: object, scope: str = "") -> str:
    """Return a mark for a value that is unknown; the name tells it from others of its scope."""
    written = name if isinstance(name, str) else json.dumps(name, ensure_ascii=False, default=str)
    text = written.replace(_OPEN, "{").replace(_CLOSE, "}")
    return f"{_OPEN}{scope}{SCOPED}{text}{_CLOSE}"


def is_known(text: str) -> bool:
    """Whether no part of a text is unknown."""
    return _OPEN not in text


def is_mark(text: str) -> bool:
    """Whether a text is one unknown part and nothing else."""
    return _MARK.fullmatch(text) is not None


def known_of(text: str) -> str:
    """Return what of a text is known, its unknown parts left out."""
    return text if is_known(text) else _MARK.sub("", text)


def signs_of(text: str) -> Sequence[str]:
    """Return the characters of a text, each unknown part as one."""
    return text if is_known(text) else _SIGNS.findall(text)


def split(text: str, separator: str) -> list[str]:
    """Split a text where what is known of it has a separator; a mark is never cut, whatever its name."""
    if is_known(text):
        return text.split(separator)
    parts = [""]
    for piece in _PIECES.split(text):
        first, *more = [piece] if is_mark(piece) else piece.split(separator)
        parts[-1] += first
        parts += more
    return parts


def equal(one: str, other: str) -> Ternary:
    """Whether two texts are the same."""
    if one == other:
        return Ternary.YES
    if is_known(one) and is_known(other):
        return Ternary.NO
    # Either may be anything where it is unknown: they differ for certain if what is known on either end does.
    alike = _may_begin_alike(one, other) and _may_begin_alike(_turned(one), _turned(other))
    return Ternary.MAYBE if alike else Ternary.NO


def _may_begin_alike(one: str, other: str) -> bool:
    """Whether what both begin with, up to the first unknown part, is the same."""
    known, more = one.partition(_OPEN)[0], other.partition(_OPEN)[0]
    if is_known(one):
        return known.startswith(more)
    if is_known(other):
        return more.startswith(known)
    return known.startswith(more) or more.startswith(known)


def _turned(text: str) -> str:
    return _MARK.sub(_OPEN, text)[::-1]
