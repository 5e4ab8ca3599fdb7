"""The problems of a manifest, while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.documents.document import Path


class Problems:
    """What is wrong so far, each with its path; an exception is only worded if it is reported."""

    def __init__(self, found: Iterable[tuple[Path, str]] = ()) -> None:
        self.found: list[tuple[Path, str | Exception]] = []
        self._holders: set[Path] = set()
        for path, message in found:
            self.add(path, message)

    def add(self, path: Path, message: str | Exception) -> None:
        """Note a problem with an entry."""
        self.found.append((path, message))
        # What holds a holder is one already.
        while path not in self._holders:
            self._holders.add(path)
            path = path[:-1]

    def has(self, path: Path) -> bool:
        """Whether a problem was noted with an entry or in it."""
        return path in self._holders
