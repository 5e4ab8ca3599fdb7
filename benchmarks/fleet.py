"""What thousands of repositories cost at synthesis."""

from __future__ import annotations

from typing import Final

from benchmarks.children import Results, syntheses
from benchmarks.mesh import exponent
from benchmarks.section import Chart, Section, table

FLOOR, BULK = VARIANTS = ("CfnRepository", "bulk")
COUNTS: Final = (1_000, 4_000, 10_000)

_METHOD: Final = """\
Repositories in stacks of 400, each pulled from by one role of another account and pushed to by another one:
`CfnRepository` with its policy by hand, which is the floor, and `DeclaredInBulk`, which reads a manifest for each stack
and renders the access check with all that it needs. The seconds are those of the processors, of Python and of the CDK's
process, without the imports; the memory is what Python and the CDK's process held at their peaks. The exponent is that
of the seconds, from one row to the next: 1 where twice the repositories take twice the time. Every
synthesis is in a fresh process, the variants taking turns. Of {rounds} rounds the least counts, as
noise only adds. It needs Linux."""


def measure(rounds: int) -> Results:
    """Synthesize each variant with each count, so many rounds.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    return syntheses("fleet", VARIANTS, COUNTS, rounds)


def report(results: Results) -> list[str]:
    """Write the results as Markdown."""
    header = ["repositories", "variant", "seconds", "of the floor", "exponent", "MB", "of the floor"]
    rows = [_row(results, variant, count) for count in COUNTS for variant in VARIANTS]
    return [_METHOD.format(rounds=len(results[FLOOR, COUNTS[0]])), "", *table(header, rows)]


def charts(results: Results) -> list[Chart]:
    """Draw the time and the memory against the number of repositories."""
    return [
        Chart(
            title,
            "repositories",
            unit,
            {one: [(count, _least(results, one, count, key)) for count in COUNTS] for one in VARIANTS},
            doubling=True,
        )
        for title, unit, key in (("A fleet", "CPU, s", "seconds"), ("A fleet, memory", "peak, MB", "megabytes"))
    ]


def ratios(results: Results) -> dict[str, float]:
    """Compare the largest fleet with the floor."""
    return {f"{key} of {FLOOR} at {COUNTS[-1]:,}": _ratio(results, COUNTS[-1], key) for key in ("seconds", "megabytes")}


def _row(results: Results, variant: str, count: int) -> list[str]:
    seconds, memory = (_least(results, variant, count, key) for key in ("seconds", "megabytes"))
    by_time, by_memory = (
        "" if variant == FLOOR else f"{_ratio(results, count, key):.2f}" for key in ("seconds", "megabytes")
    )
    power = ""
    if count != COUNTS[0]:
        before = COUNTS[COUNTS.index(count) - 1]
        power = f"{exponent((before, _least(results, variant, before, 'seconds')), (count, seconds)):.2f}"
    return [f"{count:,}", f"`{variant}`", f"{seconds:.1f}", by_time, power, f"{memory:,.0f}", by_memory]


def _ratio(results: Results, count: int, key: str) -> float:
    return _least(results, BULK, count, key) / _least(results, FLOOR, count, key)


def _least(results: Results, variant: str, count: int, key: str) -> float:
    return min(one[key] for one in results[variant, count])


SECTION: Final = Section("Cost of a fleet at synthesis", 1, measure, report, charts, ratios)
