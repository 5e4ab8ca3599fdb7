"""Reads JSON, and finds where its entries are."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final

from ecr_access.documents.document import Document, Lines

if TYPE_CHECKING:
    from ecr_access.documents.document import Dialect, Entries, MakeObject

_BETWEEN: Final = re.compile(r"[ \t\r\n:,]*")
_DECODER: Final = json.JSONDecoder()


def read(text: str, dialect: Dialect, make_object: MakeObject) -> Document:
    """Read JSON; raise ``JSONDecodeError`` if it is none, and another ``ValueError`` for thousands of digits."""
    value = json.loads(text, object_pairs_hook=make_object)
    if len(text) > dialect.most:  # each value has a character at least
        dialect.require_at_most(_count(value))
    return Document(value, Lines(lambda: (0, 1), partial(_entries, text)))


def _count(value: object) -> int:
    return 1 + sum(map(_count, value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()))


def _entries(text: str, place: tuple[int, int]) -> Entries:
    """Yield the entries of a value; a place is an offset before a value, and its line."""
    seen, line = place
    at = _next(text, seen)
    holder = text[at]
    if holder not in "{[":
        return
    at = _next(text, at + 1)
    for index in count():
        if text[at] in "}]":
            return
        line, seen = line + text.count("\n", seen, at), at
        part: str | int = index
        if holder == "{":
            part, at = _DECODER.raw_decode(text, at)
        yield part, line, (at, line)
        at = _next(text, _DECODER.raw_decode(text, _next(text, at))[1])


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at
