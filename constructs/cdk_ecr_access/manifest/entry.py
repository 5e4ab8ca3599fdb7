"""An entry of a manifest: a value that knows its path and takes note of what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.manifest.document import Fields, Unquoted
from cdk_ecr_access.manifest.errors import Problem
from cdk_ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARE_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Entry:
    """A value, its path from the top of the manifest, and the problems found so far in the whole manifest."""

    path: str
    value: object
    problems: list[Problem]

    def wrong(self, message: str) -> None:
        """Note a problem with this entry."""
        self.problems.append(Problem(self.path, message))

    def text(self) -> str | None:
        """Read a text; None, noted, if it is none."""
        if isinstance(self.value, str):
            return self.value
        plain = as_unquoted(self.value)
        if plain:
            self.wrong(f'{plain.text} is a {plain.reads_as}; quote it: "{plain.text}"')
        else:
            self.wrong(self._not("a text"))
        return None

    def items(self, *, example: str) -> list[Entry]:
        """Read a list; empty, noted, if it is none."""
        if not isinstance(self.value, list | tuple):
            self.wrong(f"{self._not('a list')}; write {example}")
            return []
        return [Entry(f"{self.path}[{index}]", value, self.problems) for index, value in enumerate(self.value)]

    def members(self, *, example: str) -> dict[str, Entry] | None:
        """Read a mapping whose keys are free; None, noted, if it is none."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"{self._not('a mapping')}; write {example}")
            return None
        if isinstance(self.value, Fields):
            for key in self.value.repeated:
                self.wrong(f"key {quoted(key)} is given twice; keep one")
        return {str(key): Entry(self._under(str(key)), value, self.problems) for key, value in self.value.items()}

    def fields(self, *, required: Sequence[str], optional: Sequence[str], example: str) -> dict[str, Entry]:
        """Read a mapping whose keys are known: those of them that are there; empty, noted, if it is none."""
        members = self.members(example=example)
        if members is None:
            return {}
        known = [*required, *optional]
        for key, entry in members.items():
            if key not in known:
                allowed = ", ".join(map(repr, known))
                entry.wrong(f"unknown key {quoted(key)}; allowed: {allowed}{did_you_mean(key, known)}")
        for key in required:
            if key not in members:
                self.wrong(f"{key!r} is missing; write {example}")
        return {key: members[key] for key in known if key in members}

    def _under(self, key: str) -> str:
        if not _BARE_KEY.fullmatch(key):
            return f"{self.path}[{quoted(key)}]"
        return f"{self.path}.{key}" if self.path else key

    def _not(self, wanted: str) -> str:
        return f"{wanted} is wanted, got {_described(self.value)}"


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


def _described(value: object) -> str:
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
    return f"the {plain.reads_as} {plain.text}" if plain else f"a {type(value).__name__}"
