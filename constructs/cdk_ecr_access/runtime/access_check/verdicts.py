"""Joins what the two sides say about a requirement: the principal's own policies and the repository's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from access_check import fixes
from access_check.agreement import is_agreed
from access_check.finding import Problem, Verdict
from access_check.principals import Kind
from access_check.repository_policy import Effect, Judgement
from access_check.simulation import ALLOWED, EXPLICIT_DENY
from access_check.statement_principals import NOT_PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from access_check.repository_policy import RepositoryPolicy
    from access_check.request import Requirement
    from access_check.simulation import Decision

_TOKEN_ACTION: Final = "ecr:getauthorizationtoken"  # noqa: S105 -- an action
_SILENT: Final = Judgement(Effect.SILENT)
_CONDITION: Final = (
    "see that its calls meet the condition, then accept what no deployment can find out: "
    "AccessCheck(stack, allow_undetermined=True)"
)


@dataclass(frozen=True)
class Said:
    """What the two sides say about one action; ``final`` if to look again would not change it.

    ``cause`` is what an allowed one rests on, or what keeps the principal from the action.
    """

    verdict: Verdict
    cause: str
    fix: str = ""
    final: bool = False

    def problem(self, actions: tuple[str, ...]) -> Problem:
        """Name the problem of some actions."""
        return Problem(self.cause, self.fix, actions)


def of_identity(
    one: Requirement,
    action: str,
    decision: Decision,
    policy: RepositoryPolicy | None,
    agreed: Sequence[Mapping[str, Any]],
) -> Said:
    """Judge one action of a principal that was simulated.

    Args:
        one: the requirement.
        action: one of its actions.
        decision: the simulator's.
        policy: the repository's; None where there is none to judge: for a token, or because it is another account's.
        agreed: the statements that the app itself declares of that policy: its author knows their conditions.
    """
    said = policy.judge(one.principal, action) if policy else _SILENT
    if forbidden := _forbidden(decision, said):
        return forbidden
    if decision.decision == ALLOWED:
        # Whether the repository's policy allows it as well does not matter any more, but whether it denies.
        only = replace(said, keys=said.denying, ways=())
        return _depending(f"its own policies allow it{_without(decision)}", only, agreed)
    # A boundary limits what a repository policy allows a role; what it allows a user goes past the boundary.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    passes_boundary = decision.by_boundary or one.principal.noun == "user"
    if passes_boundary and said.effect in (Effect.ALLOWED, Effect.CONDITIONAL):
        return _depending("the repository policy allows it", said, agreed)
    if not decision.by_boundary:
        cause = f"its permissions boundary does not allow it{_without(decision)}"
        return Said(Verdict.DENIED, cause, fixes.BOUNDARY)
    return _implicit(one, action, decision, policy)


def of_repository(one: Requirement, action: str, policy: RepositoryPolicy, agreed: Sequence[Mapping[str, Any]]) -> Said:
    """Judge one action of a principal that only the repository policy can be asked about.

    A service must be allowed for each account that it acts for: the worst answer is the answer.
    """
    if not one.sources:
        return _judged(one, policy.judge(one.principal, action), policy, agreed)
    judged = {source.account: policy.judge(one.principal, action, source) for source in one.sources}
    lacking = tuple(account for account, found in judged.items() if found.effect is Effect.SILENT)
    return _worst({account: _judged(one, found, policy, agreed, lacking) for account, found in judged.items()})


def _judged(
    one: Requirement,
    said: Judgement,
    policy: RepositoryPolicy,
    agreed: Sequence[Mapping[str, Any]],
    lacking: tuple[str, ...] = (),
) -> Said:
    if said.effect is Effect.DENIED:
        return _denied_by_repository(said)
    if said.effect is not Effect.SILENT:
        return _depending("the repository policy allows it", said, agreed)
    if one.principal.kind is Kind.ACCOUNT and one.principal.account == policy.repository.account:
        cause = (
            "it is the repository's own account, and a statement for that only leaves the decision to the policies of "
            "its roles and users"
        )
        return Said(Verdict.DENIED, cause, "grant to the roles or users themselves", final=True)
    nothing = "the repository has no policy"
    cause = nothing if not policy.statements else f"no statement of the repository policy allows it{_deleted(policy)}"
    fix = fixes.repository(one.principal, one.access, policy.repository, lacking, existing=one.existing)
    return Said(Verdict.DENIED, cause, fix)


def _worst(said: Mapping[str, Said]) -> Said:
    """Return the worst of what is said for several accounts, with the accounts in its cause."""
    for verdict in (Verdict.DENIED, Verdict.UNDETERMINED):
        accounts: dict[Said, list[str]] = {}
        for account, one in said.items():
            if one.verdict is verdict:
                accounts.setdefault(one, []).append(account)
        if accounts:
            cause = "; ".join(f"for {_named(some)}: {one.cause}" for one, some in accounts.items())
            fix = "; ".join(dict.fromkeys(one.fix for one in accounts))
            return Said(verdict, cause, fix, final=any(one.final for one in accounts))
    return next(iter(said.values()))


def _named(accounts: Sequence[str]) -> str:
    rest = len(accounts) - fixes.SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"account{'s' * (len(accounts) > 1)} {', '.join(accounts[: fixes.SHOWN])}{more}"


def _forbidden(decision: Decision, said: Judgement) -> Said | None:
    """Say what keeps a principal from an action, whoever else allows it."""
    if not decision.by_organization:
        cause = "a service control policy of the organization does not allow it"
        return _denied(decision, cause, fixes.ORGANIZATION)
    if decision.decision == EXPLICIT_DENY:
        return _denied(decision, f"explicitly denied by a statement in {_policies(decision)}", fixes.DENY)
    return _denied_by_repository(said) if said.effect is Effect.DENIED else None


def _denied(decision: Decision, cause: str, fix: str) -> Said:
    """Believe an explicit denial, unless a condition of which the simulator had no value may have decided it."""
    if decision.missing:
        keys = ", ".join(decision.missing)
        return Said(Verdict.UNDETERMINED, f"{cause}, unless {keys}, which only a call has, decides", _CONDITION)
    return Said(Verdict.DENIED, cause, fix, final=True)


def _policies(decision: Decision) -> str:
    if decision.policies:
        return "policy " + ", ".join(f'"{one}"' for one in decision.policies)
    return "one of its policies" if decision.by_boundary else "its permissions boundary"


def _denied_by_repository(said: Judgement) -> Said:
    cause = f'explicitly denied by statement "{said.statement}" of the repository policy'
    return Said(Verdict.DENIED, cause, fixes.DENY, final=True)


def _depending(text: str, said: Judgement, agreed: Sequence[Mapping[str, Any]]) -> Said:
    """Allow, unless it depends on a condition that the app did not declare."""
    if not said.keys:
        return Said(Verdict.ALLOWED, text)
    doubtful = [one for one in said.denials if not is_agreed(one, agreed)]
    ways = [one for one in said.ways if is_agreed(one, agreed)]
    if not doubtful and (ways or not said.ways):
        keys = _listed((*(key for one in ways[:1] for key in one.keys), *said.denying))
        return Said(Verdict.ALLOWED, f"{text}, depending on {keys} as this app declares")
    if any(NOT_PRINCIPAL in one.keys for one in doubtful):
        cause = (
            f'statement "{said.statement}" of the repository policy denies with NotPrincipal, which exempts no role or '
            "user for certain: not its sessions, and never one with a permissions boundary"
        )
        return Said(Verdict.UNDETERMINED, cause, fixes.NOT_PRINCIPAL)
    cause = (
        f'statement "{said.statement}" of the repository policy depends on {_listed(said.keys)}, which only a call has'
    )
    return Said(Verdict.UNDETERMINED, cause, _CONDITION)


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(keys))


def _implicit(one: Requirement, action: str, decision: Decision, policy: RepositoryPolicy | None) -> Said:
    cause, fix = "no statement of its own policies allows it", fixes.identity(one.principal, one.access)
    if action.lower() == _TOKEN_ACTION:
        fix = fixes.token(one.principal)
    elif policy is not None:
        cause = f"no statement of its own policies or of the repository policy allows it{_deleted(policy)}"
    return Said(Verdict.DENIED, cause + _without(decision), fix)


def _without(decision: Decision) -> str:
    return f" (judged without {', '.join(decision.missing)}, which only a call has)" if decision.missing else ""


def _deleted(policy: RepositoryPolicy) -> str:
    return " (it names a principal that has been deleted)" if policy.names_deleted else ""
