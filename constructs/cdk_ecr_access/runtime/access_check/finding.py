"""What the check found out about one requirement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """Whether a principal can do what it must be able to do."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Problem:
    """Why some actions are not allowed, in words that hold for every repository of which they are true."""

    cause: str
    fix: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The verdict on one requirement.

    ``problems`` are the causes, where it is not allowed; ``note`` is what an allowed one rests on. ``missing`` says
    that there is no such repository, whoever asks.
    """

    principal: str
    access: str
    repository: str
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    note: str = ""
    missing: bool = False

    @property
    def cause(self) -> str:
        """Every cause, with the actions that it concerns."""
        return (
            "; ".join(f"{', '.join(one.actions)}: {one.cause}" if one.actions else one.cause for one in self.problems)
            or self.note
        )

    @property
    def fix(self) -> str:
        """Every fix."""
        return "; ".join(dict.fromkeys(one.fix for one in self.problems))
