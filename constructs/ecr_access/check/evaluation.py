"""Turns requirements into findings: what can be said without a call, and what the two sides say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.check.aws.errors import UndeterminedError, unexpected
from ecr_access.check.evaluate_action import of_identity
from ecr_access.check.evaluate_repository import of_repository
from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.check.policy_drift import APP, POLICY, DeclaredPolicy
from ecr_access.check.policy_snapshot import ALL, PolicySnapshot
from ecr_access.check.read_elsewhere import PROVED_THERE, not_denied, unless_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ecr_access.check.action_result import ActionResult
    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.repository_lookup import Looked
    from ecr_access.check.request import Requirement
    from ecr_access.iam.arns import Registry, Repository
    from ecr_access.iam.repository_policy import RepositoryPolicy


class Judge:
    """Judges requirements from one account."""

    def __init__(
        self,
        clients: Clients,
        budget: RetryBudget,
        place: Registry,
        looked: Looked,
        absence: Callable[[Repository], Explanation],
        *,
        declared_statements: Mapping[Repository, Sequence[Mapping[str, Any]]],
        read_elsewhere: Collection[Repository] = (),
        workers: int,
    ) -> None:
        """Take what is known.

        Args:
            clients: make the calls.
            budget: how long calls are tried.
            place: where the check runs.
            looked: what the registries showed.
            absence: words that a repository is missing.
            declared_statements: the statements that the app declares, or expects, of a repository's policy.
            read_elsewhere: the repositories whose policies other checks of this account read. Default: none.
            workers: how many calls at a time.
        """
        self._clients = clients
        self._budget = budget
        self._account = place.account
        self._region = place.region
        self._looked = looked
        self._absence = absence
        self._declared_statements = declared_statements
        self._read_elsewhere = read_elsewhere
        self._workers = workers

    def judge(self, asked: Iterable[Requirement | DeclaredPolicy]) -> dict[Requirement | DeclaredPolicy, Finding]:
        """Judge each of the requirements and declared policies, all with the same look at the world."""
        every = list(asked)
        declared = [one for one in every if isinstance(one, DeclaredPolicy)]
        known = {one: self._without_a_call(one) for one in every if not isinstance(one, DeclaredPolicy)}
        unsettled = [one for one, found in known.items() if not found]
        repositories = [*(one.repository for one in declared), *(one.repository for one in unsettled)]
        look = PolicySnapshot(
            self._clients,
            self._budget,
            simulated=[one for one in unsettled if self._is_simulated(one)],
            policies=[one for one in repositories if one and self._is_read(one)],
            region=self._region,
            workers=self._workers,
        )
        findings: dict[Requirement | DeclaredPolicy, Finding] = {}
        findings.update((one, found or self._finding(one, look)) for one, found in known.items())
        findings.update((one, self._finding(one, look)) for one in declared)
        return findings

    def _finding(self, one: Requirement | DeclaredPolicy, look: PolicySnapshot) -> Finding:
        """Judge one: an answer that this code cannot handle costs one finding, and not all of them."""
        try:
            return self._compared(one, look) if isinstance(one, DeclaredPolicy) else self._judged(one, look)
        except Exception as error:  # noqa: BLE001 -- see above
            return undetermined(one, unexpected(error))

    def _is_simulated(self, one: Requirement) -> bool:
        return one.principal.can_be_simulated_in(self._account)

    def _is_read(self, repository: Repository) -> bool:
        return repository.account == self._account and repository not in self._read_elsewhere

    def _compared(self, one: DeclaredPolicy, look: PolicySnapshot) -> Finding:
        policy = look.policy(one.repository)
        if isinstance(policy, UndeterminedError):
            return undetermined(one, policy)
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
        if self._is_simulated(one):
            return None
        if repository is None:
            error = UndeterminedError(
                f"only one role, user or group of account {self._account} can be simulated here",
                f"require it in a stack of account {one.principal.account or 'its own'}, of one role, user or group",
            )
            return undetermined(one, error)
        if not self._is_read(repository):
            elsewhere = repository.account != self._account
            error = UndeterminedError(
                f"the repository policy cannot be read {f'from account {self._account}' if elsewhere else 'here'}",
                f"require it in a stack of account {repository.account}"
                if elsewhere
                else "require it in its own stack",
            )
            return undetermined(one, error)
        return None

    def _judged(self, one: Requirement, look: PolicySnapshot) -> Finding:
        repository = one.repository
        own = repository is not None and self._is_read(repository)
        policy = look.policy(repository) if own and repository else None
        if policy is None and own and repository:
            return finding(one, Verdict.DENIED, self._absence(repository), missing=True)
        declared = self._declared_statements.get(repository, ()) if repository else ()
        # Without a policy to read there is the simulator: what has neither was settled without a call.
        if policy is None or self._is_simulated(one):
            return self._of_identity(one, look, policy, declared)
        if isinstance(policy, UndeterminedError):
            return undetermined(one, policy)
        of = not_denied if one.not_denied else of_repository
        return self._joined(one, {action: of(one, action, policy, declared) for action in one.actions})

    def _of_identity(
        self,
        one: Requirement,
        look: PolicySnapshot,
        policy: RepositoryPolicy | UndeterminedError | None,
        declared: Sequence[Mapping[str, Any]],
    ) -> Finding:
        said: dict[str, ActionResult] = {}
        for action in one.actions:
            decision = look.decision(one.principal, action, one.repository.arn if one.repository else ALL)
            if decision is None:
                noun = one.principal.noun
                fix = f"create the {noun} before the check runs, or correct its ARN"
                return finding(one, Verdict.DENIED, Explanation(f"there is no such {noun}", fix))
            said[action] = of_identity(one, action, decision, policy, declared)
            if one.repository in self._read_elsewhere:
                said[action] = unless_elsewhere(said[action])
        return self._joined(one, said)

    def _joined(self, one: Requirement, said: dict[str, ActionResult]) -> Finding:
        """Join the results of the actions. Actions with one cause share one problem; a denial outweighs a doubt."""
        for verdict in (Verdict.DENIED, Verdict.UNDETERMINED):
            causes: dict[ActionResult, tuple[str, ...]] = {}
            for action, what in said.items():
                if what.verdict is verdict:
                    causes[what] = (*causes.get(what, ()), action)
            if causes:
                problems = [what.problem(actions) for what, actions in causes.items()]
                return finding(
                    one,
                    verdict,
                    *problems,
                    final=any(what.final for what in causes),
                    awaited=any(what.awaited for what in causes),
                    unanswered=any(what.unanswered for what in causes),
                )
        note = "; ".join(dict.fromkeys(what.cause for what in said.values()))
        return finding(one, Verdict.ALLOWED, note=note, elsewhere=self._elsewhere(one))

    def _elsewhere(self, one: Requirement) -> str:
        """Say which side is another account's to prove."""
        if self._is_simulated(one):
            if one.repository in self._read_elsewhere:
                return PROVED_THERE
            if one.repository is not None and one.repository.account != self._account:
                return f"the repository policy of account {one.repository.account} cannot be read from here"
        elif one.principal.account and one.principal.account != self._account:
            return f"its own policies are for account {one.principal.account} to prove"
        return ""


def finding(
    one: Requirement,
    verdict: Verdict,
    *problems: Explanation,
    note: str = "",
    missing: bool = False,
    final: bool = False,
    elsewhere: str = "",
    awaited: bool = False,
    unanswered: bool = False,
) -> Finding:
    """Make the finding on a requirement."""
    return Finding(
        one.principal.name,
        one.access,
        one.repository.arn if one.repository else "",
        verdict,
        problems,
        note,
        missing,
        final,
        elsewhere,
        awaited,
        unanswered,
    )


def undetermined(one: Requirement | DeclaredPolicy, error: UndeterminedError) -> Finding:
    """Say that something could not be judged, and why."""
    if isinstance(one, DeclaredPolicy):
        problem = Explanation(error.cause, error.fix)
        return Finding(APP, POLICY, one.repository.arn, Verdict.UNDETERMINED, (problem,), unanswered=True)
    return finding(one, Verdict.UNDETERMINED, Explanation(error.cause, error.fix, one.actions), unanswered=True)
