"""Two halves of a verdict in one account: one check simulates a principal, and another reads the repository policy.

A stack of principals may use more repositories than its check has room to look up. The checks of the repositories' own
stacks prove for all principals of the account that the repository policies deny nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check import remediation
from ecr_access.check.action_result import CONDITION, ActionResult
from ecr_access.check.declared_statements import is_declared
from ecr_access.check.evaluate_repository import denied_by_repository, listed
from ecr_access.check.finding import Verdict
from ecr_access.iam.repository_policy import Effect
from ecr_access.iam.statement_principals import NOT_PRINCIPAL
from ecr_access.iam.ternary import Ternary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecr_access.check.request import Requirement
    from ecr_access.iam.repository_policy import RepositoryPolicy

_NOTHING: Final = {"Effect": "Allow", "Principal": {}, "Action": []}
"""A statement about no call."""

PROVED_THERE: Final = "the check of the repository's own stack proves that its policy denies nothing in this account"

_OF_ONE_PRINCIPAL: Final = (
    "aws:principalarn", "aws:principaltag/", "aws:principaltype", "aws:userid", "aws:username"
)  # fmt: skip
"""Condition keys, in lower case, whose values differ between the principals of one account."""


def not_denied(
    one: Requirement, action: str, policy: RepositoryPolicy, declared: Sequence[Mapping[str, Any]]
) -> ActionResult:
    """Judge whether an action is denied to some principal of the account: others prove that their policies allow it.

    A declared Deny under a condition of the call counts as its author wants it, unless the condition tells one
    principal of the account from another. Which principals are exempt from a Deny with ``NotPrincipal`` is not known
    here.
    """
    said = _only(policy, exempting=False).judge(one.principal, action)
    if said.effect is Effect.EXPLICIT_DENY:
        return denied_by_repository(said)
    exempting = _only(policy, exempting=True).judge(one.principal, action)
    if exempting.denies is not Ternary.NO:
        cause = f'statement "{exempting.statement}" of the repository policy denies it to all but some principals'
        return ActionResult(Verdict.UNDETERMINED, cause, remediation.NOT_PRINCIPAL)
    doubtful = [denial for denial in said.denials if _is_selective(denial.keys) or not is_declared(denial, declared)]
    if not doubtful:
        return ActionResult(Verdict.ALLOWED, "no statement of the repository policy denies it")
    cause = (
        f'statement "{said.statement}" of the repository policy may deny it to principals of other stacks, by '
        f"{listed(tuple(key for denial in doubtful for key in denial.keys))}"
    )
    return ActionResult(Verdict.UNDETERMINED, cause, f"{remediation.DENY}, or {CONDITION}")


def _only(policy: RepositoryPolicy, *, exempting: bool) -> RepositoryPolicy:
    """Return the statements that deny with ``NotPrincipal``, as if to all, or the others; each keeps its number."""
    statements = []
    for one in policy.statements:
        exempts = one.get("Effect") == "Deny" and NOT_PRINCIPAL in one
        to_all = {**{key: value for key, value in one.items() if key != NOT_PRINCIPAL}, "Principal": "*"}
        statements.append(_NOTHING if exempts is not exempting else to_all if exempts else one)
    return replace(policy, statements=tuple(statements))


def _is_selective(keys: Sequence[str]) -> bool:
    return any(key.lower().startswith(_OF_ONE_PRINCIPAL) for key in keys)


def unless_elsewhere(said: ActionResult) -> ActionResult:
    """Doubt a denial that a repository policy could lift which the check of another stack reads."""
    if said.verdict is not Verdict.DENIED or said.final:
        return said
    cause = f"{said.cause}, unless the repository policy does, which the check of its own stack reads"
    return ActionResult(Verdict.UNDETERMINED, cause, said.fix, awaited=True)
