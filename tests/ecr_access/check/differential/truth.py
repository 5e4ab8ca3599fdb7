"""The truth about a requirement: over all calls that it stands for."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from tests.ecr_access.check.differential.calls import Member, calls_of, members_of
from tests.ecr_access.check.differential.rules.decision import decide

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.world import Combination


class Can(Enum):
    """Whether AWS allows it: in every call, in none, or in some."""

    YES = "allowed"
    NO = "denied"
    SOMETIMES = "mixed"


def truth(one: Combination) -> Can:
    """Return whether a requirement is met: every member of it must be able to do each action.

    It is met if all can in every call; it is not met if one of them can do an action in none of its calls.
    """
    found = Can.YES
    for member in members_of(one):
        for action in one.actions:
            can = member_can(one, member, action)
            if can is Can.NO:
                return can
            found = can if can is Can.SOMETIMES else found
    return found


def member_can(one: Combination, member: Member, action: str) -> Can:
    """Return whether one member can do one action."""
    found: set[bool] = set()
    for call in calls_of(one, member, action):
        found.add(decide(call.request, call.policies, call.reading))
        if len(found) > 1:
            return Can.SOMETIMES
    return Can.YES if True in found else Can.NO
