"""All that is wrong with a manifest, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: an entry's path, a line and column, or nothing for the whole.

    ``line`` is that of the entry, where there is a text that has lines.
    """

    at: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """Write the problem as a line for a person."""
        line = f" (line {self.line})" if self.line else ""
        return f"{self.at}{line}: {self.message}" if self.at else self.message


class ManifestError(ValueError):
    """A manifest that cannot be used, with every problem that it has."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        """Join the problems of the manifest that came from ``source``."""
        self.source = source
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count > 1 else ''} in {source}; nothing was synthesized"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))
