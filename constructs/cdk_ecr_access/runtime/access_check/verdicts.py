"""Joins what the two sides say about a requirement: the principal's own policies and the repository's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from access_check.finding import Problem
from access_check.repository_policy import Effect, Judgement, RepositoryPolicy
from access_check.simulation import ALLOWED, EXPLICIT_DENY, Decision

if TYPE_CHECKING:
    from access_check.principals import Principal

ACTIONS: Final = "{actions}"
"""Stands in a fix for the actions that it concerns, so that those of one cause share one fix."""

_TOKEN_ACTION: Final = "ecr:getauthorizationtoken"  # noqa: S105 -- an action
_SILENT: Final = Judgement(Effect.SILENT)


def of_identity(
    action: str, decision: Decision, principal: Principal, policy: RepositoryPolicy | None
) -> Problem | str:
    """Judge one action of a principal that was simulated; return what keeps it from it, or what allows it.

    ``policy`` is None where there is none to judge: for a token, or because it is another account's.
    """
    said = policy.judge(principal, action) if policy else _SILENT
    if forbidden := _forbidden(decision, said):
        return forbidden
    if decision.decision == ALLOWED:
        return _note("its own policies allow it", (*decision.missing, *said.keys))
    # A boundary limits what a repository policy allows a role; what it allows a user goes past the boundary.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    passes_boundary = decision.by_boundary or principal.noun == "user"
    if passes_boundary and said.effect in (Effect.ALLOWED, Effect.CONDITIONAL):
        return _note("the repository policy allows it", said.keys)
    if not decision.by_boundary:
        return Problem(
            "its permissions boundary does not allow it", f"allow {ACTIONS} in the permissions boundary as well"
        )
    return _implicit(action, decision, principal, policy)


def of_repository(action: str, principal: Principal, policy: RepositoryPolicy) -> Problem | str:
    """Judge one action of a principal that only the repository policy can be asked about."""
    said = policy.judge(principal, action)
    if said.effect is Effect.DENIED:
        return _denied_by_repository(said)
    if said.effect is not Effect.SILENT:
        return _note("the repository policy allows it", said.keys)
    if not policy.statements:
        cause = "the repository has no policy"
    elif principal.account and principal.account == policy.repository.account:
        cause = (
            "it is in the repository's own account, where a statement for the account only leaves the decision to IAM"
        )
        return Problem(cause, "grant to the roles or users themselves")
    else:
        cause = f"no statement of the repository policy allows it{_deleted(policy)}"
    return Problem(cause, f"allow it to this {principal.noun} in the repository policy")


def _forbidden(decision: Decision, said: Judgement) -> Problem | None:
    """Say what keeps a principal from an action, whoever else allows it."""
    if not decision.by_organization:
        return Problem(
            "a service control policy of the organization does not allow it",
            "ask those who manage the organization to allow it for this account",
        )
    if decision.decision == EXPLICIT_DENY:
        return _explicit(decision)
    return _denied_by_repository(said) if said.effect is Effect.DENIED else None


def _explicit(decision: Decision) -> Problem:
    if decision.policies:
        named = ", ".join(f'"{one}"' for one in decision.policies)
        cause = f"explicitly denied by a statement in policy {named}"
    elif not decision.by_boundary:
        cause = "explicitly denied by a statement in its permissions boundary"
    else:
        cause = "explicitly denied by a statement in one of its policies"
    return Problem(cause + _without(decision), f"remove that statement, or exclude {ACTIONS} from it")


def _denied_by_repository(said: Judgement) -> Problem:
    return Problem(
        f'explicitly denied by statement "{said.statement}" of the repository policy',
        f"remove that statement, or exclude {ACTIONS} from it",
    )


def _implicit(action: str, decision: Decision, principal: Principal, policy: RepositoryPolicy | None) -> Problem:
    if action.lower() == _TOKEN_ACTION:
        cause = "no statement of its own policies allows it"
        fix = f"allow {ACTIONS} on * in a policy of the {principal.noun}: a repository policy cannot"
    elif policy is not None:
        cause = f"no statement of its own policies or of the repository policy allows it{_deleted(policy)}"
        fix = f"allow it on the repository in a policy of the {principal.noun}, or in the repository policy"
    else:
        cause = "no statement of its own policies allows it"
        fix = f"allow it on the repository in a policy of the {principal.noun}"
    return Problem(cause + _without(decision), fix)


def _without(decision: Decision) -> str:
    return f" (judged without {', '.join(decision.missing)}, which only a call has)" if decision.missing else ""


def _deleted(policy: RepositoryPolicy) -> str:
    return " (it names a principal that has been deleted)" if policy.names_deleted else ""


def _note(text: str, keys: tuple[str, ...]) -> str:
    return f"{text}, depending on {', '.join(dict.fromkeys(keys))}" if keys else text
