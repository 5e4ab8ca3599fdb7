"""Shows false verdicts: one example of each kind, as small as it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.ecr_access.check.differential.comparison import Compared, compare
from tests.ecr_access.check.differential.kinds import kind_of, reason
from tests.ecr_access.check.differential.shrinking import shrunk
from tests.ecr_access.check.differential.world import HERE, Combination, World

if TYPE_CHECKING:
    from collections.abc import Iterable


def examples(false: Iterable[Compared]) -> dict[str, list[Compared]]:
    """Make false verdicts smaller, and gather them by kind."""
    found: dict[str, list[Compared]] = {}
    for one in false:
        smaller = _smaller(one)
        found.setdefault(f"{smaller.outcome.value} | {kind_of(smaller)}", []).append(smaller)
    return found


def _smaller(found: Compared) -> Compared:
    def still(other: Combination) -> bool:
        again = compare(other)
        return (again.outcome, reason(again.why)) == (found.outcome, reason(found.why))

    return compare(shrunk(found.one, still))


def shown(found: Compared) -> str:
    """Write an example down: what is required, the policies, the verdict and the truth."""
    one = found.one
    policies: dict[str, Any] = {
        "accounts": one.accounts,
        "owner": None if one.owner == HERE else one.owner,
        "own": one.identity or None,
        "boundary": one.boundary,
        "organization": one.organization or None,
        "repository": one.repository,
        "declared": one.declared or None,
        "world": None if one.world == World() else one.world.__dict__,
        "shape": None if one.shape == "new" else one.shape,
    }
    lines = [f"    {name}: {json.dumps(value)}" for name, value in policies.items() if value is not None]
    said = f"    => {found.verdict.value}: {found.why}\n    AWS: {found.truth.value}"
    return "\n".join([f"    {one.principal} {one.level}", *lines, said])
