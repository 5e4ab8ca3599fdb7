"""The repository policies that a check knows to be declared: what they say, and what of it has to be compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cdk_ecr_access.policy_size import is_too_long, size_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.checked_repository import CheckedRepository


def size_errors(policies: Iterable[tuple[ecr.CfnRepository, Any]]) -> list[str]:
    """Say which repository policies are too long."""
    return [size_error(leaf.node.path, policy) for leaf, policy in policies if is_too_long(policy)]


def as_property(repositories: Iterable[CheckedRepository]) -> list[dict[str, Any]]:
    """Render the statements that have to be found in live policies; repositories with the same ones share an entry."""
    entries: dict[str, dict[str, Any]] = {}
    for one in repositories:
        if statements := one.compared():
            same = json.dumps(statements, sort_keys=True)
            entries.setdefault(same, {"Repositories": [], "Statements": statements})["Repositories"].append(one.arn)
    return list(entries.values())
