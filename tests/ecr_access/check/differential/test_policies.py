"""The kernel's evaluation of both sides beside AWS's rules, on random policies of one role or user."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from ecr_access.iam.arns import repository_at
from ecr_access.iam.policies import Says, joined, said_by, said_by_repository
from ecr_access.iam.principals import principal_of
from ecr_access.iam.repository_policy import Question, RepositoryPolicy
from ecr_access.iam.ternary import Ternary
from tests.ecr_access.check.differential.calls import members_of
from tests.ecr_access.check.differential.drawing.combinations import combinations
from tests.ecr_access.check.differential.truth import Can, member_can
from tests.ecr_access.check.differential.world import HERE, REPOSITORY

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.world import Combination

_COUNT: Final = 3_000
_SEED: Final = 5
_KINDS: Final = ("role", "user")


def _joined(one: Combination, action: str) -> Ternary:
    principal = principal_of(one.principal)
    assert principal is not None
    is_token = one.resource == "*"
    asked = Question(repository_at(REPOSITORY), principal, action, on=one.resource)
    own = said_by(one.identity, asked)
    boundary = Says(Ternary.YES) if one.boundary is None else said_by(one.boundary, asked)
    policy = RepositoryPolicy(asked.repository, one.repository or ())
    theirs = Says() if is_token else said_by_repository(policy, asked, boundary.allows)
    return joined(own, theirs, boundary, same_account=Ternary.YES)


@pytest.fixture(scope="module")
def compared() -> list[tuple[Combination, Ternary, Can]]:
    """Each combination of a repository of the principal's account, no organization beside it."""
    drawn = (one for one in combinations(_COUNT, _SEED) if one.kind in _KINDS and one.owner == HERE)
    found = []
    for one in (replace(each, organization=()) for each in drawn):
        (member,) = members_of(one)
        found += [(one, _joined(one, action), member_can(one, member, action)) for action in one.actions]
    return found


def test_what_both_sides_come_to_is_what_aws_decides(compared: list[tuple[Combination, Ternary, Can]]) -> None:
    """YES is allowed in every call, NO in none."""
    for one, found, can in compared:
        assert found is Ternary.MAYBE or (found is Ternary.YES) is (can is Can.YES), one
        assert found is not Ternary.NO or can is Can.NO, one


def test_most_of_it_is_decided(compared: list[tuple[Combination, Ternary, Can]]) -> None:
    """To leave everything open would never be wrong."""
    counted = Counter(found for _, found, _ in compared)
    assert len(compared) > 500
    assert counted[Ternary.YES] > 100
    assert counted[Ternary.NO] > 100
    assert counted[Ternary.MAYBE] < 0.5 * len(compared)
