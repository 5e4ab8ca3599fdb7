"""A file of a manifest, or the context that holds one, as it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecr_access.manifest.problems import Problems

if TYPE_CHECKING:
    from ecr_access.documents.document import Lines
    from ecr_access.manifest.errors import Problem


@dataclass(eq=False)
class Source:
    """What a file holds, on which lines, and what has been found wrong with it so far.

    Attributes:
        name: of the file, for messages.
        value: what it holds, if it can be read.
        lines: of the text.
        shown: the name, where a problem has to say which of several files it is in.
        unreadable: why it cannot be read, if it cannot.
        within: the file that includes it.
    """

    name: str
    value: object = None
    lines: Lines | None = None
    shown: str = ""
    unreadable: tuple[Problem, ...] = ()
    within: Source | None = None
    problems: Problems = field(default_factory=Problems)

    @property
    def chain(self) -> list[Source]:
        """This source and all that include it, the outermost first."""
        found = [self]
        while found[-1].within:
            found.append(found[-1].within)
        return found[::-1]
