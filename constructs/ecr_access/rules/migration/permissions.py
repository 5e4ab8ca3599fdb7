"""Policy statements of two apps, compared by what they allow and deny: their order and grouping mean nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import without_partition
from ecr_access.documents.templates.template import is_function, mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.arns import is_account_id
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known, split
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.migration.plan import Course, StatementChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_SERVICE: Final = "ecr"


@dataclass(frozen=True, order=True)
class Permission:
    """One action that a statement allows or denies one principal on one resource."""

    effect: str
    principal: str
    resource: str
    condition: str
    action: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """All of it but the action."""
        return self.effect, self.principal, self.resource, self.condition

    @cached_property
    def meaning(self) -> tuple[str, ...]:
        """What two of the same meaning have in common: one partition may be written out, and another referred to."""
        return *map(without_partition, self.place), self.action.lower()

    @property
    def depends(self) -> bool:
        """Whether only the deployment knows if it is about Amazon ECR."""
        return not is_known(self.action)

    def may_be(self, other: Permission) -> bool:
        """Whether it is the same as another, or may be once the deployment knows all values."""
        pairs = zip(self.meaning, other.meaning, strict=True)
        return all(equal(one, another) is not Ternary.NO for one, another in pairs)


def permissions(statements: Iterable[tuple[Resource, Statement]], app: Application) -> frozenset[Permission]:
    """Take statements apart, each with the resource that holds it. A statement about another service is left out."""
    return frozenset(one for holder, statement in statements for one in _parts(holder, statement, app))


def compared(
    before: frozenset[Permission],
    after: frozenset[Permission],
    *,
    is_open_before: bool = False,
    is_open_after: bool = False,
) -> tuple[StatementChange, ...]:
    """Return what one side lacks; what may be the same at deploy time is told apart.

    Args:
        before: what is allowed and denied.
        after: what is to be.
        is_open_before: whether the old policies may hold more than is known.
        is_open_after: whether the new ones may.
    """
    lost, gained = _without(before, after), _without(after, before)
    maybe_lost = {one for one in lost if is_open_after or one.depends or any(map(one.may_be, gained))}
    maybe_gained = {one for one in gained if is_open_before or one.depends or any(map(one.may_be, lost))}
    # What has a counterpart is told once.
    perhaps = maybe_lost | {one for one in maybe_gained if not any(map(one.may_be, lost))}
    return (
        *(StatementChange(Course.GOES, one) for one in _written(lost - maybe_lost)),
        *(StatementChange(Course.COMES, one) for one in _written(gained - maybe_gained)),
        *(StatementChange(Course.PERHAPS, one) for one in _written(perhaps)),
    )


def _without(some: frozenset[Permission], others: frozenset[Permission]) -> set[Permission]:
    known = {one.meaning for one in others}
    return {one for one in some if one.meaning not in known}


def _parts(holder: Resource, statement: Statement, app: Application) -> Iterator[Permission]:
    raw = statement.raw

    def texts(element: str) -> list[str]:
        found = app.resolver.texts(raw.get(element), holder.template)
        return [f"all but {', '.join(sorted(found))}"] if element.startswith("Not") and found else found

    actions = [*filter(_is_about_ecr, texts("Action")), *texts("NotAction")]
    resources = [*texts("Resource"), *texts("NotResource")] or [""]
    condition = _condition(raw.get("Condition"), holder, app)
    if "Condition" in holder.attributes:
        condition = " and ".join(filter(None, (condition, f"the template's {holder.attributes['Condition']} holds")))
    effect = app.resolver.text(raw["Effect"], holder.template)
    for principal in _principals(raw, holder, app):
        for resource in resources:
            yield from (Permission(effect, principal, resource, condition, one) for one in actions)


def _is_about_ecr(action: str) -> bool:
    return is_matched(split(action, ":")[0].lower(), _SERVICE) is not Ternary.NO


def _principals(raw: Mapping[str, Any], holder: Resource, app: Application) -> list[str]:
    found = _named(raw.get("Principal"), holder, app)
    if excluded := _named(raw.get("NotPrincipal"), holder, app):
        found.append(f"all but {', '.join(sorted(excluded))}")
    return found or [""]


def _named(given: object, holder: Resource, app: Application) -> list[str]:
    schemes = given if isinstance(given, dict) and not is_function(given) else {"AWS": given}
    return [
        _principal(scheme, name)
        for scheme, names in schemes.items()
        for name in app.resolver.texts(names, holder.template)
    ]


def _principal(scheme: str, name: str) -> str:
    if scheme != "AWS":
        return f"{scheme} {name}"
    # An account's id stands for its root.
    return f"arn:aws:iam::{name}:root" if is_account_id(name) else name


def _condition(condition: object, holder: Resource, app: Application) -> str:
    if is_function(condition):
        return app.resolver.text(condition, holder.template)
    found: list[str] = []
    for operator, keys in mapping(condition).items():
        if is_function(keys):
            found.append(f"{operator} {app.resolver.text(keys, holder.template)}")
            continue
        for key, values in mapping(keys).items():
            found.append(f"{operator} {key} = {', '.join(sorted(app.resolver.texts(values, holder.template)))}")
    return " and ".join(sorted(found))


def _written(found: Iterable[Permission]) -> list[str]:
    actions: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for one in sorted(found):
        actions[one.place].append(one.action)
    return [_sentence(place, names) for place, names in actions.items()]


def _sentence(place: tuple[str, str, str, str], actions: list[str]) -> str:
    effect, principal, resource, condition = place
    to = "to" if effect == "Allow" else "for"
    words = (
        f"{effect} {', '.join(actions)}",
        resource and f"on {resource}",
        principal and f"{to} {principal}",
        condition and f"if {condition}",
    )
    return shown(" ".join(filter(None, words)))
