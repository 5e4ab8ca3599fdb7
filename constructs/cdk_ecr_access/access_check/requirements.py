"""What must be true of each principal: the requirements of a stack, and how they travel to the access check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class DeclaredRequirement:
    """One principal must be able to use one repository, or to get an authorization token, or both.

    ``principal`` and ``repository`` may be tokens; ``repository`` is an ARN. ``token`` says that the
    principal signs in by its own policies. ``accounts`` are those for which a service acts, the check's own if empty.
    """

    principal: str
    level: AccessLevel | None = None
    repository: str | None = None
    token: bool = False
    accounts: tuple[str, ...] = ()


def as_properties(requirements: Iterable[DeclaredRequirement]) -> dict[str, Any]:
    """Render requirements as the access check's properties, in a stable order.

    What is required of one principal is one entry, and principals with the same requirements share it: an event has
    to hold a thousand principals of one repository, or a thousand repositories of one principal. A service has an
    entry for each set of accounts that it acts for.
    """
    entries: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for one in requirements:
        accounts = {"Accounts": [*one.accounts]} if one.accounts else {}
        entry = entries.setdefault((one.principal, one.accounts), {**accounts, "Access": {}})
        if one.token:
            entry["Token"] = True
        if one.level is not None and one.repository is not None:
            # A dictionary for its keys: an ordered set.
            entry["Access"].setdefault(one.level, {})[one.repository] = None
    levels = {level for entry in entries.values() for level in entry["Access"]}
    return {
        "Actions": {
            "TOKEN": [TOKEN_ACTION],
            **{level.value: list(level.required_actions) for level in AccessLevel if level in levels},
        },
        "Requirements": _shared(entries),
    }


def _shared(entries: dict[tuple[str, tuple[str, ...]], dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (principal, _), entry in entries.items():
        access = {level.value: [*repositories] for level, repositories in entry["Access"].items()}
        same = {**entry, "Access": access}
        found.setdefault(json.dumps(same, sort_keys=True), {"Principal": [], **same})["Principal"].append(principal)
    return [
        {**one, "Principal": one["Principal"][0] if len(one["Principal"]) == 1 else one["Principal"]}
        for one in found.values()
    ]
