"""What a small app takes, from the start of its process to the end."""

from __future__ import annotations

from typing import Final

from benchmarks.children import Results, syntheses
from benchmarks.section import Section, table

PEER, OURS = VARIANTS = ("aws_ecr.Repository", "cdk-ecr-access")
COUNTS: Final = (1, 5)

_METHOD: Final = """\
One stack, one or five repositories, each pulled from by a role of another account and pushed to by a role of the stack:
the whole process, with its imports and the synthesis, in seconds of the processors, of Python and of the CDK's process,
and on the clock. It is what every synthesis and every test of an app waits for. The least of {rounds} rounds, as noise
only adds, every app in a fresh process, the variants taking turns. It needs Linux."""


def measure(rounds: int) -> Results:
    """Synthesize each variant with each count, so many rounds.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    return syntheses("small", VARIANTS, COUNTS, rounds)


def report(results: Results) -> list[str]:
    """Write the results as Markdown."""
    header = ["repositories", "variant", "processors, s", f"of `{PEER}`", "clock, s", f"of `{PEER}`"]
    rows = [_row(results, variant, count) for count in COUNTS for variant in VARIANTS]
    return [_METHOD.format(rounds=len(results[PEER, COUNTS[0]])), "", *table(header, rows)]


def ratios(results: Results) -> dict[str, float]:
    """Compare the processors' time with the peer's."""
    return {f"processors of {PEER}, {count}": _of_peer(results, OURS, count, "cpu") for count in COUNTS}


def _row(results: Results, variant: str, count: int) -> list[str]:
    row = [f"{count}", f"`{variant}`"]
    for key in ("cpu", "seconds"):
        row += [f"{_least(results, variant, count, key):.2f}", f"{_of_peer(results, variant, count, key):.2f}"]
    return row


def _of_peer(results: Results, variant: str, count: int, key: str) -> float:
    return _least(results, variant, count, key) / _least(results, PEER, count, key)


def _least(results: Results, variant: str, count: int, key: str) -> float:
    return min(one[key] for one in results[variant, count])


SECTION: Final = Section("Cost of a small app", 9, measure, report, ratios=ratios)
