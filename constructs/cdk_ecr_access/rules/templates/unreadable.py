"""What is wrong with the text of a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and the line where it is; 0 where that is not known."""

    line: int
    message: str

    def at(self, file: str) -> str:
        """Write it for a person, as compilers do: ``stack.yaml:3: what is wrong``."""
        return f"{file}:{self.line}: {self.message}" if self.line else f"{file}: {self.message}"


class UnreadableError(ValueError):
    """A text that is no template, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Hold the problems."""
        self.problems = tuple(problems)
        super().__init__("\n".join(one.at("template") for one in self.problems))
