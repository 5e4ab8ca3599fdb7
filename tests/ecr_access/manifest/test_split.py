"""Which stack a repository is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.manifest.split import MOST_REPOSITORIES, moves, sizes, stack_of, stacks_needed

NAMES = st.lists(st.from_regex(r"[a-z]{1,4}(/[a-z0-9]{1,6})?", fullmatch=True), unique=True, max_size=60)
FLEET = [f"team-{number % 37}/service-{number}" for number in range(10_000)]


@given(NAMES, st.integers(1, 40))
def test_a_repository_is_in_one_of_the_stacks(names: list[str], stacks: int) -> None:
    """All of them are somewhere, and nowhere twice."""
    assert sum(sizes(names, stacks).values()) == len(names)
    assert {*sizes(names, stacks)} <= {*range(1, stacks + 1)}


@given(NAMES, st.integers(1, 20), st.integers(0, 10))
def test_repositories_move_to_new_stacks_alone(names: list[str], before: int, more: int) -> None:
    """None moves between two stacks that were there."""
    for old, some in moves(names, before=before, after=before + more).items():
        assert all(one.before == old and one.after > before for one in some)


@pytest.mark.parametrize(
    ("name", "stacks", "number"), [("team/web", 4, 4), ("team/web", 13, 9), ("team-a/api", 13, 13)]
)
def test_where_a_repository_is_never_changes(name: str, stacks: int, number: int) -> None:
    """A release that answers differently would move the repositories of every user."""
    assert stack_of(name, stacks) == number


@pytest.mark.parametrize("stacks", [1, 2, 13, 25])
def test_stacks_are_filled_alike(stacks: int) -> None:
    """The fullest has a tenth more than its share, and a little."""
    assert max(sizes(FLEET, stacks).values()) <= len(FLEET) / stacks * 1.1 + 20


def test_few_repositories_move_when_a_stack_is_added() -> None:
    """Its share: a fourteenth of all."""
    moved = sum(len(some) for some in moves(FLEET, before=13, after=14).values())
    assert 0.8 < moved / (len(FLEET) / 14) < 1.2


def test_nothing_moves_between_as_many_stacks() -> None:
    """Nothing has changed."""
    assert moves(FLEET, before=7, after=7) == {}


@pytest.mark.parametrize("count", [0, 1, MOST_REPOSITORIES, MOST_REPOSITORIES + 1, 10_000])
def test_as_many_stacks_as_are_needed(count: int) -> None:
    """Each has room, and one fewer would not do."""
    names = FLEET[:count]
    stacks = stacks_needed(names)
    assert max(sizes(names, stacks).values(), default=0) <= MOST_REPOSITORIES
    if stacks > 1:
        assert max(sizes(names, stacks - 1).values()) > MOST_REPOSITORIES


def test_the_stacks_that_are_there_stay() -> None:
    """Fewer stacks than there are would move everything once more."""
    assert stacks_needed(FLEET[:10], at_least=4) == 4
