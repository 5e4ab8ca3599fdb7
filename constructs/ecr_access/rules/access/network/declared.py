"""The parts of networks that an app declares, by what other resources name them with."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.documents.templates.template import is_function
from ecr_access.iam.ternary import Ternary, any_of
from ecr_access.iam.unknown_text import MARK, equal, is_known
from ecr_access.rules.access.exported import handed_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
TABLE: Final = "AWS::EC2::RouteTable"
INTERNET: Final = "AWS::EC2::InternetGateway"
TASK: Final = "AWS::ECS::TaskDefinition"
# What Fn::GetAtt returns the same as Ref by.
_IDS: Final = {
    VPC: "VpcId",
    SUBNET: "SubnetId",
    TABLE: "RouteTableId",
    INTERNET: "InternetGatewayId",
    TASK: "TaskDefinitionArn",
}
_MARK: Final = re.compile(MARK)
_PARAMETER: Final = "AWS::SSM::Parameter"
# Code of the user, which may add to what it is given.
_CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")


class Naming(NamedTuple):
    """Which resources name which part of a network.

    Attributes:
        certain: those that certainly do, by the part.
        open: those that may name any part.
    """

    certain: dict[Resource, list[Resource]]
    open: list[Resource]

    def of(self, part: Resource) -> list[Resource]:
        """Return those that may name a part."""
        return [*self.certain.get(part, ()), *self.open]


class Declared:
    """All of an app."""

    def __init__(self, templates: Sequence[Template], resolver: Resolver) -> None:
        self._templates = templates
        self._resolver = resolver
        self._by_id: dict[str, Resource] = {}
        for template in templates:
            for resource in template.of_type(*_IDS):
                name = resource.logical_id
                for value in ({"Ref": name}, {"Fn::GetAtt": [name, _IDS[resource.type]]}):
                    self._by_id[resolver.text(value, template)] = resource

    def of(self, text: str, kind: str) -> Resource | None:
        """Return the one of a type that a text is the id of, if the app declares it."""
        found = self._by_id.get(text)
        return found if found and found.type == kind else None

    def is_id(self, text: str, resource: Resource) -> Ternary:
        """Whether a text is the id of a resource, which only the deployment makes: no text that is known is one."""
        if found := self._by_id.get(text):
            return Ternary.YES if found == resource else Ternary.NO
        return Ternary.NO if is_known(text) else Ternary.MAYBE

    def may_be_same(self, one: str, other: str) -> bool:
        """Whether two ids may be of one resource."""
        found = self._by_id.get(one)
        return (self.is_id(other, found) if found else equal(one, other)) is not Ternary.NO

    def named_by(self, resource: Resource, *keys: str) -> list[str]:
        """Return the ids in properties of a resource, each of one or of several."""
        values = (resource.properties[key] for key in keys if key in resource.properties)
        return [text for value in values for text in self._resolver.texts(value, resource.template)]

    def names(self, resource: Resource, keys: tuple[str, ...], other: Resource) -> Ternary:
        """Whether one of some properties of a resource is, or has, the id of another."""
        return any_of(self.is_id(text, other) for text in self.named_by(resource, *keys))

    def naming(self, resources: Iterable[Resource], *keys: str) -> Naming:
        """Return which of some resources have the id of which part in some of their properties."""
        found = Naming(defaultdict(list), [])
        for one in resources:
            for text in self.named_by(one, *keys):
                if part := self._by_id.get(text):
                    found.certain[part].append(one)
                elif not is_known(text):
                    found.open.append(one)
        return found

    def is_open(self, resource: Resource) -> bool:
        """Whether what is none of the templates at hand is told its id, and may add to it."""
        return resource in self._given_away

    @cached_property
    def _given_away(self) -> frozenset[Resource]:
        told = [*handed_out(self._by_id, self._templates, self._resolver), *self._told()]
        ids = (one for text in told for one in _MARK.findall(text))
        return frozenset(self._by_id[one] for one in ids if one in self._by_id)

    def _told(self) -> Iterator[str]:
        """Yield what parameters of Systems Manager hold, and what custom resources are given."""
        for template in self._templates:
            for resource in template.resources.values():
                if resource.type == _PARAMETER or resource.type.startswith(_CUSTOM):
                    yield from self._texts(resource.properties, template)

    def _texts(self, value: Any, template: Template) -> Iterator[str]:
        if is_function(value):
            yield from self._resolver.texts(value, template)
        elif isinstance(value, (dict, list)):
            for one in value.values() if isinstance(value, dict) else value:
                yield from self._texts(one, template)
