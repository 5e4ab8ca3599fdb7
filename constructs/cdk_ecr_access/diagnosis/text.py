"""The text of an error as it is read: without secrets, colours and the escapes of whoever logged it."""

from __future__ import annotations

import re
from typing import Final

from cdk_ecr_access.diagnosis.redaction import without_secrets

MAX_LENGTH: Final = 200_000
"""Longer texts are read from their end, where a log has its error."""

_SHOWN: Final = 200
_COLOURS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ESCAPED_QUOTES: Final = re.compile(r"\\{1,8}([\"'])")
_ESCAPED_LINES: Final = re.compile(r"\\r\\n|\\n|\\t")


def readable(text: str) -> str:
    """Return a text without colours, the escapes of JSON, and secrets."""
    plain = _COLOURS.sub("", text[-MAX_LENGTH:])
    return without_secrets(_ESCAPED_LINES.sub("\n", _ESCAPED_QUOTES.sub(r"\1", plain)))


def line_at(text: str, place: int) -> str:
    """Return the line around a place of a text."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return text[start : end if end >= 0 else len(text)]


def excerpt(text: str, start: int, end: int) -> str:
    """Return what a person recognises a place by: part of its line, in printable ASCII."""
    line_start = text.rfind("\n", 0, start) + 1
    first = max(line_start, min(start, end - _SHOWN))
    line_end = text.find("\n", max(start, end - 1))
    shown = text[first : min(first + _SHOWN, line_end if line_end >= 0 else len(text))]
    return "".join(c if " " <= c <= "~" else "?" for c in " ".join(shown.split()))
