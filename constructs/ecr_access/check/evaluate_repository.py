"""What the repository policy says about a requirement, where it is the side that decides.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.check import remediation
from ecr_access.check.action_result import CONDITION, ActionResult
from ecr_access.check.declared_statements import is_declared
from ecr_access.check.finding import Verdict
from ecr_access.iam.principals import Kind
from ecr_access.iam.repository_policy import Effect
from ecr_access.iam.statement_principals import NOT_PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecr_access.check.request import Requirement
    from ecr_access.iam.repository_policy import PolicyResult, RepositoryPolicy


def of_repository(
    one: Requirement, action: str, policy: RepositoryPolicy, declared: Sequence[Mapping[str, Any]]
) -> ActionResult:
    """Judge one action of a principal that only the repository policy can be asked about.

    A service must be allowed for each account that it acts for: the worst answer is the answer.
    """
    if not one.sources:
        return _judged(one, policy.judge(one.principal, action), policy, declared)
    judged = {source.account: policy.judge(one.principal, action, source) for source in one.sources}
    lacking = tuple(account for account, found in judged.items() if found.effect is Effect.IMPLICIT_DENY)
    return _worst({account: _judged(one, found, policy, declared, lacking) for account, found in judged.items()})


def _judged(
    one: Requirement,
    said: PolicyResult,
    policy: RepositoryPolicy,
    declared: Sequence[Mapping[str, Any]],
    lacking: tuple[str, ...] = (),
) -> ActionResult:
    if said.effect is Effect.EXPLICIT_DENY:
        return denied_by_repository(said)
    if said.effect is not Effect.IMPLICIT_DENY:
        return depending("the repository policy allows it", said, declared)
    if one.principal.kind is Kind.ACCOUNT and one.principal.account == policy.repository.account:
        cause = (
            "it is the repository's own account; trusting it only delegates to its IAM policies, and grants no access"
        )
        return ActionResult(Verdict.DENIED, cause, "grant to the roles or users themselves", final=True)
    nothing = "the repository has no policy"
    cause = nothing if not policy.statements else f"no statement of the repository policy allows it{deleted(policy)}"
    fix = remediation.repository(one.principal, one.access, policy.repository, lacking, existing=one.existing)
    return ActionResult(Verdict.DENIED, cause, fix)


def _worst(said: Mapping[str, ActionResult]) -> ActionResult:
    """Return the worst of what is said for several accounts, with the accounts in its cause."""
    for verdict in (Verdict.DENIED, Verdict.UNDETERMINED):
        accounts: dict[ActionResult, list[str]] = {}
        for account, one in said.items():
            if one.verdict is verdict:
                accounts.setdefault(one, []).append(account)
        if accounts:
            cause = "; ".join(f"for {_named(some)}: {one.cause}" for one, some in accounts.items())
            fix = "; ".join(dict.fromkeys(one.fix for one in accounts))
            return ActionResult(verdict, cause, fix, final=any(one.final for one in accounts))
    return next(iter(said.values()))


def _named(accounts: Sequence[str]) -> str:
    rest = len(accounts) - remediation.SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"account{'s' * (len(accounts) > 1)} {', '.join(accounts[: remediation.SHOWN])}{more}"


def denied_by_repository(said: PolicyResult) -> ActionResult:
    """Deny for a statement of the repository policy, which wins whatever else allows it."""
    cause = f'explicitly denied by statement "{said.statement}" of the repository policy'
    return ActionResult(Verdict.DENIED, cause, remediation.DENY, final=True)


def depending(text: str, said: PolicyResult, declared: Sequence[Mapping[str, Any]]) -> ActionResult:
    """Allow, unless it depends on a condition that the app did not declare."""
    if not said.keys:
        return ActionResult(Verdict.ALLOWED, text)
    doubtful = [one for one in said.denials if not is_declared(one, declared)]
    ways = [one for one in said.ways if is_declared(one, declared)]
    if not doubtful and (ways or not said.ways):
        keys = listed((*(key for one in ways[:1] for key in one.keys), *said.denying))
        return ActionResult(Verdict.ALLOWED, f"{text}, depending on {keys} as this app declares")
    if any(NOT_PRINCIPAL in one.keys for one in doubtful):
        cause = (
            f'statement "{said.statement}" of the repository policy denies with NotPrincipal, which exempts no role or '
            "user for certain: not its sessions, and never one with a permissions boundary"
        )
        return ActionResult(Verdict.UNDETERMINED, cause, remediation.NOT_PRINCIPAL)
    if any(NOT_PRINCIPAL in one.keys for one in said.ways):
        cause = f'statement "{said.statement}" of the repository policy allows with NotPrincipal, which may exclude it'
        return ActionResult(Verdict.UNDETERMINED, cause, "name in Principal which principals are allowed")
    cause = (
        f'statement "{said.statement}" of the repository policy depends on {listed(said.keys)}, which only a call has'
    )
    return ActionResult(Verdict.UNDETERMINED, cause, CONDITION)


def listed(keys: tuple[str, ...]) -> str:
    """Name condition keys, each once."""
    return ", ".join(dict.fromkeys(keys))


def deleted(policy: RepositoryPolicy) -> str:
    """Return the hint that a statement names a deleted principal, and so allows none; empty if none does."""
    return " (it names a principal that has been deleted)" if policy.names_deleted else ""
