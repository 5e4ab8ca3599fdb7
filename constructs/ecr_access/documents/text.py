"""Reads a text as JSON or YAML, by its content."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ecr_access.documents import json_reader, yaml_reader
from ecr_access.documents.document import DocumentError, Fields, TextProblem

if TYPE_CHECKING:
    from pathlib import Path

    from ecr_access.documents.document import Dialect, Document, MakeObject, Pairs

_BRACKETS: Final = re.compile(r"\s*[{[][{[\s]*(?P<only_yaml>[^\W\d]|['!&*?#])?")
"""How JSON begins, and what follows where JSON was not meant: ``{Resources: ``, or ``{ # ``."""


def read_text(path: Path, hint: str = "") -> str:
    """Read a file in UTF-8, with a byte order mark or without.

    Raises:
        DocumentError: if it is not UTF-8, or why it cannot be read, with the hint after it.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text: {error.reason} at byte {error.start}"
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        problem = f"cannot be read: {str(getattr(error, 'strerror', None) or error).lower()}{hint}"
    raise DocumentError(TextProblem(0, problem))


def parse(text: str, dialect: Dialect) -> Document:
    """Read JSON, or else YAML: CloudFormation, too, takes what YAML takes, such as a comma before a closing bracket.

    Raises:
        DocumentError: with everything that is wrong. If it is neither, that is told of the format that was meant.
    """
    repeated: list[Fields] = []

    def make_object(pairs: Pairs) -> dict[str, object]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        repeated.append(Fields(pairs))
        return repeated[-1]

    try:
        document = _read(text, dialect, make_object)
        problems = {*document.problems}
        twice = {*document.lines.repeated_keys()} if repeated else set()
    except (RecursionError, ValueError, OverflowError):  # of integers of thousands of digits, or what is beyond Unicode
        raise DocumentError(TextProblem(0, "nested too deeply, or a number or an escape too large")) from None
    told = sorted(problems | twice, key=lambda one: (one.line, one.message))
    if problems or (twice and not dialect.keeps_repeated):
        raise DocumentError(*told)
    return replace(document, problems=told)


def _read(text: str, dialect: Dialect, make_object: MakeObject) -> Document:
    brackets = _BRACKETS.match(text)
    if not brackets:
        return yaml_reader.read(text, dialect, make_object)
    try:
        return json_reader.read(text, dialect, make_object)
    except json.JSONDecodeError as error:
        wrong = error.with_traceback(None)  # which would keep all that was read until garbage is collected
    document = yaml_reader.read(text, dialect, make_object)
    if document.problems and not brackets["only_yaml"]:
        raise DocumentError(TextProblem(wrong.lineno, f"not JSON: {wrong.msg.lower()}", wrong.colno))
    return document
