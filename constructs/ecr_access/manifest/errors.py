"""What is wrong with a manifest, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecr_access.codes import Code
from ecr_access.documents.document import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: an entry's path, a line and column, or nothing for the whole.

    ``line`` is that of the entry, where there is a text that has lines; ``file`` is where it is, of several files.
    """

    at: str
    message: str
    line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        """Write the problem as a line for a person; of several files as compilers do, ``teams/a.yaml:3: ...``."""
        if self.file:
            line = f":{self.line}" if self.line else ""
            return f"{self.file}{line}: {self.at}{': ' if self.at else ''}{self.message}"
        line = f" (line {self.line})" if self.line else ""
        return f"{self.at}{line}: {self.message}" if self.at else self.message


class ManifestError(ValueError):
    """A manifest that cannot be used, with its problems in the order of the document, the first fifty of many."""

    def __init__(
        self,
        source: str,
        problems: Sequence[Problem],
        *,
        count: int | None = None,
        code: Code = Code.MANIFEST_PROBLEMS,
    ) -> None:
        """Join the problems of the manifest that came from ``source``.

        Args:
            source: a file, or the context.
            problems: what is wrong; what follows after the first fifty is left out.
            count: how many there are in all, where only the first are given.
            code: of the situation. Default: the manifest has problems.
        """
        self.source = source
        self.problems = tuple(problems[:MOST])
        self.count = len(problems) if count is None else count
        head = f"{self.count:,} problem{'s' if self.count > 1 else ''} in {source}; nothing was synthesized"
        more = self.count - len(self.problems)
        tail = [f"  and {more:,} more"] if more else []
        super().__init__(code.ends("\n".join([head, *(f"  {problem}" for problem in self.problems), *tail])))
