"""What may hold policies of an identity: also what only deployment attaches, or has statements that it chooses.

What such policies may allow is open already, since then not all policies of the identity are known. That they may deny
is found here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, listed
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identities import Identity

_MANAGED: Final = "AWS::IAM::ManagedPolicy"
_SEPARATE: Final = (
    "AWS::IAM::Policy",
    _MANAGED,
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
# How policies that are resources of their own name the identities that they are attached to.
_KEYS: Final = {
    "AWS::IAM::Role": ("Roles", "RoleName"),
    "AWS::IAM::User": ("Users", "UserName"),
    "AWS::IAM::Group": ("Groups", "GroupName"),
}


def holders_of(app: Application, identity: Identity) -> set[Resource]:
    """Return what may hold policies of an identity: itself, its groups, and the policies of these."""
    subjects = [identity, *_groups_of(app, identity)]
    policies = app.of_type(*_SEPARATE)
    return {
        *(one.resource for one in subjects),
        *(policy for policy in policies if any(_may_be_attached(app, policy, one) for one in subjects)),
    }


def bounds_of(app: Application, identity: Identity) -> set[Resource]:
    """Return the policies that the templates declare and that may be an identity's permissions boundary."""
    return {one for one in app.of_type(_MANAGED) if _is_named(app, one, identity, "PermissionsBoundary")}


def _groups_of(app: Application, user: Identity) -> Iterator[Identity]:
    if user.resource.type != "AWS::IAM::User":
        return
    additions = [one for one in app.of_type("AWS::IAM::UserToGroupAddition") if _may_name(app, one, user)]
    for group in app.identities:
        if group.resource.type == "AWS::IAM::Group" and any(
            _may_name(app, one, group) for one in (user.resource, *additions)
        ):
            yield group


def _may_be_attached(app: Application, policy: Resource, identity: Identity) -> bool:
    """Whether a policy names an identity, or is named by it."""
    by_arn = policy.type == _MANAGED and _is_named(app, policy, identity, "ManagedPolicyArns")
    return by_arn or _may_name(app, policy, identity)


def _is_named(app: Application, policy: Resource, identity: Identity, key: str) -> bool:
    given = choices(identity.resource.properties.get(key))
    return _name_of(app, policy) in {app.resolver.text(one, identity.resource.template) for one in given}


def _may_name(app: Application, holder: Resource, identity: Identity) -> bool:
    """Whether a policy, an addition to a group, or a user names a role, user or group."""
    kind, own = identity.resource.type, _name_of(app, identity.resource)
    names = {one: _name_of(app, one) for one in app.of_type(kind)}
    # Where two have one name, as in stages, each template means its own.
    here = {name for one, name in names.items() if one.template == holder.template}
    is_meant = own not in here or identity.resource.template == holder.template
    given = [one for key in _KEYS[kind] for one in choices(holder.properties.get(key))]
    for text in (app.resolver.text(one, holder.template) for one in given):
        # Two that are declared are never one, also where CloudFormation makes up the name of either.
        if is_meant if text == own else text not in names.values() and equal(text, own) is not Ternary.NO:
            return identity.may_be_of(holder.template)
    return False


def _name_of(app: Application, resource: Resource) -> str:
    return app.resolver.text({"Ref": resource.logical_id}, resource.template)


def choices(value: object) -> Iterator[object]:
    """Yield what a list may hold, whichever way the conditions of the template turn out."""
    for one in listed(value):
        if isinstance(one, dict) and isinstance(one.get("Fn::If"), list):
            for branch in one["Fn::If"][1:]:
                yield from choices(branch)
        elif one != NO_VALUE:
            yield one
