"""What must be true of whom: the requirements of a stack, and how they travel to the access check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdk_ecr_access.actions import TOKEN_ACTION, AccessLevel


@dataclass(frozen=True)
class Requirement:
    """One principal must be able to use one repository, or to get an authorization token, or both.

    ``principal`` and ``repository`` may be tokens; ``repository`` is an ARN. ``identity`` says that the
    principal signs in by its own policies, so that it needs the token.
    """

    principal: str
    level: AccessLevel | None = None
    repository: str | None = None
    token: bool = False


def as_properties(requirements: list[Requirement]) -> dict[str, Any]:
    """Render requirements as the access check's properties, grouped by principal, in a stable order."""
    principals: dict[str, dict[str, Any]] = {}
    levels: set[AccessLevel] = set()
    for one in requirements:
        entry = principals.setdefault(one.principal, {"Principal": one.principal, "Token": False, "Access": {}})
        entry["Token"] |= one.token
        if one.level is not None and one.repository is not None:
            levels.add(one.level)
            repositories = entry["Access"].setdefault(one.level.value, [])
            if one.repository not in repositories:
                repositories.append(one.repository)
    actions = {level.value: list(level.actions) for level in AccessLevel if level in levels}
    return {
        "Actions": {"TOKEN": [TOKEN_ACTION], **actions},
        "Requirements": list(principals.values()),
    }
