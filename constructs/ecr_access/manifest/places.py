"""Places in a manifest: paths, as a person reads them, in the order of the text, with their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import yaml

from ecr_access.documents.nodes import compose
from ecr_access.wording import quoted

Path = tuple[str | int, ...]
"""Where an entry is: keys and indexes, from the top of the manifest."""

_BARE_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def written(path: Path) -> str:
    """Write a path for a person: ``repositories[0].name``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not _BARE_KEY.fullmatch(part):
            text += f"[{quoted(part)}]"
        else:
            text += f".{part}" if text else part
    return text


class Positions:
    """Where entries stand in the order of the document that a value was read from."""

    def __init__(self, value: object) -> None:
        self._value = value
        self._indexes: dict[int, dict[object, int]] = {}

    def of(self, path: Path) -> tuple[int, ...]:
        """Return what entries are sorted by."""
        found: list[int] = []
        value = self._value
        for part in path:
            if isinstance(value, Mapping) and part in value:
                found.append(self._index(value)[part])
                value = value[part]
            elif isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
                found.append(part)
                value = value[part]
        return tuple(found)

    def _index(self, value: Mapping[Any, object]) -> dict[object, int]:
        if id(value) not in self._indexes:
            self._indexes[id(value)] = {key: index for index, key in enumerate(value)}
        return self._indexes[id(value)]


class Lines:
    """The lines of the entries of a text."""

    def __init__(self, text: str = "") -> None:
        self._text = text

    def of(self, path: Path) -> int | None:
        """Find the line of an entry, counted from 1; None if there is no telling."""
        node = self._root
        line = None
        for part in path:
            if isinstance(node, yaml.MappingNode):
                # Of a key that is given twice, the last counts.
                key, node = next(((k, v) for k, v in reversed(node.value) if k.value == part), (None, None))
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                key = node = node.value[part]
            else:
                return None
            if key is None:
                return None
            line = key.start_mark.line + 1
        return line

    @cached_property
    def _root(self) -> Any:
        try:
            # YAML holds nearly all JSON.
            return compose(self._text)
        except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
            return None
