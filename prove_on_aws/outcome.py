"""What came of trying an assumption."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(str, Enum):
    """Whether an assumption is true of this account."""

    HELD = "held"
    REFUTED = "refuted"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """An outcome, and what it rests on."""

    outcome: Outcome
    note: str


def held(note: str) -> Finding:
    """AWS answers as the code assumes."""
    return Finding(Outcome.HELD, note)


def refuted(note: str) -> Finding:
    """AWS answers otherwise."""
    return Finding(Outcome.REFUTED, note)


def skipped(note: str) -> Finding:
    """The assumption was not tried, or the answer says nothing about it."""
    return Finding(Outcome.SKIPPED, note)


def decided(*, holds: bool, note: str) -> Finding:
    """Held or refuted, with the same note."""
    return held(note) if holds else refuted(note)
