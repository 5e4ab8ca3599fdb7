"""Why a role or user lacks an action: a statement that was meant to allow it, and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.action_names import exists, meant
from ecr_access.rules.access.ecr_resources import names_the_same, wrong_resource
from ecr_access.rules.access.statements import is_token_alone

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.statements import Statement

    Cause = tuple[Hashable, ...]


def cause_of_lack(identity: Identity, needed: Iterable[tuple[str, str]], app: Application) -> Cause:
    """Return the cause of what an identity lacks: the value of a statement that is wrong, or else the lack itself.

    Args:
        identity: the role or user.
        needed: the actions that it lacks, each with its resource.
        app: that declares the identity.
    """
    lacks = tuple(needed)
    wrong = {_of_statement(identity, *one, app) for one in lacks}
    return next(iter(wrong)) if len(wrong) == 1 and () not in wrong else (_policies(identity), lacks)


def cause_of_value(value: str, holder: Resource, statement: Statement, app: Application) -> Cause:
    """Return the cause that a wrong value of a statement is: one in all policies of the same identities."""
    identities = app.holders_of(holder, statement)
    return value, frozenset(one.resource for one in identities) or holder


def restricted_to(statement: Statement) -> str:
    """Return the first resource of a statement that allows the token on something narrower than ``*``, else nothing."""
    named = statement.allows and any(map(is_token_alone, statement.actions))
    # A resource that is not known may be "*".
    return statement.resources[0] if named and statement.resources and statement.is_on("*") is Ternary.NO else ""


def _policies(identity: Identity) -> Hashable:
    """Return the policies that identities share which have no others; the identity itself if it has its own."""
    holders = {holder for holder, _ in identity.granted}
    if not holders or identity.resource in holders or identity.boundary:
        return identity.resource
    return frozenset({*holders, *(one.path for one in identity.by_aws)})


def _of_statement(identity: Identity, action: str, resource: str, app: Application) -> Cause:
    """Return the wrong value by which an identity lacks an action on a resource; empty if there is none."""
    for holder, one in identity.granted:
        if one.allows and (value := _wrong_value(one, action, resource, app)):
            return cause_of_value(value, holder, one, app)
    return ()


def _wrong_value(statement: Statement, action: str, resource: str, app: Application) -> str:
    if statement.names(action) is not Ternary.YES:
        named = statement.document.get("Action", ())
        is_there = statement.is_on(resource) is Ternary.YES
        return next((one for one in named if is_there and not exists(one) and meant(one) == action), "")
    if action == TOKEN_ACTION:
        return restricted_to(statement)
    wrong = (one for one in statement.resources if wrong_resource(one, statement, app))
    return next((one for one in wrong if names_the_same(one, resource)), "")
