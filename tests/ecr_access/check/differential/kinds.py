"""Sorts examples into kinds, so that a table stays short and each kind is shown once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.ecr_access.check.differential.rules.conditions import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.ecr_access.check.differential.comparison import Compared
    from tests.ecr_access.check.differential.rules.statements import Json
    from tests.ecr_access.check.differential.world import Combination

_PARTICULARS: Final = re.compile(
    r"\"[^\"]*\"|arn:[^\s,;]+|\b\d{12}\b|\b[a-z0-9]+:[\w/*-]+(?:, [a-z0-9]+:[\w/*-]+)*|'[^']*'"
)


def reason(why: str) -> str:
    """Take the names, keys and actions out of a cause; of several, the first one stands for all."""
    first = re.split(r"; | \((?:judged|it names)", why)[0]
    return re.sub(r"^…: ", "", _PARTICULARS.sub("…", first))


def kind_of(found: Compared) -> str:
    """Name the kind of an example that has been made as small as it gets."""
    return " | ".join([found.one.kind, reason(found.why), *dict.fromkeys(_features(found.one))])


def _features(one: Combination) -> Iterator[str]:
    yield from _conditional("own policies", one.identity)
    yield from _conditional("boundary", one.boundary or ())
    if one.boundary is not None:
        yield "has a boundary"
    for level in one.organization:
        yield from _conditional("organization", level)
    for statement in one.repository or ():
        if "NotPrincipal" in statement:
            yield f"{statement['Effect']} with NotPrincipal"
        if ":sts:" in str(statement.get("Principal", "")):
            yield "names a session"
        if "Resource" in statement:
            yield "Resource in the repository policy"
        for operator, key, _ in entries(statement.get("Condition")):
            yield f"{statement['Effect']} {operator} {key.lower()}"
    if one.declared:
        yield "declared"


def _conditional(where: str, statements: Iterable[Json]) -> Iterator[str]:
    for statement in statements:
        if "Condition" in statement or "${" in str(statement.get("Resource", "")):
            yield f"{statement['Effect']} under a condition in {where}"
