"""An entry of a manifest: a value that knows its path, read leniently where the schema has found it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecr_access.manifest.places import Place
from ecr_access.manifest.values import as_boolean, as_integer
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from ecr_access.documents.document import Path
    from ecr_access.manifest.source import Source


@dataclass(frozen=True)
class Entry:
    """A value, its path from the top of a file, and the file."""

    path: Path
    value: object
    source: Source = field(repr=False)

    def wrong(self, message: str | Exception) -> None:
        """Note a problem with this entry."""
        self.source.problems.add(self.path, message)

    def repeats(self, first: Entry) -> None:
        """Note that this entry is the same as one before, perhaps in another file."""
        what = quoted(self.value) if isinstance(self.value, str) else "the same"
        self.wrong(f"{what} was given before, at {first.place.seen_from(self.source)}; keep one")

    @property
    def place(self) -> Place:
        """Where it is written."""
        return Place(self.source, self.path)

    @property
    def is_given(self) -> bool:
        """Whether the text has it."""
        return self.value is not None

    @property
    def is_sound(self) -> bool:
        """Whether no problem has been noted with this entry or in it."""
        return not self.source.problems.has(self.path)

    def text(self) -> str | None:
        """Read a text."""
        return self.value if isinstance(self.value, str) else None

    def integer(self) -> int | None:
        """Read a whole number."""
        return as_integer(self.value)

    def boolean(self) -> bool | None:
        """Read true or false."""
        return as_boolean(self.value)

    def items(self) -> list[Entry]:
        """Read a list."""
        if not isinstance(self.value, list | tuple):
            return []
        return [Entry((*self.path, index), value, self.source) for index, value in enumerate(self.value)]

    def members(self) -> dict[str, Entry]:
        """Read a mapping."""
        if not isinstance(self.value, Mapping):
            return {}
        return {str(key): Entry((*self.path, str(key)), value, self.source) for key, value in self.value.items()}

    def texts(self) -> tuple[str, ...] | None:
        """Read a list of texts; what is none is left out."""
        if not isinstance(self.value, list | tuple):
            return None
        return tuple(one for one in self.value if isinstance(one, str))

    def __getitem__(self, key: str) -> Entry:
        """Read a member of a mapping; one that is not there holds nothing."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Entry((*self.path, key), value, self.source)
