"""The text of an error as it is read: without colours and the escapes of logs."""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 200_000
"""Longer texts are read from their end, where a log has its error."""

_COLOURS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ESCAPED_QUOTES: Final = re.compile(r"\\{1,8}([\"'])")
# The console of ECS prints typographic ones.
_STRAIGHT: Final = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_ESCAPED_LINES: Final = re.compile(r"\\r\\n|\\n|\\t")


def readable(text: str) -> str:
    """Return a text without colours and the escapes of JSON."""
    plain = _COLOURS.sub("", text[-MAX_LENGTH:]).translate(_STRAIGHT)
    return _ESCAPED_LINES.sub("\n", _ESCAPED_QUOTES.sub(r"\1", plain))
