"""Whether the app itself declares what a live statement makes depend on a condition: then its author knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.iam.normalized_statement import NormalizedStatement
from ecr_access.iam.repository_policy import Effect, RepositoryPolicy
from ecr_access.iam.statement_principals import NOT_PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecr_access.iam.repository_policy import Dependence


def is_declared(found: Dependence, declared: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the declared statements stands behind a live one.

    A live Allow is, if a declared Allow about this principal and this action says no more than it does. A live Deny
    is, if a declared Deny is about every call that it denies. Neither is, if ``NotPrincipal`` leaves it open, which
    is about other calls than its author may know.
    """
    if NOT_PRINCIPAL in found.keys:
        return False
    live = NormalizedStatement.of(found.statement)
    if live.effect == "Deny":
        return any(live.is_subset_of(NormalizedStatement.of(one)) for one in declared)
    return any(NormalizedStatement.of(one).is_subset_of(live) and _is_about(one, found) for one in declared)


def _is_about(statement: Mapping[str, Any], found: Dependence) -> bool:
    question = found.question
    alone = RepositoryPolicy(question.repository, (dict(statement),))
    return alone.judge(question.principal, question.action, question.source).effect is not Effect.IMPLICIT_DENY
