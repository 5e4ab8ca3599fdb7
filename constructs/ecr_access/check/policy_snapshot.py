"""Reads every principal and every repository policy once, in parallel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each
from ecr_access.check.aws.rates import FOR_BOTH, FOR_POLICIES
from ecr_access.check.policy_simulator import Simulation
from ecr_access.check.repository_lookup import read_policy
from ecr_access.check.simulator_decisions import NONE, Decision
from ecr_access.iam.repository_policy import Effect, RepositoryPolicy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.policy_simulator import Pair
    from ecr_access.check.request import Requirement
    from ecr_access.check.simulator_decisions import Decisions
    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal

ALL = "*"


class PolicySnapshot:
    """What the policies say at one moment."""

    def __init__(
        self,
        clients: Clients,
        budget: RetryBudget,
        *,
        simulated: Iterable[Requirement],
        policies: Iterable[Repository],
        region: str,
        workers: int,
    ) -> None:
        """Look.

        Args:
            clients: make the calls.
            budget: how long calls are tried.
            simulated: the requirements whose principals are simulated.
            policies: the repositories whose policies are read.
            region: where tokens are needed.
            workers: how many calls at a time.
        """
        self._clients = clients
        self._region = region
        # Reserve time for IAM in case ECR hangs, and for the next look in case IAM does.
        reading, self._budget = budget.share(FOR_POLICIES), budget.share(FOR_BOTH)
        self._wanted = _wanted(simulated)
        read = partial(read_policy, clients, reading)
        self._policies = each(read, policies, left=reading.left, workers=workers)
        self._by_arn = {one.arn: found for one, found in self._policies.items()}
        self._decisions = each(self._simulate, self._wanted, left=self._budget.left, workers=workers)

    def policy(self, repository: Repository) -> RepositoryPolicy | UndeterminedError | None:
        """Return a repository's policy; None if the repository is gone, an error if it could not be read."""
        return self._policies[repository]

    def decision(self, principal: Principal, action: str, resource: str) -> Decision | UndeterminedError | None:
        """Return what the simulator decides; None if there is no such principal, an error if it could not be asked."""
        found = self._decisions[principal]
        return found.get((action, resource), Decision(NONE)) if isinstance(found, dict) else found

    def _simulate(self, principal: Principal) -> dict[Pair, Decision | UndeterminedError] | None:
        """Ask once for the token, and once a Region and account for every action on every repository."""
        decisions: dict[Pair, Decision | UndeterminedError] = {}
        failure: UndeterminedError | None = None
        for where, wanted in self._wanted[principal].items():
            needed = [(action, resource) for resource, actions in wanted.items() for action in sorted(actions)]
            try:
                if failure is None:
                    decisions |= self._decided(principal, where, needed)
            except UndeterminedError as error:
                failure = error
            except ClientError:
                return None
            if failure:
                decisions |= dict.fromkeys(needed, failure)
        return decisions

    def _decided(self, principal: Principal, where: Where, needed: Collection[Pair]) -> Decisions:
        simulation = Simulation(
            self._clients.iam(), self._budget, principal, region=where.region or self._region, account=where.account
        )
        actions, resources = sorted({action for action, _ in needed}), list(dict.fromkeys(arn for _, arn in needed))
        granted = [pair for pair in needed if self._is_granted(principal, pair)]
        return simulation.with_other_values(simulation.decisions(actions, resources), needed, granted)

    def _is_granted(self, principal: Principal, pair: Pair) -> bool:
        action, resource = pair
        policy = self._by_arn.get(resource)
        if not isinstance(policy, RepositoryPolicy):
            return False
        try:
            return policy.judge(principal, action).effect in (Effect.ALLOWED, Effect.CONDITIONAL)
        except Exception:  # noqa: BLE001 -- the finding on this repository reports it, and costs no other
            return True


class Where(NamedTuple):
    """Where repositories are; a token is nowhere."""

    region: str = ""
    account: str = ""


def _wanted(requirements: Iterable[Requirement]) -> dict[Principal, dict[Where, dict[str, set[str]]]]:
    """Gather the actions on each resource, by principal, and by where it is."""
    wanted: dict[Principal, dict[Where, dict[str, set[str]]]] = {}
    for one in requirements:
        where, resource = Where(), ALL
        if one.repository:
            where, resource = Where(one.repository.region, one.repository.account), one.repository.arn
        wanted.setdefault(one.principal, {}).setdefault(where, {}).setdefault(resource, set()).update(one.actions)
    return wanted
