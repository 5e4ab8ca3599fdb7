"""Reads YAML from its nodes, as values no longer tell ``no`` from ``false`` or 010 from 8."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import yaml

from ecr_access.documents.document import STANDARD, Document, Lines, TagError, TextProblem
from ecr_access.documents.yaml_nodes import compose

if TYPE_CHECKING:
    from ecr_access.documents.document import Dialect, Entries, MakeObject, Pairs


def read(text: str, dialect: Dialect, make_object: MakeObject) -> Document:
    """Read YAML, and note what is wrong with it; raise as PyYAML does for numbers and escapes that are too large."""
    reader = _Reader(dialect, make_object)
    value = None
    try:
        node = compose(text, dialect)
        value = None if node is None else reader.value(node)
    except yaml.YAMLError as error:
        reader.problems.append(_problem(error))
    lines = Lines(partial(compose, text, dialect), reader.entries, reader.merged)
    return Document(value, lines, reader.problems)


def _problem(error: yaml.YAMLError) -> TextProblem:
    """Read an error of PyYAML, whose kinds have different attributes."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return TextProblem(line, f"neither JSON nor YAML: {what}", column)


class _Reader:
    """Reads nodes, and notes what is wrong with them."""

    def __init__(self, dialect: Dialect, make_object: MakeObject) -> None:
        self.problems: list[TextProblem] = []
        self._dialect = dialect
        self._make_object = make_object
        self._merge = f"{STANDARD}merge" if dialect.merges else ""
        self._value = dialect.value
        self._read = 1

    def entries(self, node: Any) -> Entries:
        """Yield the entries of a node, which is its own place."""
        if isinstance(node, yaml.SequenceNode):
            yield from ((index, one.start_mark.line + 1, one) for index, one in enumerate(node.value))
        elif isinstance(node, yaml.MappingNode):
            for index, (key, one) in enumerate(node.value):
                is_name = isinstance(key, yaml.ScalarNode) and key.tag != self._merge
                yield key.value if is_name else index, key.start_mark.line + 1, one

    def merged(self, node: Any) -> Entries:
        """Yield the entries that a node has by a merge key, the one that counts last."""
        for key, one in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.tag == self._merge:
                for part in reversed(one.value if isinstance(one, yaml.SequenceNode) else [one]):
                    yield from self.merged(part)
                    yield from self.entries(part)

    def value(self, node: Any) -> object:
        held = node.value
        if not isinstance(node, yaml.ScalarNode):
            self._read += len(held)
            self._dialect.require_at_most(self._read)
            held = [self.value(one) for one in held] if isinstance(node, yaml.SequenceNode) else self._object(held)
        try:
            return self._value(node.tag, held)
        except TagError as error:
            self._note(node, str(error))
            return None

    def _object(self, entries: list[tuple[Any, Any]]) -> dict[str, object]:
        pairs: Pairs = []
        merged: dict[str, object] = {}
        for key, one in entries:
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, "a key is a list or an object; allowed is a text")
            elif key.tag == self._merge:
                merged.update(self._merged_by(one))
            else:  # as in JSON, every key is a text: a role called `no` or `on` is one
                pairs.append((key.value, self.value(one)))
        own = {key for key, _ in pairs}
        return self._make_object([*(one for one in merged.items() if one[0] not in own), *pairs])

    def _merged_by(self, node: Any) -> dict[str, object]:
        """Return what a merge key stands for: of several objects, the first that has a key counts."""
        parts = self.value(node)
        merged: dict[str, object] = {}
        for part in reversed(parts if isinstance(parts, list) else [parts]):
            if isinstance(part, dict):
                merged.update(part)
            else:
                self._note(
                    node, "the key '<<' stands for the keys of other objects; allowed is an alias of one, or a list"
                )
        return merged

    def _note(self, node: Any, message: str) -> None:
        self.problems.append(TextProblem(node.start_mark.line + 1, message))
