"""The roles, users and groups of an app, with every policy that the app attaches to them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import may_be_named, partition_of, without_partition
from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known, split
from ecr_access.rules.access import serverless
from ecr_access.rules.access.exported import handed_out
from ecr_access.rules.access.identity import Identity
from ecr_access.rules.access.managed import is_of_aws, statements_of_aws
from ecr_access.rules.access.resource_policies import document_of
from ecr_access.rules.access.statements import is_whole, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template
    from ecr_access.rules.access.statements import Statement

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
        self._resolver = resolver
        self._all: list[Identity] = []
        self._by_name: dict[tuple[str, str], list[Identity]] = defaultdict(list)
        self._by_arn: dict[str, list[Identity]] = defaultdict(list)
        self.separate: list[tuple[Resource, Statement]] = []
        """The statements of all policies that are resources of their own, whatever they are attached to."""
        self._policies: dict[str, list[tuple[Resource, Statement]]] = defaultdict(list)
        self._open_policies: set[str] = set()
        """The managed policies of which not all statements are known."""
        self._members: list[tuple[Identity, str]] = []
        for template in templates:
            for resource in template.of_type(*_KINDS):
                self._declare(resource)
            for identity in serverless.roles_in(template, resolver):
                self._know(identity, "Roles", f"{identity.resource.logical_id}Role")
        for template in templates:
            self._attach(template)
        whole = all(template.is_whole for template in templates)
        given = [*self._given_to_unread()]
        exported = handed_out({one.name for one in self._all}, templates, resolver)
        for identity in self._all:
            self._add_managed(identity)
            self._bound(identity)
            open_to_others = identity.name in exported or any(self._may_mean(one, identity) for one in given)
            identity.is_whole &= whole and not open_to_others
        for identity in self._all:
            self._join_groups(identity)

    def __iter__(self) -> Iterator[Identity]:
        """Yield each."""
        return iter(self._all)

    def of_arn(self, arn: str) -> Identity | None:
        """Return the one of an ARN, if the app declares it, once: stages may be of one account, or of two.

        A template that does not say its Region has an unknown partition, which people write as ``aws`` all the same.
        """
        found = [one for one in self._by_arn.get(without_partition(arn), []) if equal(one.arn, arn) is not Ternary.NO]
        return found[0] if len(found) == 1 else None

    def of_role(self, role: str) -> Identity | None:
        """Return a role by its ARN or, which ECS and CodeBuild take too, by its name."""
        found = self._by_name.get(("Roles", role), [])
        return found[0] if len(found) == 1 else self.of_arn(role)

    def _given_to_unread(self) -> Iterator[str]:
        """Yield what nested stacks are told whose templates are not at hand: such a one may attach policies."""
        for stack in self._resolver.nesting.unread:
            parameters = stack.properties.get("Parameters")
            for value in [parameters] if is_function(parameters) else mapping(parameters).values():
                for text in self._resolver.texts(value, stack.template):
                    yield from split(text, ",")  # a list of names arrives as one text

    def _may_mean(self, text: str, identity: Identity) -> bool:
        name = text.strip()
        if is_known(name) and not may_be_named(identity.resource, name.rpartition("/")[2]):
            return False
        return any(equal(name, one) is not Ternary.NO for one in (identity.name, identity.arn))

    def _know(self, identity: Identity, kind: str, logical_id: str) -> None:
        """Remember it by what ``Ref`` and ``Fn::GetAtt`` return."""
        template, text = identity.resource.template, self._resolver.text
        self._all.append(identity)
        for arn in dict.fromkeys((identity.arn, text({"Fn::GetAtt": [logical_id, "Arn"]}, template))):
            self._by_arn[without_partition(arn)].append(identity)
        identity.name = text({"Ref": logical_id}, template)
        self._by_name[kind, identity.name].append(identity)

    def _declare(self, resource: Resource) -> None:
        template = resource.template
        arn = self._resolver.text({"Fn::GetAtt": [resource.logical_id, "Arn"]}, template)
        identity = Identity(resource, arn)
        self._know(identity, _KINDS[resource.type], resource.logical_id)
        for index, one in enumerate(listed(resource.properties.get("Policies"))):
            path = f"Properties.Policies[{index}].PolicyDocument"
            document = document_of(mapping(one).get("PolicyDocument"), self._resolver, template)
            identity.is_whole &= one == NO_VALUE or is_whole(document)
            identity.granted += [(resource, it) for it in statements_of(document, self._resolver, template, path)]

    def _attach(self, template: Template) -> None:
        for resource in template.of_type(*_ATTACHED, *_SINGLE):
            properties, path = resource.properties, "Properties.PolicyDocument"
            document = document_of(properties.get("PolicyDocument"), self._resolver, template)
            found = [(resource, one) for one in statements_of(document, self._resolver, template, path)]
            self.separate += found
            whole = is_whole(document)
            if resource.type == "AWS::IAM::ManagedPolicy":
                arn = without_partition(self._resolver.text({"Ref": resource.logical_id}, template))
                self._policies[arn] += found
                self._open_policies |= set() if whole else {arn}
            for identity in self._named(resource):
                identity.granted += found
                identity.is_whole &= whole
        for addition in template.of_type("AWS::IAM::UserToGroupAddition"):
            group = self._resolver.text(addition.properties.get("GroupName"), template)
            self._members += [(identity, group) for identity in self._named(addition)]

    def _named(self, resource: Resource) -> Iterable[Identity]:
        """Yield the identities that a policy says it is attached to."""
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
        """Leave open what an identity lacks if a name known at deploy time may attach a policy to it."""
        for (other, own), identities in self._by_name.items():
            if other == kind and equal(name, own) is Ternary.MAYBE:
                for identity in identities:
                    identity.is_whole = False

    def _add_managed(self, identity: Identity) -> None:
        """Add the managed policies that it names itself; one that is not known leaves all open."""
        properties, template = identity.resource.properties, identity.resource.template
        arns = self._resolver.texts(properties.get("ManagedPolicyArns"), template)
        for arn in (*arns, *serverless.managed_in(identity.resource, self._resolver)):
            if (own := without_partition(arn)) in self._policies:
                identity.granted += self._policies[own]
                identity.is_whole &= own not in self._open_policies
            elif is_of_aws(arn):
                identity.by_aws += statements_of_aws(arn, partition_of(template.region))
            else:
                identity.is_whole = False

    def _bound(self, identity: Identity) -> None:
        """Add its permissions boundary; one of another app is as little known as the policies of an organization."""
        properties, template = identity.resource.properties, identity.resource.template
        arn = self._resolver.text(properties.get("PermissionsBoundary", ""), template)
        if (own := without_partition(arn)) in self._policies:
            whole = template.is_whole and own not in self._open_policies
            identity.boundary = Identity(identity.resource, own, self._policies[own], is_whole=whole)
        elif is_of_aws(arn):
            by_aws = [*statements_of_aws(arn, partition_of(template.region))]
            identity.boundary = Identity(identity.resource, arn, by_aws=by_aws)

    def _join_groups(self, user: Identity) -> None:
        """Add what the groups grant that a user names; one that is not declared here leaves all open."""
        resource = user.resource
        names = self._resolver.texts(resource.properties.get("Groups"), resource.template)
        for name in (*names, *(group for member, group in self._members if member is user)):
            found = [one for one in self._by_name.get(("Groups", name), []) if one.may_be_of(resource.template)]
            user.is_whole &= len(found) == 1 and found[0].is_whole
            for group in found:
                user.granted += group.granted
                user.by_aws += group.by_aws
