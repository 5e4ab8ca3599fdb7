"""What is wrong with the text of a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST: Final = 50
"""So many problems are told, and how many more there are: what has thousands has one cause."""


@dataclass(frozen=True)
class TextProblem:
    """One thing that is wrong, and the line where it is; 0 where that is not known."""

    line: int
    message: str

    def at(self, file: str) -> str:
        """Write it for a person, as compilers do: ``stack.yaml:3: what is wrong``."""
        return f"{file}:{self.line}: {self.message}" if self.line else f"{file}: {self.message}"


class UnreadableError(ValueError):
    """A text that is no template, with everything that is wrong with it, up to fifty problems."""

    def __init__(self, problems: Iterable[TextProblem]) -> None:
        found = [*problems]
        more = [TextProblem(0, f"and {len(found) - MOST:,} more problems")] if len(found) > MOST else []
        self.problems = (*found[:MOST], *more)
        super().__init__("\n".join(one.at("template") for one in self.problems))
