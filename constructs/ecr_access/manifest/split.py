"""Which of several stacks a repository is in: a stack of CloudFormation takes 500 resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_REPOSITORIES: Final = 450
"""Of the 500 resources that a stack may have: the others are the check's, the roles', and room to grow."""


@dataclass(frozen=True)
class Move:
    """A repository that is in another stack once there are more of them."""

    name: str
    before: int
    after: int


def stack_of(name: str, stacks: int) -> int:
    """Tell which stack a repository is in, 1 to ``stacks``: by its name alone, never by its neighbours.

    With one stack more, only what the new one takes moves: of 1,000 repositories in 4 stacks some 200, and none of them
    between the old ones. (Rendezvous hashing: each stack bids for each name, and the highest bid wins.)
    """
    return max(range(1, stacks + 1), key=lambda number: hashlib.sha256(f"{number} {name}".encode()).digest())


def sizes(names: Iterable[str], stacks: int) -> Counter[int]:
    """Count the repositories of each stack."""
    return Counter(stack_of(name, stacks) for name in names)


def stacks_needed(names: Iterable[str], *, at_least: int = 1) -> int:
    """Tell how many stacks take all these repositories, the fullest of them too."""
    wanted = [*names]
    stacks = max(at_least, -(-len(wanted) // MOST_REPOSITORIES))
    while max(sizes(wanted, stacks).values(), default=0) > MOST_REPOSITORIES:
        stacks += 1
    return stacks


def moves(names: Iterable[str], *, before: int, after: int) -> dict[int, list[Move]]:
    """Tell which repositories are in another stack once there are ``after`` stacks, by the stack that they leave."""
    found: dict[int, list[Move]] = defaultdict(list)
    for name in names:
        move = Move(name, stack_of(name, before), stack_of(name, after))
        if move.before != move.after:
            found[move.before].append(move)
    return dict(sorted(found.items()))
