"""Joins what the two sides say about a requirement: the principal's own policies and the repository's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check import remediation
from ecr_access.check.action_result import ACCEPT, CONDITION, ActionResult
from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.evaluate_repository import deleted, denied_by_repository, depending
from ecr_access.check.finding import Verdict
from ecr_access.check.simulator_context import tags
from ecr_access.check.simulator_decisions import ALLOWED, EXPLICIT_DENY, NONE, REPORT, Decision
from ecr_access.iam.repository_policy import Effect, PolicyResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecr_access.check.request import Requirement
    from ecr_access.iam.repository_policy import RepositoryPolicy

_TOKEN_ACTION: Final = "ecr:getauthorizationtoken"  # noqa: S105 -- an action
_SILENT: Final = PolicyResult(Effect.IMPLICIT_DENY)
_ORGANIZATION: Final = (
    "a service control policy of the organization may deny it: the policy simulator judges its conditions without the "
    "keys that only a call has, and does not name them"
)


def of_identity(
    one: Requirement,
    action: str,
    decision: Decision | UndeterminedError,
    policy: RepositoryPolicy | UndeterminedError | None,
    declared: Sequence[Mapping[str, Any]],
) -> ActionResult:
    """Judge one action of a principal that was simulated.

    Args:
        one: the requirement.
        action: one of its actions.
        decision: the simulator's, or why there is none.
        policy: the repository's, or why it could not be read; None where there is none to judge: for a token, or
            because it is another account's.
        declared: the statements that the app itself declares of that policy: its author knows their conditions.
    """
    if isinstance(policy, UndeterminedError):
        known = Decision(NONE) if isinstance(decision, UndeterminedError) else decision
        # An explicit deny wins, whatever the other side says.
        return _forbidden(one, known, _SILENT) or _unanswered(policy)
    if isinstance(decision, UndeterminedError):
        said = policy.judge(one.principal, action) if policy else _SILENT
        return _forbidden(one, Decision(NONE), said) or _unanswered(decision)
    found = _of_both(one, action, decision, policy, declared)
    for other in decision.supposed if found.verdict is Verdict.ALLOWED else ():
        if isinstance(other, UndeterminedError):
            return _unanswered(other)
        supposed = _of_both(one, action, other, policy, declared)
        if supposed.verdict is Verdict.UNDETERMINED:
            return supposed
        if supposed.verdict is Verdict.DENIED:
            cause = f"{found.cause}, but not in every call: that depends on {_keys(decision)}, which only a call has"
            return ActionResult(Verdict.UNDETERMINED, cause, _condition(one, decision))
    return found


def _unanswered(error: UndeterminedError) -> ActionResult:
    return ActionResult(Verdict.UNDETERMINED, error.cause, error.fix, unanswered=True)


def _of_both(
    one: Requirement,
    action: str,
    decision: Decision,
    policy: RepositoryPolicy | None,
    declared: Sequence[Mapping[str, Any]],
) -> ActionResult:
    said = policy.judge(one.principal, action, bounded=not decision.by_boundary) if policy else _SILENT
    if forbidden := _forbidden(one, decision, said):
        return forbidden
    if decision.decision == NONE:
        return _unanswered(UndeterminedError(f"the policy simulator gave no decision for {action}", REPORT))
    if decision.decision == ALLOWED and decision.by_boundary:
        # Whether the repository's policy allows it as well does not matter any more, but whether it denies.
        only = replace(said, keys=said.denying, ways=())
        return depending("its own policies allow it", only, declared)
    if said.effect in (Effect.ALLOWED, Effect.CONDITIONAL):
        return depending("the repository policy allows it", said, declared)
    if not decision.by_boundary:
        return _not_allowed(one, decision, "its permissions boundary does not allow it", remediation.BOUNDARY)
    return _implicit(one, action, decision, policy)


def _forbidden(one: Requirement, decision: Decision, said: PolicyResult) -> ActionResult | None:
    """Say what keeps a principal from an action that another policy allows. A proved cause goes before a doubt."""
    explicit = decision.decision == EXPLICIT_DENY and (decision.by_organization or decision.own)
    cause = f"explicitly denied by a statement in {_policies(decision)}"
    if explicit and not decision.missing:
        return ActionResult(Verdict.DENIED, cause, remediation.DENY, final=True)
    if said.effect is Effect.EXPLICIT_DENY:
        return denied_by_repository(said)
    if not decision.by_organization:
        return ActionResult(Verdict.UNDETERMINED, _ORGANIZATION, f"{remediation.ORGANIZATION}; if they do, {ACCEPT}")
    if explicit:
        # A condition on a key of which the simulator had no value may have decided it.
        cause = f"{cause}, unless {_keys(decision)}, which only a call has, decides"
        return ActionResult(Verdict.UNDETERMINED, cause, _condition(one, decision))
    return None


def _policies(decision: Decision) -> str:
    if decision.policies:
        return "policy " + ", ".join(f'"{one}"' for one in decision.policies)
    return "one of its policies" if decision.by_boundary else "its permissions boundary"


def _implicit(one: Requirement, action: str, decision: Decision, policy: RepositoryPolicy | None) -> ActionResult:
    cause, fix = "no statement of its own policies allows it", remediation.identity(one.principal, one.access)
    if action.lower() == _TOKEN_ACTION:
        fix = remediation.token(one.principal)
    elif policy is not None:
        cause = f"no statement of its own policies or of the repository policy allows it{deleted(policy)}"
    return _not_allowed(one, decision, cause, fix)


def _not_allowed(one: Requirement, decision: Decision, cause: str, fix: str) -> ActionResult:
    """Deny, unless a statement may allow it under a condition on a key of which the simulator had no value."""
    if not decision.missing:
        return ActionResult(Verdict.DENIED, cause, fix)
    cause = f"{cause}, unless one does that depends on {_keys(decision)}, which only a call has"
    return ActionResult(Verdict.UNDETERMINED, cause, f"{fix}; or {_condition(one, decision)}", awaited=True)


def _keys(decision: Decision) -> str:
    return ", ".join(decision.missing)


def _condition(one: Requirement, decision: Decision) -> str:
    """Say how a condition comes to be met, as far as that can be known."""
    return "".join(f"{hint}; " for hint in tags(decision.missing, one.principal.noun)) + CONDITION
