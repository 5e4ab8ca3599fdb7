"""Compares the deployed templates of an app with the templates that are to be deployed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import REPOSITORY
from ecr_access.documents.templates.template import mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.application import Application
from ecr_access.rules.migration import exports, fates, principals, settings
from ecr_access.rules.migration.permissions import compared, permissions
from ecr_access.rules.migration.plan import Fate, Plan, Repository
from ecr_access.rules.migration.values import Declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.repositories import Repository as DeclaredRepository
    from ecr_access.rules.migration.plan import StatementChange

    Key = tuple[str, str]

_NAME: Final = "RepositoryName"
_HASH: Final = re.compile(r"[0-9A-F]{8}\Z")
"""What the CDK appends to the construct's path in a logical id."""
_CHECK: Final = "Custom::EcrAccessCheck"


def compare(before: Sequence[Template], after: Sequence[Template]) -> Plan:
    """Compare two sets of templates; pure.

    Args:
        before: the templates that are deployed. The path of each tells which stack it is of.
        after: the templates that are to be deployed, under the same paths.
    """
    old, new = Application(before), Application(after)
    return Plan(
        tuple(_repositories(old, new)),
        tuple(principals.changed(old, new)),
        tuple(exports.changed(old, new)),
        tuple(dict.fromkeys(_notes(old, new))),
    )


def _declared(app: Application) -> dict[Key, Declared]:
    return {(one.template.path, one.logical_id): Declared(one, app) for one in app.of_type(REPOSITORY)}


def _repositories(old: Application, new: Application) -> Iterator[Repository]:
    before_all, after_all = _declared(old), _declared(new)
    added = [one for key, one in after_all.items() if key not in before_all]
    for key, before in before_all.items():
        if after := after_all.get(key):
            yield _both(before, after, *fates.of_pair(before, after))
        elif after := _successor(before, added):
            added.remove(after)
            yield _both(before, after, *fates.moved(before, after))
        else:
            yield _repository(before, *_removed(before, new))
    yield from (_repository(one, Fate.NEW, ()) for one in added)


def _removed(before: Declared, new: Application) -> tuple[Fate, tuple[str, ...]]:
    template = before.resource.template
    here = next((one for one in new.templates if one.path == template.path), None)
    fate, reasons = fates.removed(before)
    if here is None and before.app.resolver.nesting.is_nested(template):
        return fate, ("its nested stack leaves the template that deploys it", *reasons)
    if here is None:
        stays = "its stack is not among the new templates, so that both stay until the stack is deleted"
        return Fate.UNDETERMINED, (stays, *reasons)
    if other := here.resources.get(before.resource.logical_id):
        refused = f"its logical id is now of type {other.type}: CloudFormation refuses to change a resource's type"
        return Fate.UNDETERMINED, (refused,)
    return fate, reasons


def _successor(before: Declared, added: Sequence[Declared]) -> Declared | None:
    """Return the new repository that is meant to be an old one: of the same name, or of the same construct's id."""
    name, stack = before.text(_NAME), before.resource.template.path
    named = [one for one in added if name and one.text(_NAME) == name]
    here = [one for one in added if one.resource.template.path == stack and (not name or not one.text(_NAME))]
    called = [one for one in here if _is_alike(_construct(before), _construct(one))]
    return next(iter((*named, *called)), None)


def _construct(one: Declared) -> str:
    return _HASH.sub("", one.resource.logical_id)


def _is_alike(one: str, other: str) -> bool:
    """Whether one construct is the other, within another parent or without it."""
    return one.endswith(other) or other.endswith(one)


def _both(before: Declared, after: Declared, fate: Fate, reasons: tuple[str, ...]) -> Repository:
    return replace(
        _repository(before, fate, reasons),
        settings=tuple(settings.changes(before, after)),
        statements=_statements(before, after),
    )


def _repository(one: Declared, fate: Fate, reasons: tuple[str, ...]) -> Repository:
    path = mapping(one.resource.attributes.get("Metadata")).get("aws:cdk:path")
    return Repository(
        stack=one.resource.template.path,
        logical_id=one.resource.logical_id,
        path=path.removesuffix("/Resource") if isinstance(path, str) else one.resource.logical_id,
        name=shown(one.text(_NAME)),
        fate=fate,
        reasons=reasons,
    )


def _statements(before: Declared, after: Declared) -> tuple[StatementChange, ...]:
    old, new = _policy(before), _policy(after)
    return compared(
        permissions([(before.resource, one) for one in old.statements], before.app),
        permissions([(after.resource, one) for one in new.statements], after.app),
        is_open_before=not old.has_whole_policy,
        is_open_after=not new.has_whole_policy,
    )


def _policy(one: Declared) -> DeclaredRepository:
    return next(found for found in one.app.repositories if found.resource == one.resource)


def _notes(old: Application, new: Application) -> Iterator[str]:
    for app, which in ((old, "old"), (new, "new")):
        for one in app.templates:
            if not one.is_whole:
                yield f"{one.path}: what a macro or a module adds to the {which} template is not shown"
        for resource in app.resolver.nesting.unread:
            place = f"{resource.template.path}: {resource.logical_id}"
            yield f"{place}: the template of this nested stack is not at hand, and what it changes is not shown"
    checked = {one.template.path for one in old.of_type(_CHECK)}
    for resource in new.of_type(_CHECK):
        if resource.template.path not in checked:
            yield f"{resource.template.path} gets the access check: function, role, log group and custom resource"
