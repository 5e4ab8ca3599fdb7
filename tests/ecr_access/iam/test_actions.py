"""The two sets of actions of each access level."""

from __future__ import annotations

import pytest

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel


@pytest.mark.parametrize("level", AccessLevel)
def test_what_is_required_is_granted(level: AccessLevel) -> None:
    """A grant renders whatever the check proves, and the token is never among it."""
    assert {*level.required_actions} <= {*level.actions}
    assert TOKEN_ACTION not in level.actions


def test_what_calls_the_api_alone_needs_no_token() -> None:
    """Registry clients sign in; Lambda has a way of its own."""
    assert [one for one in AccessLevel if not one.needs_token] == [AccessLevel.READ, AccessLevel.LAMBDA_PULL]
