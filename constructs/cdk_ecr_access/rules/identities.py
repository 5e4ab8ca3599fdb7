"""The roles, users and groups of an app, with every policy that the app attaches to them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.identity import Identity
from cdk_ecr_access.rules.managed import granted_by, grants_more
from cdk_ecr_access.rules.statements import is_whole, statements_of
from cdk_ecr_access.rules.template import NO_VALUE, listed, mapping
from cdk_ecr_access.rules.unknowns import equal, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdk_ecr_access.rules.intrinsics import Resolver
    from cdk_ecr_access.rules.statements import Statement
    from cdk_ecr_access.rules.template import Resource, Template

__all__ = ["Identities", "Identity"]

_KINDS: Final = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}
_ATTACHED: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_SINGLE: Final = {
    "AWS::IAM::RolePolicy": "RoleName",
    "AWS::IAM::UserPolicy": "UserName",
    "AWS::IAM::GroupPolicy": "GroupName",
}


class Identities:
    """All of an app."""

    def __init__(self, templates: Sequence[Template], resolver: Resolver) -> None:
        """Gather them."""
        self._resolver = resolver
        self._all: list[Identity] = []
        self._by_name: dict[tuple[str, str], list[Identity]] = defaultdict(list)
        self._by_arn: dict[str, list[Identity]] = defaultdict(list)
        self.separate: list[tuple[Resource, Statement]] = []
        """The statements of all policies that are resources of their own, whomever they are attached to."""
        self._policies: dict[str, list[tuple[Resource, Statement]]] = defaultdict(list)
        self._chosen: set[str] = set()  # the managed policies that have statements which deployment chooses
        for template in templates:
            for resource in template.of_type(*_KINDS):
                self._declare(resource)
        for template in templates:
            self._attach(template)
        whole = all(template.is_whole for template in templates)
        given = [*self._given_to_unread()]
        for identity in self._all:
            self._add_managed(identity)
            self._bound(identity)
            identity.is_whole &= whole and not any(self._may_mean(one, identity) for one in given)
        for identity in self._all:
            self._join_groups(identity)

    def __iter__(self) -> Iterator[Identity]:
        """Yield each."""
        return iter(self._all)

    def of_arn(self, arn: str) -> Identity | None:
        """Return the one of an ARN, if the app declares it, once: stages may be of one account, or of two."""
        found = self._by_arn.get(arn, [])
        return found[0] if len(found) == 1 else None

    def of_role(self, role: str) -> Identity | None:
        """Return a role by its ARN or, which ECS and CodeBuild take too, by its name."""
        found = self._by_name.get(("Roles", role), [])
        return found[0] if len(found) == 1 else self.of_arn(role)

    def _given_to_unread(self) -> Iterator[str]:
        """Yield what nested stacks are told whose templates are not at hand: such a one may attach policies."""
        for stack in self._resolver.nesting.unread:
            for value in mapping(stack.properties.get("Parameters")).values():
                yield from self._resolver.texts(value, stack.template)

    def _may_mean(self, text: str, identity: Identity) -> bool:
        name = self._resolver.text({"Ref": identity.resource.logical_id}, identity.resource.template)
        return any(equal(text, one) is not False for one in (name, identity.arn))

    def _declare(self, resource: Resource) -> None:
        template, text = resource.template, self._resolver.text
        arn = text({"Fn::GetAtt": [resource.logical_id, "Arn"]}, template)
        identity = Identity(resource, arn)
        self._all.append(identity)
        self._by_arn[arn].append(identity)
        self._by_name[_KINDS[resource.type], text({"Ref": resource.logical_id}, template)].append(identity)
        for index, one in enumerate(listed(resource.properties.get("Policies"))):
            path = f"Properties.Policies[{index}].PolicyDocument"
            document = mapping(one).get("PolicyDocument")
            identity.is_whole &= one == NO_VALUE or is_whole(document)
            identity.granted += [(resource, it) for it in statements_of(document, self._resolver, template, path)]

    def _attach(self, template: Template) -> None:
        for resource in template.of_type(*_ATTACHED, *_SINGLE):
            properties, path = resource.properties, "Properties.PolicyDocument"
            found = [
                (resource, one)
                for one in statements_of(properties.get("PolicyDocument"), self._resolver, template, path)
            ]
            self.separate += found
            whole = is_whole(properties.get("PolicyDocument"))
            if resource.type == "AWS::IAM::ManagedPolicy":
                arn = self._resolver.text({"Ref": resource.logical_id}, template)
                self._policies[arn] += found
                if not whole:
                    self._chosen.add(arn)
            for identity in self._named(resource):
                identity.granted += found
                identity.is_whole &= whole
        for addition in template.of_type("AWS::IAM::UserToGroupAddition"):
            for identity in self._named(addition):
                identity.is_whole = False

    def _named(self, resource: Resource) -> Iterable[Identity]:
        """Yield those to whom a policy says that it is attached."""
        single = _SINGLE.get(resource.type)
        for kind in _KINDS.values():
            names = resource.properties.get(single if single and kind == f"{single.removesuffix('Name')}s" else kind)
            for name in self._resolver.texts(names, resource.template):
                same = [one for one in self._by_name.get((kind, name), []) if one.may_be_of(resource.template)]
                # Two stages may each have a role of that name, and each a policy for its own.
                yield from [one for one in same if one.resource.template == resource.template] or same
                if not same and not is_known(name):
                    self._may_be_attached(kind, name)

    def _may_be_attached(self, kind: str, name: str) -> None:
        """Leave open what those lack to whom a policy may be attached by a name that only deployment knows."""
        for (other, own), identities in self._by_name.items():
            if other == kind and equal(name, own) is None:
                for identity in identities:
                    identity.is_whole = False

    def _add_managed(self, identity: Identity) -> None:
        """Add the managed policies that it names itself; one that is not known leaves all open."""
        properties, template = identity.resource.properties, identity.resource.template
        for arn in self._resolver.texts(properties.get("ManagedPolicyArns"), template):
            if arn in self._policies:
                identity.granted += self._policies[arn]
                identity.is_whole &= arn not in self._chosen
            elif (actions := granted_by(arn)) is not None:
                identity.by_aws |= set(actions)
                identity.is_whole &= not grants_more(arn)
            else:
                identity.is_whole = False

    def _bound(self, identity: Identity) -> None:
        """Add its permissions boundary; one of another app is as little known as the policies of an organization."""
        properties, template = identity.resource.properties, identity.resource.template
        arn = self._resolver.text(properties.get("PermissionsBoundary", ""), template)
        if arn in self._policies:
            whole = template.is_whole and arn not in self._chosen
            identity.boundary = Identity(identity.resource, arn, self._policies[arn], is_whole=whole)
        elif (actions := granted_by(arn)) is not None:
            identity.boundary = Identity(identity.resource, arn, by_aws={*actions}, is_whole=not grants_more(arn))

    def _join_groups(self, user: Identity) -> None:
        """Add what the groups grant that a user names; one that is not declared here leaves all open."""
        resource = user.resource
        for name in self._resolver.texts(resource.properties.get("Groups"), resource.template):
            found = [one for one in self._by_name.get(("Groups", name), []) if one.may_be_of(resource.template)]
            user.is_whole &= len(found) == 1 and found[0].is_whole
            for group in found:
                user.granted += group.granted
                user.by_aws |= group.by_aws
