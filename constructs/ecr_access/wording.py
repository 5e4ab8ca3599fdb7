"""How messages show what was given, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SHOWN: Final = 80
_LISTED: Final = 20


def quoted(text: str) -> str:
    """Quote a text for a message, its control characters escaped, shortened if it is long."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def listed(words: Collection[str]) -> str:
    """Quote words for a message, the first twenty of many; empty if there are none."""
    more = len(words) - _LISTED
    shown = ", ".join(map(quoted, islice(words, _LISTED)))
    return f"{shown} and {more:,} more" if more > 0 else shown


def flag_error(name: str, value: object) -> str:
    """Say that a flag is neither true nor false; empty if it is one: a text such as ``"false"`` would count as true."""
    return "" if isinstance(value, bool) else f"{name} is {quoted(str(value))}; allowed: True or False, without quotes"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word nearest to another, whatever its case; None if none is near."""
    by_lowercase = {one.lower(): one for one in known}
    # get_close_matches is quadratic in the length of the word; nobody mistypes that much.
    found = get_close_matches(word[:_SHOWN].lower(), list(by_lowercase), n=1)
    return by_lowercase[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write the known word nearest to another as the tail of a message; empty if none is near."""
    near = nearest(word, known)
    return f"; did you mean {quoted(near)}?" if near else ""
