"""How the access check fares where AWS throttles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.aws.bucket import lower_bound
from benchmarks.calls import count
from benchmarks.children import figures
from benchmarks.endpoint import ThrottledEndpoint
from benchmarks.section import Progress, Section, table, taking_turns

REQUIREMENTS: Final = (500, 1000)
RATE: Final = 20
BURST: Final = 200
LATENCY: Final = 0.05
SIMULATE: Final = "SimulatePrincipalPolicy"
VARIANTS: Final = {
    "standard": "boto3, `standard`",
    "adaptive": "boto3, `adaptive`",
    "ours": "`cdk-ecr-access`",
}

_MILLIS: Final = round(LATENCY * 1000)

_METHOD: Final = f"""\
So many roles must be able to pull from one repository. An emulated IAM on loopback answers in {_MILLIS} ms, accepts
{RATE} calls a second after a burst of {BURST}, and refuses others with `Throttling`; AWS publishes no rate of the
policy simulator, and this is the lowest that its pages name for ECR. Who just calls boto3 makes the same number of
calls from 8 threads. The bound is the time before which nobody can have made them, (calls - burst) / rate: a check
that takes 1.00 of it wastes nothing, and one that fails stops a deployment in which all is well. boto3 gives a call up
after its third attempt, and so may end before the bound."""


@dataclass(frozen=True)
class Run:
    """How one variant fared."""

    requirements: int
    variant: str
    calls: int
    accepted: int
    refused: int
    failed: int
    seconds: float

    @property
    def bound(self) -> float:
        """The least seconds that the calls take."""
        return lower_bound(self.calls, rate=RATE, burst=BURST)


def measure(rounds: int) -> list[Run]:
    """Run every variant on every number of requirements, the variants taking turns; keep the quickest of each.

    Raises:
        BenchmarkError: a variant crashed.
    """
    progress = Progress("throttling", rounds * len(REQUIREMENTS) * len(VARIANTS))
    quickest: dict[tuple[int, str], Run] = {}
    with ThrottledEndpoint(rate=RATE, burst=BURST, latency=LATENCY) as endpoint:
        for number in range(rounds):
            for requirements in REQUIREMENTS:
                calls = count(requirements, 1, token=False).calls[SIMULATE]
                for variant in taking_turns([*VARIANTS], number):
                    run = _run(endpoint, variant, requirements, calls)
                    best = quickest.get((requirements, variant), run)
                    # A round that failed is never hidden by one that did not.
                    quickest[requirements, variant] = min(run, best, key=lambda one: (-one.failed, one.seconds))
                    said = f"{run.seconds:.1f} s, {run.refused} refused, {run.failed} failed"
                    progress.step(f"{requirements} requirements, {variant}: {said}")
    return list(quickest.values())


def report(runs: list[Run]) -> list[str]:
    """Write the runs as Markdown."""
    rows = [
        [
            f"{run.requirements:,}",
            VARIANTS[run.variant],
            f"{run.bound:.1f}",
            f"{run.seconds:.1f}",
            f"{run.seconds / run.bound:.2f}",
            f"{run.accepted:,}",
            f"{run.refused:,}",
            f"{run.failed:,}",
        ]
        for requirements in REQUIREMENTS
        for variant in VARIANTS
        for run in runs
        if (run.requirements, run.variant) == (requirements, variant)
    ]
    header = ["requirements", "variant", "bound, s", "seconds", "of the bound", "accepted", "refused", "failed"]
    return [_METHOD, "", *table(header, rows)]


def _run(endpoint: ThrottledEndpoint, variant: str, requirements: int, calls: int) -> Run:
    endpoint.reset()
    how_many = requirements if variant == "ours" else calls
    module = "benchmarks.processes.throttled"
    said = figures(module, variant, str(how_many), environment=endpoint.environment())
    counts = endpoint.counts()
    return Run(
        requirements=requirements,
        variant=variant,
        calls=calls,
        accepted=counts.accepted[SIMULATE],
        refused=counts.refused[SIMULATE],
        failed=said["failed"],
        seconds=said["seconds"],
    )


SECTION: Final = Section("Throttling", 1, measure, report)
