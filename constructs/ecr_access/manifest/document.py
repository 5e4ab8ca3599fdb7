"""Text, JSON or YAML, to plain values that keep what a person wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.document import STANDARD, Dialect
from ecr_access.documents.text import parse

if TYPE_CHECKING:
    from ecr_access.documents.document import Document

_READS_AS: Final = {"int": "number", "float": "number", "bool": "boolean", "timestamp": "date"}


@dataclass(frozen=True)
class Unquoted:
    """A text that YAML takes for something else: an account id for a number, in octal if it starts with 0."""

    text: str
    reads_as: str


def parse_document(text: str) -> Document:
    """Read JSON or YAML, whichever it is.

    Raises:
        DocumentError: if it is neither, or holds more than 200,000 values with all aliases written out.
    """
    return parse(text, _DIALECT)


def _value_of(tag: str, held: Any) -> object:
    kind = tag.removeprefix(STANDARD)
    # "value" and "merge" are a plain `=` and `<<`, which mean nothing as values.
    if not isinstance(held, str) or kind in {"str", "value", "merge"}:
        return held
    return None if kind == "null" else Unquoted(held, _READS_AS.get(kind, f"value of tag {tag}"))


_DIALECT: Final = Dialect(value=_value_of, most=200_000, merges=True, keeps_repeated=True)
