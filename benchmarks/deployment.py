"""What the access check adds to a deployment."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from benchmarks.section import BenchmarkError, Progress, Section, table, taking_turns
from ecr_access.local_cloud import LocalCloud

VARIANTS: Final = {"without": "`aws_ecr.Repository`", "with": "`AccessibleRepository`, checked"}
FLOOR: Final = "without"
SECONDS: Final = 300.0
_APP: Final = Path(__file__).parent / "deployment_app.py"

_METHOD: Final = """\
`cdk deploy` of one repository and a role that may push to it, into the embedded cloud: synthesis, upload, and the stack
until it is complete. With the check come its function, role and log group, the upload of its code, and the check
itself, which passes. The difference is what a user waits longer for a stack's first deployment, however many
repositories it has; the embedded cloud makes resources faster than AWS does, so that the seconds there differ. The
least of {rounds} rounds, as noise only adds, every deployment into a fresh cloud, the variants taking turns."""

Results = dict[str, list[float]]


def measure(rounds: int) -> Results:
    """Deploy every variant in each round.

    Raises:
        BenchmarkError: a deployment failed.
        LocalCloudError: the embedded cloud could not be started or bootstrapped.
    """
    progress = Progress("deployment", rounds * len(VARIANTS))
    results: Results = defaultdict(list)
    for number in range(rounds):
        for variant in taking_turns([*VARIANTS], number):
            results[variant].append(_deploy(variant))
            progress.step(f"{variant} the check: {results[variant][-1]:.1f} s")
    return results


def report(results: Results) -> list[str]:
    """Write the least of each as Markdown."""
    floor = min(results[FLOOR])
    rows = []
    for variant, words in VARIANTS.items():
        least = min(results[variant])
        rows.append([words, f"{least:.1f}", f"{least - floor:.1f}", f"{least / floor:.2f}"])
    header = ["variant", "seconds", "more, s", "of `aws_ecr.Repository`"]
    return [_METHOD.format(rounds=len(results[FLOOR])), "", *table(header, rows)]


def _deploy(variant: str) -> float:
    said: list[str] = []
    with LocalCloud() as cloud:
        cloud.bootstrap()
        began = time.monotonic()
        code = cloud.cdk(
            *("deploy", "--require-approval", "never", "--progress", "events"),
            *("--app", f"{sys.executable} {_APP}", "--output", str(cloud.directory / "cdk.out")),
            *("--context", f"variant={variant}"),
            cwd=cloud.directory,
            output=said.append,
            seconds=SECONDS,
        )
        seconds = time.monotonic() - began
    if code:
        raise BenchmarkError(f"cdk deploy {variant} the check exited with {code}:\n" + "\n".join(said))
    return seconds


SECTION: Final = Section("Deployment", 3, measure, report)
