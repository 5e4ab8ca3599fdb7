"""What the rules cost at synthesis."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from benchmarks.children import figures
from benchmarks.section import Progress, Section, table, taking_turns

VARIANTS: Final = ("without", "with", "and warned")

_METHOD: Final = """\
An app of {stacks:,.0f} stacks and {resources:,.0f} resources: repositories, roles with their policies, task
definitions that run images of their own stack and of the one before it, and queues; synthesized without and with
`EcrAccessRules`, and once more with two warnings for each of its 200 repositories, which the CDK writes down. Their own
time is that from the CDK's call to their answer, the reading of the templates included; it is compared with the rest of
`app.synth()` in the same process, without the declaring of the constructs. The aim is less than a fifth. The least of
{rounds} rounds, as noise only adds, every synthesis in a fresh process, the variants taking turns."""

Figures = dict[str, float]
Results = dict[str, list[Figures]]


def measure(rounds: int) -> Results:
    """Synthesize with and without the rules, in a process of its own each time, taking turns.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    results: Results = defaultdict(list)
    progress = Progress("rules", rounds * len(VARIANTS))
    for number in range(rounds):
        for variant in taking_turns(VARIANTS, number):
            results[variant].append(figures("benchmarks.rules_app", variant))
            progress.step(f"{variant} {results[variant][-1]['rules']:.2f} s")
    return results


def report(results: Results) -> list[str]:
    """Write the results as Markdown."""
    one = results[VARIANTS[0]][0]
    method = _METHOD.format(stacks=one["stacks"], resources=one["resources"], rounds=len(results[VARIANTS[0]]))
    header = ["rules", "whole app, s", "`app.synth()`, s", "of it without rules", "the rules' own, s", "of the rest"]
    return [method, "", *table(header, [_row(results, variant) for variant in VARIANTS])]


def _row(results: Results, variant: str) -> list[str]:
    synth = _least(results, variant, "synth")
    ratio = synth / _least(results, VARIANTS[0], "synth")
    row = [variant, f"{_least(results, variant, 'seconds'):.2f}", f"{synth:.2f}", f"{ratio:.2f}"]
    if variant == VARIANTS[0]:
        return [*row, "", ""]
    share = min(one["rules"] / (one["synth"] - one["rules"]) for one in results[variant])
    return [*row, f"{_least(results, variant, 'rules'):.2f}", f"{share:.1%}"]


def _least(results: Results, variant: str, key: str) -> float:
    return min(one[key] for one in results[variant])


SECTION: Final = Section("Cost of the rules at synthesis", 5, measure, report)
