"""Which of several stacks a repository is in: a stack of CloudFormation takes 500 resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_STACKS: Final = 250
"""The stacks of one environment, as the schema has it: 400 repositories each are the 100,000 of a registry."""


class Load(NamedTuple):
    """What something takes of a template.

    Attributes:
        resources: how many.
        size: bytes.
    """

    resources: int = 0
    size: int = 0

    def plus(self, other: Load) -> Load:
        """Return both together."""
        return Load(self.resources + other.resources, self.size + other.size)

    def fits_in(self, other: Load) -> bool:
        """Whether neither is more than the other's."""
        return self.resources <= other.resources and self.size <= other.size


LIMIT: Final = Load(resources=500, size=1_000_000)
"""What CloudFormation takes as one template, from S3."""


@dataclass(frozen=True)
class Move:
    """A repository that is in another stack once there are more of them, or fewer."""

    name: str
    before: int
    after: int


def stack_of(name: str, stacks: int) -> int:
    """Return the stack that a repository is in, 1 to ``stacks``: by its name alone, never by its neighbours.

    With one stack more, only what the new one takes moves: of 1,000 repositories in 4 stacks some 200, and none of them
    between the old ones. (Rendezvous hashing: each stack bids for each name, and the highest bid wins.)
    """
    return max(range(1, stacks + 1), key=lambda number: _bid(number, name))


def sizes(names: Iterable[str], stacks: int) -> Counter[int]:
    """Count the repositories of each stack."""
    return Counter(stack_of(name, stacks) for name in names)


def stacks_needed(repositories: Mapping[str, Load], *, besides: Load, at_least: int = 1) -> int | None:
    """Return how many stacks take all these repositories, the fullest of them too; None if no number up to 250 does.

    Args:
        repositories: what each takes, by its name.
        besides: what a stack holds besides repositories, at most.
        at_least: how many stacks there are to be.
    """
    if not all(one.plus(besides).fits_in(LIMIT) for one in repositories.values()) or not besides.fits_in(LIMIT):
        return None
    most = LIMIT.resources - besides.resources
    fewest = max(at_least, -(-sum(one.resources for one in repositories.values()) // most))
    highest = dict.fromkeys(repositories, b"")
    held: dict[int, dict[str, Load]] = {0: {**repositories}}
    where = dict.fromkeys(repositories, 0)
    # Each stack more bids once for each repository: to spread all of them again for each number would be quadratic.
    for number in range(1, MOST_STACKS + 1):
        held[number] = {}
        for name in repositories:
            if (bid := _bid(number, name)) > highest[name]:
                highest[name] = bid
                held[number][name] = held[where[name]].pop(name)
                where[name] = number
        if number >= fewest and all(total(one.values()).plus(besides).fits_in(LIMIT) for one in held.values()):
            return number
    return None


def moves(names: Iterable[str], *, before: int, after: int) -> list[Move]:
    """Return the repositories that change their stack once there are ``after`` stacks, in the order of their names."""
    found = (Move(name, stack_of(name, before), stack_of(name, after)) for name in sorted(names))
    return [one for one in found if one.before != one.after]


def total(loads: Iterable[Load]) -> Load:
    """Return what several take together."""
    return reduce(Load.plus, loads, Load())


def _bid(number: int, name: str) -> bytes:
    return hashlib.sha256(f"{number} {name}".encode()).digest()
