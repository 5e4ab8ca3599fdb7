"""What changes in the policies of roles, users and groups."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.migration.hidden import ATTACHED, Hidden
from ecr_access.rules.migration.permissions import Permission, compared, permissions
from ecr_access.rules.migration.plan import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

    Key = tuple[str, str]

_CHECKS_OWN: Final = "EcrAccessCheck"
"""How the logical ids of the access check begin, whose role is no principal of the app's."""


class _Policies(NamedTuple):
    """What is called how, what its policies say, what of them is not known, and whether they may be another's."""

    label: str = ""
    permissions: frozenset[Permission] = frozenset()
    hidden: frozenset[str] = frozenset()
    depends: bool = False


def changed(before: Application, after: Application) -> Iterator[Principal]:
    """Yield each principal whose statements about ECR change, by its template and its logical id."""
    old_ones, new_ones = dict(_policies(before)), dict(_policies(after))
    for key in dict.fromkeys((*old_ones, *new_ones)):
        old, new = old_ones.get(key, _Policies()), new_ones.get(key, _Policies())
        statements = compared(
            old.permissions,
            new.permissions,
            is_open_before=new.depends or bool(old.hidden - new.hidden),
            is_open_after=old.depends or bool(new.hidden - old.hidden),
        )
        if statements:
            yield Principal(key[0], old.label or new.label, statements)


def _policies(app: Application) -> Iterator[tuple[Key, _Policies]]:
    attached: set[Resource] = set()
    hidden = Hidden(app)
    for one in app.identities:
        attached |= {holder for holder, _ in one.granted}
        if not one.resource.logical_id.startswith(_CHECKS_OWN):
            by_aws = [(one.resource, statement) for statement in one.by_aws]
            found = permissions([*one.granted, *by_aws], app)
            yield _key(one.resource), _Policies(shown(one.label), found, hidden.of(one))
    others: dict[Resource, list[Statement]] = defaultdict(list)
    for holder, statement in app.identities.separate:
        if holder not in attached and not holder.logical_id.startswith(_CHECKS_OWN):
            others[holder].append(statement)
    for holder, statements in others.items():
        names = [name for key in ATTACHED for name in app.resolver.texts(holder.properties.get(key), holder.template)]
        label = f"policy {holder.logical_id}{' of ' if names else ''}{', '.join(names)}"
        found = permissions([(holder, one) for one in statements], app)
        yield _key(holder), _Policies(shown(label), found, hidden.of_app, bool(hidden.attachments(holder)))


def _key(resource: Resource) -> Key:
    return resource.template.path, resource.logical_id
