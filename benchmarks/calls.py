"""How many calls the access check makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.asked import ACTIONS
from benchmarks.children import figures
from benchmarks.section import BenchmarkError, Progress, Section, table

COMBINATIONS: Final = (
    (1, 1),
    (10, 1),
    (100, 1),
    (1000, 1),
    (1, 10),
    (1, 100),
    (1, 1000),
    (10, 10),
    (10, 100),
    (100, 10),
    (100, 100),
    (1000, 1000),
)

_METHOD: Final = """\
Every principal must be able to pull from every repository, and to get a token. The check runs on an account in memory
where all is there and allowed, and its calls are counted. The naive product asks the policy simulator about one
principal, one repository and one action of pulling at a time, and not about the token. AWS throttles by calls: fewer of
them leave more for the other deployments of the account, and end sooner; at 20 a second after the first 200, 1,000 take
40 seconds."""

_OPERATIONS: Final = (
    "SimulatePrincipalPolicy",
    "GetRepositoryPolicy",
    "DescribeRepositories",
    "GetAuthorizationToken",
)


@dataclass(frozen=True)
class Counted:
    """The calls of one check by operation."""

    principals: int
    repositories: int
    calls: dict[str, int]
    seconds: float

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.calls.values())


def naive_product(principals: int, repositories: int, actions: int) -> int:
    """Count the calls of who asks about one principal, one repository and one action at a time."""
    return principals * repositories * actions


def count(principals: int, repositories: int, *, token: bool = True) -> Counted:
    """Count the calls of one check.

    Raises:
        BenchmarkError: the check failed, although everything is allowed.
    """
    said = figures("benchmarks.processes.calls", str(principals), str(repositories), "token" if token else "none")
    if not said["succeeded"]:
        raise BenchmarkError(f"the check of {principals} principals and {repositories} repositories failed")
    return Counted(principals, repositories, said["calls"], said["seconds"])


def measure(rounds: int) -> list[Counted]:  # noqa: ARG001 -- a count is the same in every round
    """Count the calls of every combination, once: they do not vary."""
    progress = Progress("calls", len(COMBINATIONS))
    results = []
    for principals, repositories in COMBINATIONS:
        results.append(count(principals, repositories))
        progress.step(f"{principals} principals, {repositories} repositories: {results[-1].total} calls")
    return results


def report(results: list[Counted]) -> list[str]:
    """Write the counts as Markdown."""
    rows = []
    for one in results:
        naive = naive_product(one.principals, one.repositories, len(ACTIONS))
        by_operation = [f"{one.calls.get(name, 0):,}" for name in _OPERATIONS]
        total = [f"{one.total:,}", f"{naive:,}", f"{naive / one.total:,.1f}"]
        rows.append([f"{one.principals:,}", f"{one.repositories:,}", *by_operation, *total])
    operations = [f"`{name}`" for name in _OPERATIONS]
    header = ["principals", "repositories", *operations, "calls", "naive product", "fewer by"]
    return [_METHOD, "", *table(header, rows)]


SECTION: Final = Section("Calls of the access check", 1, measure, report)
