"""Text, JSON or YAML, to plain values that keep what a person wrote."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import yaml

from ecr_access.documents.nodes import STANDARD, compose, fault_of
from ecr_access.manifest.errors import Problem

_READS_AS: Final = {"int": "number", "float": "number", "bool": "boolean", "timestamp": "date"}
_MOST: Final = 200_000
_TOO_MANY: Final = Problem(
    "", f"more than {_MOST:,} values, those of aliases wherever they stand; write fewer, or several manifests"
)
_TOO_MUCH: Final = Problem("", "nested too deeply, or a number or an escape too large")


class Fields(dict[str, object]):
    """A mapping, with the keys that the text gave more than once."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unquoted:
    """A text that YAML takes for something else: an account id for a number, in octal if it starts with 0."""

    text: str
    reads_as: str


class DocumentError(ValueError):
    """A text that is neither JSON nor YAML."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def parse_document(text: str) -> object:
    """Read JSON or YAML, whichever it is.

    Raises:
        DocumentError: if it is neither, or holds more than 200,000 values with all aliases written out.
    """
    value = _parse(text)
    if _count(value, {}) > _MOST:
        raise DocumentError(_TOO_MANY)
    return value


def _count(value: object, known: dict[int, int]) -> int:
    """Count the values in a value, those that aliases repeat each time: a short text could stand for gigabytes."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if items and id(value) not in known:
        known[id(value)] = 1  # of one that holds itself
        known[id(value)] = 1 + sum(_count(item, known) for item in items)
    return known.get(id(value), 1)


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_fields)
    except json.JSONDecodeError as error:
        not_json = Problem(f"line {error.lineno}, column {error.colno}", f"not JSON: {error.msg.lower()}")
    except (RecursionError, ValueError):  # an integer of thousands of digits is a ValueError
        raise DocumentError(_TOO_MUCH) from None
    try:
        return _parse_yaml(text)
    except yaml.YAMLError as error:
        # YAML holds nearly all JSON, so only the first character tells which of the two was meant.
        meant_json = text.lstrip().startswith(("{", "["))
        raise DocumentError(not_json if meant_json else _not_yaml(error)) from error
    except (RecursionError, ValueError, OverflowError):  # an escape beyond Unicode, such as "\UFFFFFFFF"
        raise DocumentError(_TOO_MUCH) from None


def _fields(pairs: list[tuple[str, object]]) -> Fields:
    fields = Fields(pairs)
    fields.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return fields


def _parse_yaml(text: str) -> object:
    """Read YAML from its nodes, because values no longer tell ``no`` from ``false`` or 010 from 8."""
    try:
        node = compose(text)
    except yaml.YAMLError:
        node = yaml.compose(text, Loader=yaml.SafeLoader)  # says better what is wrong than the loader of C
    return None if node is None else _value(node, {})


def _value(node: Any, seen: dict[int, object]) -> object:
    """Read a node; one that aliases repeat is read once."""
    if id(node) in seen:
        return seen[id(node)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        items: list[object] = []
        seen[id(node)] = items
        items.extend(_value(item, seen) for item in node.value)
        return items
    fields, repeated = Fields(), dict[str, None]()
    seen[id(node)] = fields
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key must be a text", problem_mark=key_node.start_mark)
        # As JSON does, every key is a text: a role called `no` or `on` is one.
        if key_node.value in fields:
            repeated[key_node.value] = None
        fields[key_node.value] = _value(value_node, seen)
    fields.repeated = tuple(repeated)
    return fields


def _scalar(node: yaml.ScalarNode) -> object:
    kind = node.tag.removeprefix(STANDARD)
    if kind == "null":
        return None
    if kind in _READS_AS:
        return Unquoted(node.value, _READS_AS[kind])
    # "value" and "merge" are a plain `=` and `<<`, which mean nothing here.
    return node.value if kind in {"str", "value", "merge"} else Unquoted(node.value, f"value of tag {node.tag}")


def _not_yaml(error: yaml.YAMLError) -> Problem:
    fault = fault_of(error)
    return Problem(f"line {fault.line}, column {fault.column}" if fault.line else "", fault.message)
