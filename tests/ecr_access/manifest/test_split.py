"""Which stack a repository is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.manifest import Manifest, parse_manifest
from ecr_access.manifest.split import LIMIT, MOST_STACKS, Load, moves, sizes, stack_of, stacks_needed

NAMES = st.lists(st.from_regex(r"[a-z]{2,4}(/[a-z0-9]{1,6})?", fullmatch=True), unique=True, max_size=60)
FLEET = [f"team-{number % 37}/service-{number}" for number in range(10_000)]
BESIDES = Load(50, 100_000)
ROOM = LIMIT.resources - BESIDES.resources


@given(NAMES, st.integers(1, 40))
def test_a_repository_is_in_one_of_the_stacks(names: list[str], stacks: int) -> None:
    """All of them are somewhere, and nowhere twice."""
    assert sum(sizes(names, stacks).values()) == len(names)
    assert {*sizes(names, stacks)} <= {*range(1, stacks + 1)}


def stacks_of(manifest: Manifest) -> dict[str, int]:
    """Return the stack of each repository of a manifest with one environment."""
    (there,) = manifest.environments
    numbers = range(1, there.stacks + 1)
    return {one.name: number for number in numbers for one in manifest.of(there, number).repositories}


@given(NAMES.filter(bool), st.randoms(), st.integers(1, 9), NAMES)
def test_neighbours_decide_nothing(names: list[str], random: object, stacks: int, others: list[str]) -> None:
    """Repositories are added, removed and reordered, and every other one stays in its stack."""

    def spread(of: list[str]) -> dict[str, int]:
        value = {"stacks": stacks, "repositories": [{"name": name} for name in of]}
        return stacks_of(parse_manifest(value, source="a test"))

    changed = [*dict.fromkeys([*names[len(names) // 2 :], *others])] or names
    random.shuffle(changed)  # type: ignore[attr-defined]
    before, after = spread(names), spread(changed)
    assert {*before} == {*names}
    assert {name: after[name] for name in after if name in before} == {
        name: before[name] for name in after if name in before
    }


@given(NAMES, st.integers(1, 20), st.integers(0, 10))
def test_repositories_move_to_new_stacks_alone(names: list[str], before: int, more: int) -> None:
    """None moves between two stacks that were there."""
    assert all(one.before <= before < one.after for one in moves(names, before=before, after=before + more))


@given(NAMES, st.integers(1, 20), st.integers(0, 10))
def test_the_way_back_is_the_way_there(names: list[str], before: int, more: int) -> None:
    """With fewer stacks, only the repositories of those that go move."""
    there = moves(names, before=before, after=before + more)
    back = moves(names, before=before + more, after=before)
    assert [(one.name, one.after, one.before) for one in back] == [(one.name, one.before, one.after) for one in there]


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
    moved = len(moves(FLEET, before=13, after=14))
    assert 0.8 < moved / (len(FLEET) / 14) < 1.2


def test_nothing_moves_between_as_many_stacks() -> None:
    """Nothing has changed."""
    assert moves(FLEET, before=7, after=7) == []


def needed(names: list[str], *, at_least: int = 1, size: int = 1_000, besides: Load = BESIDES) -> int:
    """Return how many stacks take repositories of so many bytes each."""
    found = stacks_needed(dict.fromkeys(names, Load(1, size)), besides=besides, at_least=at_least)
    assert found is not None
    return found


@pytest.mark.parametrize("count", [0, 1, ROOM, ROOM + 1, 10_000])
def test_as_many_stacks_as_are_needed(count: int) -> None:
    """Each has room, and one fewer would not do."""
    names = FLEET[:count]
    stacks = needed(names)
    assert max(sizes(names, stacks).values(), default=0) <= ROOM
    if stacks > 1:
        assert max(sizes(names, stacks - 1).values()) > ROOM


def test_large_repositories_need_more_stacks() -> None:
    """A stack is full by its bytes, too: a hundred of 9,000 fit beside the rest."""
    stacks = needed(FLEET[:450], size=9_000)
    assert max(sizes(FLEET[:450], stacks).values()) <= 100
    assert max(sizes(FLEET[:450], stacks - 1).values()) > 100


def test_the_stacks_that_are_there_stay() -> None:
    """Fewer stacks than there are would move everything once more."""
    assert needed(FLEET[:10], at_least=4) == 4


@pytest.mark.parametrize(
    ("size", "besides"), [(1_000, Load(501, 0)), (1_000, Load(0, 1_000_001)), (999_999, Load(0, 2)), (1, Load(500, 0))]
)
def test_what_fits_into_no_stack_is_told(size: int, besides: Load) -> None:
    """More stacks would not help."""
    assert stacks_needed({"base": Load(1, size)}, besides=besides) is None


def test_more_stacks_than_the_schema_takes_are_none() -> None:
    """As it would be for more repositories than a registry takes."""
    assert stacks_needed(dict.fromkeys(FLEET[:300], Load(1)), besides=Load(499)) is None
    assert MOST_STACKS == 250
