"""Runs the benchmarks and writes their results: ``python -m benchmarks [ROUNDS]``."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
VARIANTS: Final = ("CfnRepository", "aws_ecr.Repository", "cdk-ecr-access")
FLOOR: Final = VARIANTS[0]
COUNTS: Final = (1, 200, 400)
ROUNDS: Final = 5

_METHOD: Final = """\
# Benchmarks

`make bench` writes this file. Machines are noisy: compare the ratios of one run, never the seconds of two.

## Cost of a repository at synthesis

A repository with scan on push, immutable tags and a lifecycle rule, pulled from by one role of another account and
pushed to by another one. `CfnRepository` has its policy written by hand and is the floor; it and `aws_ecr.Repository`
name the roles in the repository policy, which ECR refuses while a role does not exist. `cdk-ecr-access` renders the
account under `aws:PrincipalArn`, and what the others leave out: the requirements of the access check, the permissions
of its role, and the policies to attach in the other account. The marginal cost is that of each repository beyond the
first. Medians of {rounds} rounds, every synthesis in a fresh process, the variants taking turns.

| repositories | variant | seconds | marginal, ms | of the floor | template, bytes | marginal, bytes |
|---|---|---|---|---|---|---|"""

Figures = dict[str, float]
Results = dict[tuple[str, int], list[Figures]]


def measure(rounds: int) -> Results:
    """Synthesize each variant with each count, in a process of its own each time, the variants taking turns."""
    results: Results = defaultdict(list)
    total = rounds * len(COUNTS) * len(VARIANTS)
    done, began = 0, time.monotonic()
    for number in range(rounds):
        for count in COUNTS:
            # Whoever comes first in a round comes last in the next one.
            for variant in VARIANTS[number % len(VARIANTS) :] + VARIANTS[: number % len(VARIANTS)]:
                results[variant, count].append(_one(variant, count))
                done += 1
                print(f"{done}/{total}  {time.monotonic() - began:4.0f} s  {variant} {count}", flush=True)
    return results


def report(results: Results, *, rounds: int) -> str:
    """Write the results as Markdown."""
    lines = [_METHOD.format(rounds=rounds)]
    for count in COUNTS:
        for variant in VARIANTS:
            one, base = _medians(results[variant, count]), _medians(results[variant, COUNTS[0]])
            row = [f"{count}", f"`{variant}`", f"{one['seconds']:.2f}"]
            if count == COUNTS[0]:
                row += ["", "", f"{one['bytes']:,.0f}", ""]
            else:
                cost, floor = _marginal(results, variant, count), _marginal(results, FLOOR, count)
                size = (one["bytes"] - base["bytes"]) / (count - COUNTS[0])
                row += [f"{cost * 1000:.1f}", f"{cost / floor:.2f}", f"{one['bytes']:,.0f}", f"{size:,.0f}"]
            lines.append(f"| {' | '.join(row)} |")
    every = [one for some in results.values() for one in some]
    cdk, ours, name = (
        statistics.median(one[key] for one in every) for key in ("import_cdk", "import_ours", "import_name")
    )
    lines += [
        "",
        "## Import",
        "",
        "| statement | of `import aws_cdk` |",
        "|---|---|",
        "| `import aws_cdk` | 100 % |",
        f"| `import cdk_ecr_access`, after it | {ours / cdk:.1%} |",
        f"| `from cdk_ecr_access import AccessibleRepository`, after it and `aws_ecr`, `aws_iam` | {name / cdk:.1%} |",
        "",
        f"Python {platform.python_version()}, aws-cdk-lib {version('aws-cdk-lib')}, {platform.machine()}.",
        "",
    ]
    return "\n".join(lines)


def _one(variant: str, count: int) -> Figures:
    # The interpreter's own arguments, none of which come from outside.
    command = [sys.executable, str(HERE / "synth_app.py"), variant, str(count)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def _medians(some: list[Figures]) -> Figures:
    return {key: _median(some, key) for key in some[0]}


def _median(some: list[Figures], key: str) -> float:
    return statistics.median(one[key] for one in some)


def _marginal(results: Results, variant: str, count: int) -> float:
    one, base = _medians(results[variant, count]), _medians(results[variant, COUNTS[0]])
    return (one["seconds"] - base["seconds"]) / (count - COUNTS[0])


if __name__ == "__main__":
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    (HERE / "README.md").write_text(report(measure(how_many), rounds=how_many))
