"""One line of a text: what it says beside the images that it declares, and which of its values a place is in."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 2_000
"""What is looked at of a line, on either side of a place."""

_KEY: Final = re.compile(r'(?:[{,\[]|^)\s{0,40}"[\w.-]{1,40}"\s{0,4}:')
_RECORD: Final = re.compile(r'"(?:level|msg|ts|severity|caller|err)"\s?:')
_DECLARED: Final = re.compile(
    r"^[\s{\[,|+>-]{0,60}(?:(?:export|set|ENV|ARG)\s)?[\"']?(?:[A-Z][A-Z0-9_]{1,40}|[Ii]mage(?:_?[Uu][Rr][IiLl])?"
    r"|[Rr]epository(?:_?[Uu][Rr][IiLl])?|containerDefinitions|registry|Container [Ii]mage|Image ID)"
    r"[\"']?\s{0,4}[:=](?!:)"
)
_DECLARED_KEY: Final = re.compile(r'"(?:image|imageUri|ImageUri|image_uri|repositoryUri)"\s?:\s?"[^"]{0,500}"')
_TRACED: Final = re.compile(r"\bDEBU?G?\[|level=(?:debug|trace)|\"level\":\"(?:debug|trace)\"|\[DEBUG\]\s|\bDEBUG:\w")


def undeclared(line: str) -> str:
    """Return what a line says beside the images that it declares."""
    if _DECLARED.match(line) and not _RECORD.search(line):
        return ""
    return line if _RECORD.search(line) else _DECLARED_KEY.sub(lambda found: " " * len(found[0]), line)


def value(line: str, start: int, end: int) -> tuple[int, int]:
    """Return the value of a JSON document in one line that a place is in; the whole line where there is none."""
    if _RECORD.search(line):
        return 0, len(line)
    keys = [(found.start(), found.end()) for found in _KEY.finditer(line)]
    before = [stop for _, stop in keys if stop <= start]
    after = [begin for begin, _ in keys if begin >= end]
    return (before[-1] if before else 0), (after[0] if after else len(line))


def is_declaration(line: str) -> bool:
    """Whether a line only sets a variable or a property, such as the image of a task."""
    return _DECLARED.match(line) is not None


def is_trace(line: str) -> bool:
    """Whether a line is for debugging, where the challenge before each sign-in is logged too."""
    return _TRACED.search(line) is not None
