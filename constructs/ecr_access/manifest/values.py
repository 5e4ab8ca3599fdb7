"""Values of a document: what they are to a person, and the numbers and booleans that YAML's texts stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ecr_access.manifest.document import Unquoted
from ecr_access.wording import quoted

# YAML takes 010 for 8, 1_0 for 10 and 1:30 for 90; a manifest takes what every reader takes for a number.
_PLAIN_INTEGER: Final = re.compile("-?(0|[1-9][0-9]{0,17})")
_BOOLEANS: Final = {"true": True, "false": False}


def as_unquoted(value: object) -> Unquoted | None:
    """Take a number or a boolean for what was written; None for anything else."""
    match value:
        case Unquoted():
            return value
        case bool():
            return Unquoted(str(value).lower(), "boolean")
        case int() | float():
            return Unquoted(str(value), "number")
    return None


def as_integer(value: object) -> int | None:
    """Read a whole number; None if it is none, or written as only YAML reads it."""
    if isinstance(value, Unquoted):
        return int(value.text) if value.reads_as == "number" and _PLAIN_INTEGER.fullmatch(value.text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value == value // 1 else None


def as_boolean(value: object) -> bool | None:
    """Read true or false; None if it is neither, or a word that only YAML takes for one of them, such as ``no``."""
    if isinstance(value, Unquoted):
        return _BOOLEANS.get(value.text.lower()) if value.reads_as == "boolean" else None
    return value if isinstance(value, bool) else None


def described(value: object) -> str:
    """Say what a value is without writing out all that it holds."""
    plain = as_unquoted(value)
    match value:
        case None:
            return "nothing"
        case str():
            return quoted(value)
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a mapping"
    return f"the {plain.reads_as} {quoted(plain.text)[1:-1]}" if plain else f"a {type(value).__name__}"
