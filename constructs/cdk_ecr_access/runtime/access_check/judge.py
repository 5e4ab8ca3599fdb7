"""Turns requirements into findings: who is asked about which of them, and in as few calls as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from access_check.declared_policy import APP, POLICY, DeclaredPolicy
from access_check.finding import Finding, Problem, Verdict
from access_check.repositories import Looked, read_policy
from access_check.retry import UndeterminedError
from access_check.simulation import Decisions, simulate
from access_check.verdicts import ACTIONS, of_identity, of_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from access_check.arns import Repository
    from access_check.clients import Clients
    from access_check.principals import Principal
    from access_check.repository_policy import RepositoryPolicy
    from access_check.request import Requirement
    from access_check.retry import Patience

_ALL = "*"


class Judge:
    """Judges requirements from one account."""

    def __init__(
        self,
        clients: Clients,
        patience: Patience,
        account: str,
        looked: Looked,
        absence: Callable[[Repository], Problem],
    ) -> None:
        """Take what the registries showed; ``absence`` words that a repository is missing."""
        self._clients = clients
        self._patience = patience
        self._account = account
        self._looked = looked
        self._absence = absence

    def judge(self, asked: Iterable[Requirement | DeclaredPolicy]) -> dict[Requirement | DeclaredPolicy, Finding]:
        """Judge each of the requirements and declared policies, all with the same look at the world."""
        look = _Look(self._clients, self._patience)
        every = list(asked)
        found = self._required([one for one in every if not isinstance(one, DeclaredPolicy)], look)
        return found | {one: self._compared(one, look) for one in every if isinstance(one, DeclaredPolicy)}

    def _required(
        self, requirements: Iterable[Requirement], look: _Look
    ) -> dict[Requirement | DeclaredPolicy, Finding]:
        settled = {one: self._without_a_call(one) for one in requirements}
        simulated = {
            one for one, found in settled.items() if not found and one.principal.can_be_simulated_in(self._account)
        }
        look.simulate([one for one in settled if one in simulated])
        return {one: found or self._judged(one, look, simulated=one in simulated) for one, found in settled.items()}

    def _compared(self, one: DeclaredPolicy, look: _Look) -> Finding:
        try:
            policy = look.policy(one.repository)
        except UndeterminedError as error:
            problem = Problem(error.cause, error.fix)
            return Finding(APP, POLICY, one.repository.arn, Verdict.UNDETERMINED, (problem,))
        if policy is None:
            problem = self._absence(one.repository)
            return Finding(APP, POLICY, one.repository.arn, Verdict.DENIED, (problem,), missing=True)
        return one.compare(policy)

    def _without_a_call(self, one: Requirement) -> Finding | None:
        repository = one.repository
        if repository in self._looked.missing and repository is not None:
            return finding(one, Verdict.DENIED, self._absence(repository), missing=True)
        if repository in self._looked.unknown and repository is not None:
            return undetermined(one, self._looked.unknown[repository])
        if one.principal.can_be_simulated_in(self._account):
            return None
        if repository is None:
            error = UndeterminedError(
                f"only one role, user or group of account {self._account} can be simulated here",
                f"require it in a stack of account {one.principal.account or 'its own'}, of one role, user or group",
            )
            return undetermined(one, error)
        if repository.account != self._account:
            error = UndeterminedError(
                f"the repository policy cannot be read from account {self._account}",
                f"require it in a stack of account {repository.account}",
            )
            return undetermined(one, error)
        return None

    def _judged(self, one: Requirement, look: _Look, *, simulated: bool) -> Finding:
        try:
            policy = self._policy(one, look)
            decisions = look.decisions(one.principal) if simulated else {}
        except UndeterminedError as error:
            return undetermined(one, error)
        if isinstance(decisions, Problem):
            return finding(one, Verdict.DENIED, decisions)
        if policy is None and one.repository is not None and one.repository.account == self._account:
            return finding(one, Verdict.DENIED, self._absence(one.repository), missing=True)
        said: dict[str, Problem | str] = {}
        for action in one.actions:
            if not simulated:
                said[action] = of_repository(action, one.principal, policy) if policy else ""
                continue
            decision = decisions.get((action, one.repository.arn if one.repository else _ALL))
            if decision is None:
                cause = f"the policy simulator said nothing about {action}"
                return undetermined(one, UndeterminedError(cause, "deploy again; if it stays, report it with the log"))
            said[action] = of_identity(action, decision, one.principal, policy)
        return _joined(one, said, _elsewhere(one, self._account, simulated=simulated))

    def _policy(self, one: Requirement, look: _Look) -> RepositoryPolicy | None:
        own = one.repository is not None and one.repository.account == self._account
        return look.policy(one.repository) if own and one.repository else None


class _Look:
    """One look at the world: every principal and every policy is asked for once."""

    def __init__(self, clients: Clients, patience: Patience) -> None:
        self._clients = clients
        self._patience = patience
        self._policies: dict[Repository, RepositoryPolicy | UndeterminedError | None] = {}
        self._decisions: dict[Principal, Decisions | Problem | UndeterminedError] = {}

    def policy(self, repository: Repository) -> RepositoryPolicy | None:
        if repository not in self._policies:
            try:
                self._policies[repository] = read_policy(self._clients, self._patience, repository)
            except UndeterminedError as error:
                self._policies[repository] = error
        found = self._policies[repository]
        if isinstance(found, UndeterminedError):
            raise found
        return found

    def decisions(self, principal: Principal) -> Decisions | Problem:
        found = self._decisions[principal]
        if isinstance(found, UndeterminedError):
            raise found
        return found

    def simulate(self, requirements: Iterable[Requirement]) -> None:
        """Ask about each principal once a set of actions, all resources of that set together."""
        wanted: dict[Principal, dict[str, set[str]]] = {}
        for one in requirements:
            resources = wanted.setdefault(one.principal, {})
            resources.setdefault(one.repository.arn if one.repository else _ALL, set()).update(one.actions)
        patience = self._patience.share(3 / 4)
        for principal, resources in wanted.items():
            sets: dict[tuple[str, ...], list[str]] = {}
            for resource, actions in resources.items():
                sets.setdefault(tuple(sorted(actions)), []).append(resource)
            self._decisions[principal] = self._simulated(principal, sets, patience)

    def _simulated(
        self, principal: Principal, sets: dict[tuple[str, ...], list[str]], patience: Patience
    ) -> Decisions | Problem | UndeterminedError:
        decisions: Decisions = {}
        try:
            for actions, resources in sets.items():
                decisions |= simulate(self._clients.iam(), patience, principal.name, actions, resources)
        except UndeterminedError as error:
            return error
        except ClientError:
            return Problem(
                f"there is no such {principal.noun}",
                f"create the {principal.noun} before the check runs, or correct its ARN",
            )
        return decisions


def finding(one: Requirement, verdict: Verdict, *problems: Problem, note: str = "", missing: bool = False) -> Finding:
    """Make the finding on a requirement."""
    arn = one.repository.arn if one.repository else ""
    return Finding(one.principal.name, one.access, arn, verdict, problems, note, missing)


def undetermined(one: Requirement, error: UndeterminedError) -> Finding:
    """Say that a requirement could not be judged, and why."""
    return finding(one, Verdict.UNDETERMINED, Problem(error.cause, error.fix, one.actions))


def _joined(one: Requirement, said: dict[str, Problem | str], elsewhere: str) -> Finding:
    """Join what was said about each action: those of one cause share one problem."""
    causes: dict[Problem, list[str]] = {}
    for action, what in said.items():
        if isinstance(what, Problem):
            causes.setdefault(what, []).append(action)
    if not causes:
        notes = [what for what in said.values() if isinstance(what, str)]
        return finding(one, Verdict.ALLOWED, note="; ".join(filter(None, dict.fromkeys([*notes, elsewhere]))))
    problems = [
        Problem(what.cause, what.fix.replace(ACTIONS, ", ".join(actions)), tuple(actions))
        for what, actions in causes.items()
    ]
    return finding(one, Verdict.DENIED, *problems)


def _elsewhere(one: Requirement, account: str, *, simulated: bool) -> str:
    """Say which side is another account's to prove."""
    if simulated and one.repository is not None and one.repository.account != account:
        return f"the repository policy of account {one.repository.account} cannot be read from here"
    if not simulated and one.principal.account and one.principal.account != account:
        return f"its own policies are for account {one.principal.account} to prove"
    return ""
