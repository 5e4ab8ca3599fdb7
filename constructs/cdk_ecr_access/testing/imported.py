"""Roles, users and groups that exist already, to which the app attaches policies by their names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.testing.leaves import leaf_of
from ecr_access.documents.templates.template import Template, mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS: Final = {"role": "Role", "user": "User", "group": "Group"}


def imported_id(given: Any) -> str:
    """Return the logical id that stands for what is imported; empty for anything else."""
    return str(given.node.path) if _kind(given) and not leaf_of(given) else ""


def with_imported(templates: Iterable[Template], principal: Any) -> list[Template]:
    """Add to its stack's template a role that is imported there, as one of whose policies not all are known.

    One of another account is left out: the CDK attaches nothing to it.
    """
    given = list(templates)
    if not (logical_id := imported_id(principal)):
        return given
    from aws_cdk import Stack, Token  # starts Node.js

    stack = Stack.of(principal)
    if not Token.is_unresolved(stack.account) and principal.env.account != stack.account:
        return given
    resource = _resource(principal, stack)
    return [_with(one, {logical_id: resource}) if _is_of(one, stack, given) else one for one in given]


def _kind(given: Any) -> str:
    return next((one for one in _KINDS if hasattr(given, f"{one}_arn") and hasattr(given, "node")), "")


def _resource(principal: Any, stack: Any) -> dict[str, Any]:
    kind = _kind(principal)
    arn = stack.resolve(getattr(principal, f"{kind}_arn"))
    *path, _ = arn.rpartition(":")[2].split("/")[1:] if isinstance(arn, str) else [""]
    properties = {
        f"{_KINDS[kind]}Name": stack.resolve(getattr(principal, f"{kind}_name")),
        "Path": "/".join(["", *path, ""]),
        "ManagedPolicyArns": [{"Ref": "whatever else is attached to it"}],
    }
    return {"Type": f"AWS::IAM::{_KINDS[kind]}", "Properties": properties}


def _is_of(template: Template, stack: Any, given: list[Template]) -> bool:
    """Whether a template is the stack's; where none is known to be, the first stands for it."""
    names = [Path(one.path).name for one in given]
    return template is given[names.index(stack.template_file) if stack.template_file in names else 0]


def _with(template: Template, resources: dict[str, Any]) -> Template:
    document = {**template.document, "Resources": {**mapping(template.document.get("Resources")), **resources}}
    return Template(template.path, document, template.account, template.region, template.published)
