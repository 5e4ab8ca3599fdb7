"""Runs the real check on a combination: from the properties of its custom resource to the finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.check.aws.retry import RetryBudget
from ecr_access.check.findings import Check
from ecr_access.check.request import parse
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.differential.simulator import Cloud
from tests.ecr_access.check.differential.world import LEVELS, REPOSITORY
from tests.ecr_access.check.fakes import Clock

if TYPE_CHECKING:
    from ecr_access.check.finding import Finding
    from tests.ecr_access.check.differential.simulator import Answer
    from tests.ecr_access.check.differential.world import Combination


def run(one: Combination) -> tuple[Finding, list[Answer]]:
    """Check a combination; return the finding on its requirement, and the simulator's answers."""
    cloud, clock = Cloud.of(one), Clock()
    properties = Cloud.properties(
        _requirement(one),
        Actions={level: list(actions) for level, actions in LEVELS.items()},
        Declared=[{"Repositories": [REPOSITORY], "Statements": list(one.declared)}] if one.declared else [],
        PropagationSeconds="0",
    )
    request = parse({"RequestType": "Create", "ResourceProperties": properties}, Context())
    budget = RetryBudget(clock.left, clock.left, clock.sleep, clock.jitter)
    # No denial is looked at again: here nothing changes between two looks.
    found = Check(request, cloud, budget, workers=1).findings(lambda: 0.0)
    [finding] = [finding for finding in found if finding.access == one.level]
    return finding, cloud.answers


def _requirement(one: Combination) -> dict[str, Any]:
    is_token = one.level == "TOKEN"
    access = {} if is_token else {one.level: [one.resource]}
    accounts = {} if one.accounts is None else {"Accounts": list(one.accounts)}
    return {"Principal": one.principal, "Token": str(is_token).lower(), "Access": access, **accounts}
