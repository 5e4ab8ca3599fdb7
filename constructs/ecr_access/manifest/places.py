"""Places in a manifest: paths, as a person reads them, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.manifest.errors import Problem
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from ecr_access.documents.document import Path
    from ecr_access.manifest.source import Source

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


@dataclass(frozen=True)
class Place:
    """Where something is written: a file, or the context, and the path in it."""

    source: Source
    path: Path

    def inside(self, *path: str | int) -> Place:
        """Return a place in what stands here."""
        return Place(self.source, (*self.path, *path))

    @property
    def line(self) -> int | None:
        """The line, counted from 1; None if the text has no lines, or not this entry."""
        return self.source.lines.of(self.path) if self.source.lines else None

    @property
    def value(self) -> object:
        """What is written here."""
        found: Any = self.source.value
        for part in self.path:
            found = found[part]
        return found

    def __str__(self) -> str:
        """Write the file and the line, as compilers do; or the path where there is no line."""
        line = self.line
        return f"{self.source.name}:{line}" if line else f"{written(self.path)} in {self.source.name}"

    def seen_from(self, source: Source) -> str:
        """Write it for a message about a source: its path alone where it is in the same one."""
        return written(self.path) if source is self.source else f"{self} ({written(self.path)})"

    def problem(self, message: str) -> Problem:
        """Say what is wrong here."""
        return Problem(written(self.path), message, self.line, self.source.shown)

    def wrong(self, message: str | Exception) -> None:
        """Note what is wrong here, while the manifest is read."""
        self.source.problems.add(self.path, message)


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
