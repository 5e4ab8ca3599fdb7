"""Three-valued logic: what is so, what is not, and what only the call itself can decide."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Ternary(Enum):
    """Whether something is so; MAYBE where only the call itself can decide."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"

    def __bool__(self) -> bool:
        """Refuse to be taken for a boolean, of which NO would be a true one: compare it with a member.

        Raises:
            TypeError: always.
        """
        raise TypeError

    @property
    def negated(self) -> Ternary:
        """The opposite; the opposite of MAYBE is MAYBE."""
        if self is Ternary.MAYBE:
            return self
        return Ternary.NO if self is Ternary.YES else Ternary.YES


def any_of(values: Iterable[Ternary]) -> Ternary:
    """Whether at least one is so; NO for none at all."""
    found = Ternary.NO
    for one in values:
        if one is Ternary.YES:
            return one
        if one is Ternary.MAYBE:
            found = one
    return found


def all_of(values: Iterable[Ternary]) -> Ternary:
    """Whether every one is so; YES for none at all."""
    return any_of(one.negated for one in values).negated


def in_every_case(values: Iterable[Ternary]) -> Ternary:
    """What holds in all the cases that are possible; MAYBE where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else Ternary.MAYBE
