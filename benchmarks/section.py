"""What every benchmark is: a section of the README that is measured, then written."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

R = TypeVar("R")


class BenchmarkError(Exception):
    """A benchmark could not be run."""


@dataclass(frozen=True)
class Chart:
    """Lines of figures, to be drawn: for each name the points ``(x, y)``, in the order of x.

    Attributes:
        title: what is drawn, in a few words.
        x: what the horizontal axis counts.
        y: what the vertical axis counts, with its unit.
        lines: name to points.
        doubling: both axes are logarithmic, so that what grows in proportion is a straight line.
    """

    title: str
    x: str
    y: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    doubling: bool = False


@dataclass(frozen=True)
class Measured:
    """What one run of a benchmark found: its text in Markdown, what is drawn, and its ratios by name."""

    lines: list[str]
    charts: Sequence[Chart]
    ratios: Mapping[str, float]


@dataclass(frozen=True)
class Section(Generic[R]):
    """One benchmark: ``measure`` takes the rounds, and the others turn what it returns into what is shown.

    Attributes:
        title: of its section.
        rounds: how often it is measured, unless another number is asked for.
        measure: takes the rounds and returns the results.
        report: the results as lines of Markdown.
        charts: the results to be drawn. Default: none.
        ratios: by name, each beside a peer in the same run, less is better: what ``--gate`` compares. Default: none,
            and ``--gate`` leaves the section out.
    """

    title: str
    rounds: int
    measure: Callable[[int], R]
    report: Callable[[R], list[str]]
    charts: Callable[[R], Sequence[Chart]] | None = None
    ratios: Callable[[R], Mapping[str, float]] | None = None

    def run(self, rounds: int | None) -> Measured:
        """Measure; the section's text comes without its title."""
        results = self.measure(rounds or self.rounds)
        return Measured(
            lines=[*self.report(results), "", _machine()],
            charts=self.charts(results) if self.charts else (),
            ratios=self.ratios(results) if self.ratios else {},
        )


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
