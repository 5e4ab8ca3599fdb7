"""One cause is one finding, with all its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from ecr_access.rules.finding import Rule, RuleFinding

    Place = tuple[Rule, RuleFinding]


def by_cause(found: Iterable[Place], apart: Callable[[Rule, RuleFinding], Hashable]) -> list[tuple[Place, ...]]:
    """Join what has one cause.

    Args:
        found: rule by rule, in the order of the catalogue: what breaks is before what it is due to.
        apart: tells what is not joined whatever its cause, such as what is acknowledged from what is not.

    Returns:
        For each cause its places, each once, from where the app breaks, errors first, to what has to be mended.
    """
    groups: dict[Hashable, dict[Hashable, Place]] = {}
    for index, (rule, finding) in enumerate(found):
        cause = (finding.cause, apart(rule, finding)) if finding.cause else index
        groups.setdefault(cause, {}).setdefault((rule.id, finding.resource, finding.path), (rule, finding))
    return [tuple(sorted(one.values(), key=_is_warning)) for one in groups.values()]


def fix_of(places: tuple[Place, ...]) -> str:
    """Return what to do about a cause: the first fix of the last rule, which is the nearest to what is wrong."""
    last = places[-1][0]
    return next(finding.fix for rule, finding in places if rule is last)


def _is_warning(place: Place) -> bool:
    return place[0].severity is Severity.WARNING
