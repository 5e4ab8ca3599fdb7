"""Templates in JSON, and the lines of their resources."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unreadable import TextProblem, UnreadableError
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r"""(?P<written>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?""")


def parse(text: str) -> object:
    """Read JSON.

    Raises:
        UnreadableError: it is no JSON, or an object has a key twice, of which CloudFormation would drop one.
    """
    repeated: list[str] = []

    def fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                repeated.append(key)
            found[key] = value
        return found

    try:
        value = json.loads(text, object_pairs_hook=fields)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            [TextProblem(error.lineno, f"not JSON: {error.msg.lower()}, column {error.colno}")]
        ) from None
    except (RecursionError, ValueError):  # an integer of thousands of digits is a ValueError
        raise UnreadableError([TextProblem(0, "nested too deeply, or a number too large")]) from None
    if repeated:
        raise UnreadableError(_repeated(text, repeated))
    return value


def resource_lines(text: str) -> dict[str, int]:
    """Find the line of each resource of a text that ``parse`` reads."""
    return next((dict(_keys(text, start)) for key, start in _members(text, 0) if key == "Resources"), {})


def _keys(text: str, start: int) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for key, value in _members(text, start):
        line, seen = line + text.count("\n", seen, value), value
        yield key, line


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the keys of an object, each with where its value begins; nothing if there is no object."""
    decoder, at = json.JSONDecoder(), _skip(text, start)
    if text[at : at + 1] != "{":
        return
    at = _skip(text, at + 1)
    while text[at] == '"':
        key, at = scanstring(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)  # the colon
        yield key, at
        at = _skip(text, decoder.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _repeated(text: str, keys: list[str]) -> Iterator[TextProblem]:
    """Say where each key is written for the second time; where more than one object has it, there is no telling."""
    lines: dict[str, list[int]] = defaultdict(list)
    line, seen = 1, 0
    for one in _STRING.finditer(text):
        if one["colon"]:
            line, seen = line + text.count("\n", seen, one.start()), one.start()
            lines[one["written"]].append(line)
    for key in keys:
        found = lines[json.dumps(key)]
        at = found[1] if len(found) == 2 else 0  # noqa: PLR2004
        yield TextProblem(at, f"the key {quoted(key)} is given twice in one object; keep one of them")
