"""What stacks that pull from each other cost at synthesis."""

from __future__ import annotations

import math
from typing import Final

from benchmarks.children import Results, syntheses
from benchmarks.section import Chart, Section, table

PEER, OURS = VARIANTS = ("aws_ecr.Repository", "cdk-ecr-access")
COUNTS: Final = (1, 10, 20, 40)

_METHOD: Final = """\
S stacks of 40 repositories, and S stacks of services, each with a role that pulls from one repository of each: S grants
a stack of services. The check of such a stack rests on the policies of S + 1 stacks; each stack's tree is read once,
whatever the number of checks. The seconds are those of the processors, of Python and of the CDK's process, in
`app.synth()` alone; declaring comes before. The exponent is that of the time beyond one stack of each: 1 where twice
the stacks take twice the time, 2 where they take four times as much. The grants themselves grow with the square,
{grants:,} at the end. The least of {rounds} rounds, as noise only adds, every synthesis in a fresh process, the
variants taking turns. It needs Linux."""

Figures = dict[str, float]


def measure(rounds: int) -> Results:
    """Synthesize each variant with each count, so many rounds.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    return syntheses("mesh", VARIANTS, COUNTS, rounds)


def report(results: Results) -> list[str]:
    """Write the results as Markdown."""
    method = _METHOD.format(grants=COUNTS[-1] ** 2, rounds=len(results[PEER, COUNTS[0]]))
    header = ["S", "variant", "declaring, s", "`app.synth()`, s", f"of `{PEER}`", "exponent"]
    return [method, "", *table(header, [_row(results, variant, count) for count in COUNTS for variant in VARIANTS])]


def charts(results: Results) -> list[Chart]:
    """Draw the time of a synthesis against the stacks, ours and the peer's."""
    lines = {one: [(count, _least(results, one, count, "synth")) for count in COUNTS] for one in VARIANTS}
    return [Chart("Stacks that pull from each other", "S", "CPU of app.synth(), s", lines, doubling=True)]


def ratios(results: Results) -> dict[str, float]:
    """Compare the largest synthesis with the peer's."""
    ours, peer = (_least(results, one, COUNTS[-1], "synth") for one in (OURS, PEER))
    return {f"app.synth() of {PEER} at {COUNTS[-1]}": ours / peer}


def exponent(fewer: tuple[int, float], more: tuple[int, float]) -> float:
    """Return by which power of the number a time grows, from two numbers with their times."""
    return math.log(more[1] / fewer[1]) / math.log(more[0] / fewer[0])


def _row(results: Results, variant: str, count: int) -> list[str]:
    synth = _least(results, variant, count, "synth")
    ratio = synth / _least(results, PEER, count, "synth")
    declare = _least(results, variant, count, "declare")
    row = [f"{count}", f"`{variant}`", f"{declare:.2f}", f"{synth:.2f}", f"{ratio:.2f}"]
    # The first is what all are compared with, and the second has none before it.
    if count in COUNTS[:2]:
        return [*row, ""]
    before = COUNTS[COUNTS.index(count) - 1]
    return [*row, f"{exponent(_beyond(results, variant, before), _beyond(results, variant, count)):.2f}"]


def _beyond(results: Results, variant: str, count: int) -> tuple[int, float]:
    """Return the stacks beyond the first of each kind, and the time that they take."""
    first = COUNTS[0]
    return count - first, _least(results, variant, count, "synth") - _least(results, variant, first, "synth")


def _least(results: Results, variant: str, count: int, key: str) -> float:
    return min(one[key] for one in results[variant, count])


SECTION: Final = Section("Cost of stacks at synthesis", 3, measure, report, charts, ratios)
