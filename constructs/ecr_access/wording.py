"""How messages show what was given, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

from ecr_access.tokens import KNOWN_LATER, is_known, without_token_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SHOWN: Final = 80
_LISTED: Final = 20
_FEW: Final = 3


def quoted(text: str) -> str:
    """Quote a text for a message, control characters escaped, tokens in words, shortened if it is long."""
    text = without_token_names(text)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def listed(words: Collection[str]) -> str:
    """Quote words for a message, the first twenty of many; empty if there are none."""
    more = len(words) - _LISTED
    shown = ", ".join(map(quoted, islice(words, _LISTED)))
    return f"{shown} and {more:,} more" if more > 0 else shown


def value_shown(value: object) -> str:
    """Show a value of any type for a message: what it is where that says more than how Python writes it."""
    if value is None or isinstance(value, (bool, int, float)):
        return number_shown(value) if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, (list, tuple)):
        return f"a list of {', '.join(map(value_shown, value[:_FEW]))}" if value else "an empty list"
    path = getattr(getattr(value, "node", None), "path", None)
    kind = type_shown(value) if isinstance(value, type) else f"of type {type_shown(value)}"
    return f"{kind}, {quoted(path)}" if isinstance(path, str) else kind


def type_shown(value: object) -> str:
    """Show the type of a value for a message; a class in the place of an instance as such."""
    if value is None:
        return "None"
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def number_shown(number: float) -> str:
    """Show a number for a message, in words if the CDK's encoding of it stands for one that deployment decides."""
    return f"{number:g}" if is_known(number) else KNOWN_LATER


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word nearest to another, whatever its case; None if none is near."""
    by_lowercase = {one.lower(): one for one in known}
    # get_close_matches is quadratic in the length of the word, and a typing error is short.
    found = get_close_matches(word[:_SHOWN].lower(), list(by_lowercase), n=1)
    return by_lowercase[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write the known word nearest to another as the tail of a message; empty if none is near."""
    near = nearest(word, known)
    return f"; did you mean {quoted(near)}?" if near else ""
