"""Documents in JSON or YAML: how a kind of them is read, what one holds, on which lines, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

from ecr_access.wording import quoted

STANDARD: Final = "tag:yaml.org,2002:"
"""How the tags of YAML's own types begin."""

MOST: Final = 50
"""So many problems are told, and how many more there are: what has thousands has one cause."""

Path = tuple[str | int, ...]
"""Where an entry is: keys and indexes, from the top of the document."""

Pairs = list[tuple[str, object]]
MakeObject = Callable[[Pairs], dict[str, object]]
Entries = Iterable[tuple[str | int, int, Any]]
"""The key or index, line and place of each entry of a value; what a place is, only the format knows."""


@dataclass(frozen=True)
class TextProblem:
    """One thing that is wrong, and the line and column where it is, counted from 1; 0 where that is not known."""

    line: int
    message: str
    column: int = 0

    def at(self, file: str) -> str:
        """Write it for a person, as compilers do: ``stack.yaml:3: what is wrong``."""
        column = f", column {self.column}" if self.column else ""
        return f"{file}:{self.line}: {self.message}{column}" if self.line else f"{file}: {self.message}"


class DocumentError(Exception):
    """A text that cannot be read, with everything that is wrong with it, up to fifty problems."""

    def __init__(self, *problems: TextProblem) -> None:
        more = [TextProblem(0, f"and {len(problems) - MOST:,} more problems")] if len(problems) > MOST else []
        self.problems = (*problems[:MOST], *more)
        super().__init__("\n".join(one.at("document") for one in self.problems))


class TagError(Exception):
    """A tag of YAML that a kind of document cannot have."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What differs between the kinds of documents."""

    value: Callable[[str, Any], object]
    """Makes a value of a tag of YAML and of what has it: the text of a scalar, as it was written, or a list or an
    object of values. Raises ``TagError``. Values of JSON are plain."""
    most: int
    """How many values it may hold. An alias counts at each use, because a short text could expand to gigabytes."""
    merges: bool = False
    """Whether the key ``<<`` of YAML stands for the keys of other objects, as defaults."""
    keeps_repeated: bool = False
    """Whether an object with a key given twice is read, as ``Fields``, in place of an error: it is a problem beside."""

    def require_at_most(self, values: int) -> None:
        """Raise ``DocumentError`` if there are more values."""
        if values > self.most:
            wrong = f"more than {self.most:,} values, counting an alias at each use; write fewer, or several files"
            raise DocumentError(TextProblem(0, wrong))


class Fields(dict[str, object]):
    """An object some of whose keys the text gave more than once; the last of each counts."""

    def __init__(self, pairs: Pairs) -> None:
        super().__init__(pairs)
        self._given: dict[str, list[object]] = {}
        for key, value in pairs:
            self._given.setdefault(key, []).append(value)
        self.repeated = tuple(key for key, values in self._given.items() if len(values) > 1)

    def given(self, key: str) -> list[object]:
        """Return all values of a key."""
        return self._given[key]


class Lines:
    """The lines of the entries of a document, found when they are asked for, which is seldom."""

    def __init__(
        self, root: Callable[[], Any], entries: Callable[[Any], Entries], merged: Callable[[Any], Entries] | None = None
    ) -> None:
        """Find lines by the place of the document, the entries of a place, and the entries that it has as defaults."""
        self._root = cache(root)
        self._entries = entries
        every = (lambda at: chain(merged(at), entries(at))) if merged else entries
        # Of a key that is given twice, the last counts.
        self._found = cache(lambda at: {part: (line, inner) for part, line, inner in every(at)})

    def of(self, path: Path) -> int | None:
        """Find the line of an entry, that of its key if it has one, counted from 1; None if there is no telling."""
        found = self.along(path)
        return found[-1] if found and len(found) == len(path) else None

    def along(self, path: Path) -> list[int]:
        """Find the lines of an entry and of all that holds it, from the top, as far as the document has these."""
        found: list[int] = []
        try:
            at = self._root()
            for part in path:
                line, at = self._found(at).get(part, (0, None))
                if not line:
                    break
                found.append(line)
        except RecursionError:  # it was read where more of the stack was left
            return []
        return found

    def repeated_keys(self) -> Iterator[TextProblem]:
        """Yield each key that its object has already."""
        rest = [self._root()]
        while rest:
            given = set[str | int]()
            for part, line, inner in self._entries(rest.pop()):
                if part in given:
                    message = f"the key {quoted(str(part))} is given twice in one object; keep one of them"
                    yield TextProblem(line, message)
                given.add(part)
                rest.append(inner)


@dataclass(frozen=True)
class Document:
    """What a text holds, and what is wrong with it."""

    value: Any
    lines: Lines
    problems: Iterable[TextProblem] = ()
