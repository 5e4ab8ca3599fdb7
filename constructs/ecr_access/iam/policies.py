"""What the policies of both sides come to: the identity's with its permissions boundary, and the repository's.

In one account an Allow on either side is enough; across accounts both sides must allow. An explicit deny wins.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecr_access.iam.statements import applies
from ecr_access.iam.ternary import Ternary, all_of, any_of, in_every_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecr_access.iam.repository_policy import Question, RepositoryPolicy


@dataclass(frozen=True)
class Says:
    """What some policies say about one action: whether they allow it, and whether they explicitly deny it."""

    allows: Ternary = Ternary.NO
    denies: Ternary = Ternary.NO

    @property
    def alone(self) -> Ternary:
        """What they come to if there are no other policies."""
        return all_of((self.allows, self.denies.negated))


def said_by(statements: Iterable[Mapping[str, Any]], question: Question) -> Says:
    """Return what the policies of an identity, or its permissions boundary, say.

    Args:
        statements: of all the policies.
        question: about what.

    Raises:
        ConditionError: if a condition is malformed.
    """
    found: dict[bool, list[Ternary]] = {True: [], False: []}
    for one in statements:
        found[one["Effect"] == "Allow"].append(applies(one, question)[0])
    return Says(any_of(found[True]), any_of(found[False]))


def said_by_repository(policy: RepositoryPolicy, question: Question, within: Ternary = Ternary.YES) -> Says:
    """Return what a repository's policy says.

    Args:
        policy: of the repository.
        question: about what.
        within: whether the principal's permissions boundary allows the action. Default: YES.

    Raises:
        ConditionError: if a condition is malformed.
    """
    bounded = {Ternary.YES: (False,), Ternary.NO: (True,), Ternary.MAYBE: (False, True)}[within]
    found = [policy.judge(question.principal, question.action, question.source, bounded=one) for one in bounded]
    return Says(in_every_case(one.allows for one in found), in_every_case(one.denies for one in found))


def joined(own: Says, repository: Says, boundary: Says, *, same_account: Ternary) -> Ternary:
    """Say whether an action is allowed, all policies taken together.

    Args:
        own: what the identity's policies say.
        repository: what the repository's policy says.
        boundary: what the permissions boundary says; one that allows where there is none.
        same_account: whether the identity and the repository are of one account.
    """
    allows = all_of((own.allows, boundary.allows))
    sides = {Ternary.YES: any_of((allows, repository.allows)), Ternary.NO: all_of((allows, repository.allows))}
    allowed = in_every_case(sides.values()) if same_account is Ternary.MAYBE else sides[same_account]
    return all_of((allowed, *(one.denies.negated for one in (own, repository, boundary))))
