"""The roles, users and groups of an app, with every policy that the app attaches to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.managed import granted_by
from cdk_ecr_access.rules.statements import Statement, is_whole, statements_of
from cdk_ecr_access.rules.template import NO_VALUE, Resource, listed, mapping
from cdk_ecr_access.rules.unknowns import equal, is_known, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdk_ecr_access.rules.intrinsics import Resolver
    from cdk_ecr_access.rules.template import Template

_KINDS: Final = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}
_ATTACHED: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_SINGLE: Final = {
    "AWS::IAM::RolePolicy": "RoleName",
    "AWS::IAM::UserPolicy": "UserName",
    "AWS::IAM::GroupPolicy": "GroupName",
}


@dataclass
class Identity:
    """One role, user or group.

    Attributes:
        resource: where it is declared.
        arn: as a text.
        granted: its statements, each with the resource that holds it.
        by_aws: the actions on ``*`` that managed policies of AWS grant.
        is_whole: whether all its policies are known; if not, nothing is said of what it lacks.
    """

    resource: Resource
    arn: str
    granted: list[tuple[Resource, Statement]] = field(default_factory=list)
    by_aws: set[str] = field(default_factory=set)
    is_whole: bool = True

    @property
    def label(self) -> str:
        """What to call it: ``role ci``, its path left out."""
        kind, _, name = shown(self.arn).rpartition(":")[2].partition("/")
        return f"{kind} {name.rpartition('/')[2]}"

    def may(self, action: str, resource: str) -> bool | None:
        """Whether its policies allow an action on a resource; None if that depends."""
        if any(one.lower() == action.lower() for one in self.by_aws):
            return True
        found = [statement.grants(action, resource) for _, statement in self.granted]
        if True in found:
            return True
        return None if None in found or not self.is_whole else False


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
        for template in templates:
            for resource in template.of_type(*_KINDS):
                self._declare(resource)
        for template in templates:
            self._attach(template)
        whole = all(template.is_whole for template in templates)
        for identity in self._all:
            self._add_managed(identity)
            identity.is_whole &= whole

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
            if resource.type == "AWS::IAM::ManagedPolicy":
                self._policies[self._resolver.text({"Ref": resource.logical_id}, template)] += found
            whole = is_whole(properties.get("PolicyDocument"))
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
                same = self._by_name.get((kind, name), [])
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
            elif (actions := granted_by(arn)) is not None:
                identity.by_aws |= set(actions)
            else:
                identity.is_whole = False
        if properties.get("Groups"):
            identity.is_whole = False
