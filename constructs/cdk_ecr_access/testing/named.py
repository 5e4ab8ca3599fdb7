"""Finds the roles and repositories that assertions name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.testing.imported import imported_id
from cdk_ecr_access.testing.leaves import leaf_of, principal_of
from cdk_ecr_access.testing.templates import is_of_stack, name_of
from ecr_access.codes import Code
from ecr_access.wording import quoted, type_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identities import Identity
    from ecr_access.rules.access.repositories import Repository

_ROLES: Final = "role, user or group"
# How the CDK writes into a text what it only knows at synthesis.
_TOKEN: Final = "${Token["  # noqa: S105 -- no secret


def identity_of(app: Application, role: object) -> Identity:
    """Find a role, user or group.

    Raises:
        ValueError: if the templates do not declare it; what they declare is named.
        TypeError: if it is something else.
    """
    declared = {one.resource: one for one in app.identities}
    principal = principal_of(role)
    resource = _declared(principal, declared, _ROLES)
    if resource:
        return declared[resource]
    raise Code.NOT_IN_TEMPLATES.error(
        f"the {_ROLES} {quoted(_named(principal))} is declared in none of the templates, so that nothing is known of "
        f"its policies; {_there(app, declared, _ROLES)}"
    )


def repository_of(app: Application, repository: object) -> tuple[str, Repository | None]:
    """Find a repository: its ARN, and what declares it; None for one that exists already.

    Raises:
        ValueError: if the templates do not declare it, and it is no ARN and no construct of one that exists.
        TypeError: if it is something else.
    """
    named = isinstance(repository, str) or any(hasattr(repository, one) for one in ("repository_arn", "attr_arn"))
    if not named or isinstance(repository, type):
        raise TypeError(
            Code.ARGUMENT.ends(
                f"a repository is expected, got {type_shown(repository)}; allowed are a construct, a logical id, "
                "and the ARN of one that exists already"
            )
        )
    declared = {one.resource: one for one in app.repositories}
    resource = _declared(repository, declared, "repository")
    if resource:
        return declared[resource].arn, declared[resource]
    if arn := _existing(app, repository):
        return arn, app.repositories.of_arn(arn)
    raise Code.NOT_IN_TEMPLATES.error(
        f"the repository {quoted(_named(repository))} is declared in none of the templates; "
        f"{_there(app, declared, 'repository')}"
    )


def _declared(given: object, declared: Mapping[Resource, object], kind: str) -> Resource | None:
    """Find the resource of a logical id, or of a construct: by its stack too where the templates tell that."""
    if isinstance(given, str):
        if _TOKEN in given:
            raise Code.NOT_IN_TEMPLATES.error(
                f"a {kind} is named by {quoted(given)}, a token, which templates do not know; give the construct that "
                "it is of"
            )
        return _only([one for one in declared if one.logical_id == given], given, kind)
    if not (leaf := leaf_of(given)):
        return _only([one for one in declared if one.logical_id == imported_id(given)], _named(given), kind)
    stack, logical_id = leaf
    found = [one for one in declared if one.logical_id == logical_id]
    placed = [
        one for one in found if not is_of_stack(one.template) or Path(one.template.path).name == stack.template_file
    ]
    return _only(placed, _named(given), kind)


def _only(found: list[Resource], name: str, kind: str) -> Resource | None:
    if len(found) > 1:
        places = ", ".join(name_of(one.template) for one in found)
        raise Code.NOT_IN_TEMPLATES.error(
            f"the {kind} {quoted(name)} is declared more than once, in {places}; give the construct in the place of "
            "its logical id, and the App or stacks in the place of templates"
        )
    return found[0] if found else None


def _existing(app: Application, given: Any) -> str:
    """Return the ARN of a repository that exists already; empty for what is declared somewhere, or names nothing."""
    if isinstance(given, str):
        return given if given.startswith("arn:") else ""
    if leaf_of(given):
        return ""
    from aws_cdk import Stack  # starts Node.js

    stack = Stack.of(given)
    placed = [one for one in app.templates if Path(one.path).name == stack.template_file]
    return app.resolver.text(stack.resolve(given.repository_arn), (placed or app.templates)[0])


def _named(given: Any) -> str:
    return given if isinstance(given, str) else str(given.node.path)


def _there(app: Application, declared: Mapping[Resource, object], kind: str) -> str:
    names = sorted({one.logical_id for one in declared})
    there = f"declared there: {', '.join(names)}" if names else f"there is no {kind} in them"
    given = ", ".join(name_of(one) for one in app.templates)
    return f"{there}; given: {given}; give the App, or all templates that belong together in a list"
