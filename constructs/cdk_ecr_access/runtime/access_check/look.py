"""One look at the world: every principal and every repository policy is asked for once, several at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from access_check.failures import UndeterminedError
from access_check.repositories import read_policy
from access_check.simulation import Decisions, Simulated, simulate
from access_check.together import each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from access_check.arns import Repository
    from access_check.clients import Clients
    from access_check.principals import Principal
    from access_check.repository_policy import RepositoryPolicy
    from access_check.request import Requirement
    from access_check.retry import Patience

ALL = "*"


class Look:
    """What the policies say at one moment."""

    def __init__(
        self,
        clients: Clients,
        patience: Patience,
        *,
        simulated: Iterable[Requirement],
        policies: Iterable[Repository],
        region: str,
        workers: int,
    ) -> None:
        """Look.

        Args:
            clients: make the calls.
            patience: how long they are tried.
            simulated: the requirements whose principals are simulated.
            policies: the repositories whose policies are read.
            region: where tokens are needed.
            workers: how many calls at a time.
        """
        self._clients = clients
        self._region = region
        # ECR, if it answers nobody, must leave IAM time, and IAM the next look.
        reading, self._patience = patience.share(1 / 2), patience.share(3 / 4)
        self._wanted = _wanted(simulated)
        read = partial(read_policy, clients, reading)
        self._policies = each(read, policies, left=reading.left, workers=workers)
        self._decisions = each(self._simulate, self._wanted, left=self._patience.left, workers=workers)

    def policy(self, repository: Repository) -> RepositoryPolicy | None:
        """Return a repository's policy; None if the repository is gone.

        Raises:
            UndeterminedError: if it could not be read.
        """
        found = self._policies[repository]
        if isinstance(found, UndeterminedError):
            raise found
        return found

    def decisions(self, principal: Principal) -> Decisions | None:
        """Return what the simulator says of a principal; None if there is no such.

        Raises:
            UndeterminedError: if it could not be asked.
        """
        found = self._decisions[principal]
        if isinstance(found, UndeterminedError):
            raise found
        return found

    def _simulate(self, principal: Principal) -> Decisions | None:
        """Ask once for the token, and once a Region for every action on every repository."""
        decisions: Decisions = {}
        try:
            for region, wanted in self._wanted[principal].items():
                whom = Simulated(principal.name, tuple(sorted(set().union(*wanted.values()))), region or self._region)
                decisions |= simulate(self._clients.iam(), self._patience, whom, list(wanted))
        except ClientError:
            return None
        return decisions


def _wanted(requirements: Iterable[Requirement]) -> dict[Principal, dict[str, dict[str, set[str]]]]:
    """Gather the actions on each resource, by principal and by Region; a token has none."""
    wanted: dict[Principal, dict[str, dict[str, set[str]]]] = {}
    for one in requirements:
        region, resource = (one.repository.region, one.repository.arn) if one.repository else ("", ALL)
        wanted.setdefault(one.principal, {}).setdefault(region, {}).setdefault(resource, set()).update(one.actions)
    return wanted
