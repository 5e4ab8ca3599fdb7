"""What is wanted in place of a value, and an example of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.manifest.document import Unquoted
from ecr_access.manifest.values import as_boolean, as_integer, as_unquoted, described

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_WANTED: Final = {
    "string": "a text",
    "object": "a mapping",
    "array": "a list",
    "integer": "a whole number",
    "boolean": "true or false",
}
_LONGEST: Final = 80
_UNQUOTED: Final[dict[str, Callable[[object], object]]] = {"integer": as_integer, "boolean": as_boolean}


def not_wanted(wanted: Sequence[str], value: object, schema: Mapping[str, Any]) -> str:
    """Say which types are wanted, and what to write for a value that is probably meant as one of them."""
    plain = as_unquoted(value)
    if plain and "string" in wanted:
        if len(plain.text) > _LONGEST:
            return f"a text is wanted, got a {plain.reads_as} of {len(plain.text):,} characters"
        return f'{plain.text} is a {plain.reads_as}; quote it: "{plain.text}"'
    message = f"{' or '.join(_WANTED[one] for one in wanted)} is wanted, got {described(value)}"
    readers = [_UNQUOTED[one] for one in wanted if one in _UNQUOTED]
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}|true|false", value):
        bare = Unquoted(value, "number" if value.isdigit() else "boolean")
        if any(read(bare) is not None for read in readers):
            return f"{message}; write {value}, without quotes"
    return f"{message}{write_example(schema)}"


def write_example(schema: Mapping[str, Any]) -> str:
    """Give the examples of a list or a mapping; a text needs none.

    Editors offer ``examples`` as they are, which for a mapping is ``[object Object]``: mappings are ``errorExamples``.
    """
    given = (*schema.get("errorExamples", ()), *schema.get("examples", ()))
    examples = [json.dumps(one) for one in given if isinstance(one, list | dict)]
    return f"; write {', or '.join(examples)}" if examples else ""
