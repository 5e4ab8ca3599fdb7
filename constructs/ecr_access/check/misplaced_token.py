"""Finds out why a token is denied: the action may be allowed on something else than ``*``, where it has no effect.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each
from ecr_access.check.finding import Finding, Verdict
from ecr_access.check.outline import TOKEN
from ecr_access.check.policy_simulator import Simulation
from ecr_access.check.request import Requirement
from ecr_access.check.simulator_decisions import ALLOWED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.policy_drift import DeclaredPolicy
    from ecr_access.iam.arns import Repository

_SAMPLES: Final = 3


def with_misplaced_tokens(
    judged: Mapping[Requirement | DeclaredPolicy, Finding], clients: Clients, budget: RetryBudget, *, workers: int
) -> list[Finding]:
    """Return the findings. A token that is allowed only on a repository has that as its cause."""
    tried = _tried(judged)
    denied = [
        one
        for one, found in judged.items()
        if isinstance(one, Requirement)
        and found.access == TOKEN
        and _is_implicit(found)
        and tried.get(one.principal.name)
    ]
    allowed_on = each(partial(_allowed_on, clients, budget, tried), denied, left=budget.left, workers=workers)
    places = {one: where for one, where in allowed_on.items() if where and not isinstance(where, UndeterminedError)}
    return [_reworded(found, places[one]) if one in places else found for one, found in judged.items()]


def _is_implicit(found: Finding) -> bool:
    denied = found.verdict is Verdict.DENIED and not found.final
    return (denied or found.awaited) and len(found.problems[0].actions) > 0


def _tried(asked: Iterable[Requirement | DeclaredPolicy]) -> dict[str, list[Repository]]:
    """Name a few of the repositories that each principal needs: one of them is what its policy will name."""
    tried: dict[str, list[Repository]] = {}
    for one in asked:
        if isinstance(one, Requirement) and one.repository:
            some = tried.setdefault(one.principal.name, [])
            if one.repository not in some and len(some) < _SAMPLES:
                some.append(one.repository)
    return tried


def _allowed_on(clients: Clients, budget: RetryBudget, tried: Mapping[str, list[Repository]], one: Requirement) -> str:
    """Name a repository on which the token is allowed, if there is one."""
    repositories = tried[one.principal.name]
    simulation = Simulation(clients.iam(), budget, one.principal, region=repositories[0].region)
    try:
        decisions = simulation.decisions(one.actions, [repository.arn for repository in repositories])
    except ClientError:
        return ""
    return next((resource for (_, resource), said in decisions.items() if said.decision == ALLOWED), "")


def _reworded(found: Finding, resource: str) -> Finding:
    cause = f"it is allowed on {resource}, where it has no effect: the action has no resource but *"
    denied = found.verdict is Verdict.DENIED
    return replace(
        found,
        # What is in doubt stays so: another statement may still allow it.
        problems=tuple(replace(one, cause=cause if denied else f"{one.cause}; {cause}") for one in found.problems),
    )
