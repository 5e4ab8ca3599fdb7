"""How the access check fares where AWS throttles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from benchmarks.aws.bucket import lower_bound
from benchmarks.calls import count
from benchmarks.children import figures
from benchmarks.endpoint import ThrottledEndpoint
from benchmarks.section import Progress, Section, table, taking_turns
from ecr_access.check.aws.rates import LOWEST


@dataclass(frozen=True)
class Case:
    """So many checks at a time, each of so many requirements, before a throttle with a burst."""

    requirements: int
    burst: int
    checks: int = 1


CASES: Final = (Case(60, 0), Case(500, 200), Case(1000, 200), Case(500, 200, checks=2))
RATE: Final = int(LOWEST.a_second)
LATENCY: Final = 0.05
SIMULATE: Final = "SimulatePrincipalPolicy"
VARIANTS: Final = {
    "standard": "boto3, `standard`",
    "adaptive": "boto3, `adaptive`",
    "ours": "`cdk-ecr-access`",
}

_MILLIS: Final = round(LATENCY * 1000)

_METHOD: Final = f"""\
So many roles must be able to pull from one repository, in one check or in two that start together and share the
throttle. An emulated IAM on loopback answers in {_MILLIS} ms, accepts {RATE} calls a second after a burst, and refuses
others with `Throttling`; AWS publishes no rate of the policy simulator, and this is the lowest that its pages name for
ECR. Who just calls boto3 makes the same number of calls from 8 threads. The bound is the time before which nobody can
have made them, (calls - burst) / rate, and for two that share it the time after which both are done if it is shared
well. Time is counted from the first of these calls: a check that takes 1.00 of the bound wastes nothing, and one that
fails stops a deployment in which all is well. boto3 gives a call up after its third attempt, and so may end before the
bound."""


@dataclass(frozen=True)
class Run:
    """How one variant fared; ``seconds`` are those of each check."""

    case: Case
    variant: str
    calls: int
    accepted: int
    refused: int
    failed: int
    seconds: tuple[float, ...]

    @property
    def bound(self) -> float:
        """The least seconds that the calls take."""
        return lower_bound(self.calls, rate=RATE, burst=self.case.burst)


def measure(rounds: int) -> list[Run]:
    """Run every variant in every case, the variants taking turns; keep the quickest of each.

    Raises:
        BenchmarkError: a variant crashed.
    """
    progress = Progress("throttling", rounds * len(CASES) * len(VARIANTS))
    quickest: dict[tuple[Case, str], Run] = {}
    for case in CASES:
        calls = count(case.requirements, 1, token=False).calls[SIMULATE]
        with ThrottledEndpoint(rate=RATE, burst=case.burst, latency=LATENCY) as endpoint:
            for number in range(rounds):
                for variant in taking_turns([*VARIANTS], number):
                    run = _run(endpoint, variant, case, calls)
                    best = quickest.get((case, variant), run)
                    # A round that failed is never hidden by one that did not.
                    quickest[case, variant] = min(run, best, key=lambda one: (-one.failed, max(one.seconds)))
                    said = f"{max(run.seconds):.1f} s, {run.refused} refused, {run.failed} failed"
                    progress.step(f"{case.checks} x {case.requirements} requirements, {variant}: {said}")
    return list(quickest.values())


def report(runs: list[Run]) -> list[str]:
    """Write the runs as Markdown."""
    rows = [
        [
            f"{case.checks} x {case.requirements:,}" if case.checks > 1 else f"{case.requirements:,}",
            str(case.burst),
            VARIANTS[variant],
            f"{run.bound:.1f}",
            ", ".join(f"{one:.1f}" for one in sorted(run.seconds)),
            ", ".join(f"{one / run.bound:.2f}" for one in sorted(run.seconds)),
            f"{run.accepted:,}",
            f"{run.refused:,}",
            f"{run.failed:,}",
        ]
        for case in CASES
        for variant in VARIANTS
        for run in runs
        if (run.case, run.variant) == (case, variant)
    ]
    header = [
        "requirements",
        "burst",
        "variant",
        "bound, s",
        "seconds",
        "of the bound",
        "accepted",
        "refused",
        "failed",
    ]
    return [_METHOD, "", *table(header, rows)]


def _run(endpoint: ThrottledEndpoint, variant: str, case: Case, calls: int) -> Run:
    endpoint.reset()
    how_many = case.requirements if variant == "ours" else calls

    def one_check(_: int) -> dict[str, float]:
        module = "benchmarks.processes.throttled"
        said: dict[str, float] = figures(module, variant, str(how_many), environment=endpoint.environment())
        return said

    with ThreadPoolExecutor(case.checks) as pool:
        said = list(pool.map(one_check, range(case.checks)))
    counts = endpoint.counts()
    return Run(
        case=case,
        variant=variant,
        calls=case.checks * calls,
        accepted=counts.accepted[SIMULATE],
        refused=counts.refused[SIMULATE],
        failed=round(sum(one["failed"] for one in said)),
        seconds=tuple(one["ended"] - counts.first[SIMULATE] for one in said),
    )


SECTION: Final = Section("Throttling", 1, measure, report)
