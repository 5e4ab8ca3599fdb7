"""Whether an action of ECR that a policy names exists, and which one was meant."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import is_action_matched
from ecr_access.rules.access.ecr_actions import ACTIONS
from ecr_access.wording import nearest

_PREFIX: Final = "ecr:"


@lru_cache(maxsize=1024)  # the same few actions are named by every policy of an app
def exists(action: str) -> bool:
    """Whether an action of a policy is one of ECR's, may be one, is a wildcard for some, or is another service's."""
    if not action.lower().startswith(_PREFIX):
        return True
    return any(is_action_matched(action, f"{_PREFIX}{one}") is not Ternary.NO for one in ACTIONS)


def meant(action: str) -> str:
    """Return the action nearest to one that does not exist; empty if none is near."""
    return nearest(action, (f"{_PREFIX}{one}" for one in ACTIONS)) or ""
