"""Places in a manifest: paths, as a person reads them, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ecr_access.wording import quoted

if TYPE_CHECKING:
    from ecr_access.documents.document import Path

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
