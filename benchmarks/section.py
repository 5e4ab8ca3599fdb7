"""What every benchmark is: a section of the README that is measured, then written."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

R = TypeVar("R")


class BenchmarkError(Exception):
    """A benchmark could not be run."""


@dataclass(frozen=True)
class Section(Generic[R]):
    """One benchmark: ``measure`` takes the rounds, ``report`` turns what it returns into lines of Markdown."""

    title: str
    rounds: int
    measure: Callable[[int], R]
    report: Callable[[R], list[str]]

    def lines(self, rounds: int | None) -> list[str]:
        """Measure, and write the section without its title."""
        return [*self.report(self.measure(rounds or self.rounds)), "", _machine()]


class Progress:
    """Prints a line for each step of a long run."""

    def __init__(self, name: str, total: int) -> None:
        """Start the clock."""
        self._name, self._total, self._done = name, total, 0
        self._began = time.monotonic()

    def step(self, what: str) -> None:
        """Say what was done."""
        self._done += 1
        print(f"{self._name} {self._done}/{self._total}  {time.monotonic() - self._began:4.0f} s  {what}", flush=True)

    def say(self, what: str) -> None:
        """Say what is about to be done."""
        print(f"{self._name}: {what}", flush=True)


def taking_turns(variants: Sequence[str], number: int) -> list[str]:
    """Order the variants of a round: whoever comes first in one comes last in the next."""
    first = number % len(variants)
    return [*variants[first:], *variants[:first]]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Write a table in Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (header, *rows)]
    return [lines[0], f"|{'---|' * len(header)}", *lines[1:]]


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors."
