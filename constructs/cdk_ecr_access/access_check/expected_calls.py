"""Counts the calls that a check will make, and whether it has the time for them at the rates of AWS."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Final

from ecr_access.check.aws.rates import (
    DESCRIBED_AT_ONCE,
    FOR_BOTH,
    FOR_POLICIES,
    LOWEST,
    SIMULATED_AT_ONCE,
    SIMULATIONS,
)
from ecr_access.iam.arns import ARN_PARTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cdk_ecr_access.access_check.requirements import DeclaredRequirement
    from ecr_access.iam.arns import Registry

_SECONDS: Final = 290
"""What the function's five minutes leave after start and answer."""

_DESCRIBE, _READ, _SIMULATE = "DescribeRepositories", "GetRepositoryPolicy", "SimulatePrincipalPolicy"


@dataclass
class ExpectedCalls:
    """The calls of one look, if nothing is denied and no condition is simulated again; those of ECR by Region."""

    ecr: dict[str, Counter[str]] = field(default_factory=dict)
    simulations: int = 0

    @property
    def problem(self) -> str:
        """Say what does not fit into the function's time; empty if all does."""
        reading = max((LOWEST.seconds(calls[_READ]) for calls in self.ecr.values()), default=0)
        needed = reading + SIMULATIONS.seconds(self.simulations)
        if reading <= FOR_POLICIES * _SECONDS and needed <= FOR_BOTH * _SECONDS:
            return ""
        regions = [f"{calls[_READ]:,} {_READ} in {region}" for region, calls in self.ecr.items() if calls[_READ]]
        calls = " and ".join([*regions, f"{self.simulations:,} {_SIMULATE}"])
        most, for_policies = FOR_BOTH * _SECONDS, FOR_POLICIES * _SECONDS
        return (
            f"the access check makes {calls}, which takes {needed:,.0f} seconds at the lowest rate that AWS's pages "
            f"name, {LOWEST.a_second:.0f} calls a second; it has {most:.0f} seconds, {for_policies:.0f} of them for "
            "repository policies, and reports what is left as undetermined; declare some of the principals in another "
            "stack, whose check has a time of its own, let principals share a role, or acknowledge this"
        )


def expected_calls(
    requirements: Iterable[DeclaredRequirement],
    *,
    simulated: Collection[str],
    looked_up: Iterable[str],
    home: Registry,
) -> ExpectedCalls:
    """Count the calls of a check.

    Args:
        requirements: what is proved.
        simulated: the principals that are simulated.
        looked_up: the ARNs of the repositories that the check looks up in its own account.
        home: of the check; a token stands for a repository there.
    """
    found = ExpectedCalls()
    regions = Counter(_place(arn, home)[0] for arn in looked_up)
    for region, count in regions.items():
        found.ecr[region] = Counter({_DESCRIBE: ceil(count / DESCRIBED_AT_ONCE), _READ: count})
    tokens: set[str] = set()
    places: dict[tuple[str, str, str], set[str]] = {}
    for one in requirements:
        if one.principal in simulated:
            tokens |= {one.principal} if one.token else set()
            if one.repository:
                places.setdefault((one.principal, *_place(one.repository, home)), set()).add(one.repository)
    found.simulations = len(tokens) + sum(ceil(len(arns) / SIMULATED_AT_ONCE) for arns in places.values())
    return found


def _place(arn: str, home: Registry) -> tuple[str, str]:
    parts = arn.split(":")
    return (parts[3], parts[4]) if len(parts) == ARN_PARTS else (home.region, home.account)
