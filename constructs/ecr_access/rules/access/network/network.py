"""The VPCs of an app, and what is known of their routes, names and endpoints."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.network.declared import SUBNET, TABLE, TASK, VPC, Declared, Naming
from ecr_access.rules.access.network.endpoints import Endpoint, endpoints_in
from ecr_access.rules.access.network.tasks import Task, tasks_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

_ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
# What names a route table, and adds no route to it that leads out of the VPC.
_HARMLESS: Final = frozenset({_ASSOCIATION, TABLE, "AWS::EC2::VPCEndpoint", "AWS::EC2::GatewayRouteTableAssociation"})
_TABLES: Final = ("RouteTableId", "RouteTableIds")
# What may give the names of ECR other addresses than those of its public endpoints.
_NAMING: Final = {
    "AWS::EC2::VPCDHCPOptionsAssociation": "VpcId",
    "AWS::Route53Profiles::ProfileAssociation": "ResourceId",
    "AWS::Route53Resolver::ResolverRuleAssociation": "VPCId",
    "AWS::VpcLattice::ServiceNetworkVpcAssociation": "VpcIdentifier",
}
_ZONE: Final = "AWS::Route53::HostedZone"
# The names of ECR's endpoints, in whichever partition, and what they end with.
_OF_AWS: Final = re.compile(r"(?:.*\.)?(?:amazonaws(?:\..+)?|aws|ic\.gov|sgov\.gov|adc-e\.uk)|com|cn|com\.cn|eu|gov|uk")


class Network:
    """All of an app."""

    def __init__(self, templates: Sequence[Template], resolver: Resolver) -> None:
        self._templates = templates
        self._resolver = resolver
        self.is_whole = not resolver.nesting.unread and all(one.is_whole for one in templates)
        """Whether no template that is not at hand may add to what the app declares."""

    @cached_property
    def declared(self) -> Declared:
        """The parts that have an id."""
        return Declared(self._templates, self._resolver)

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The VPC endpoints."""
        return tuple(one for template in self._templates for one in endpoints_in(template, self._resolver))

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Where tasks are run on Fargate."""
        return tuple(one for template in self._templates for one in tasks_in(template, self._resolver))

    def definition_of(self, task: Task) -> Resource | None:
        """Return the definition of a task, by its id or its family, if the app declares one such."""
        found = self.declared.of(task.definition, TASK)
        by_family = self._families.get(task.definition, [])
        return found or (by_family[0] if len(by_family) == 1 else None)

    def subnets_of(self, task: Task) -> list[Resource]:
        """Return the subnets of a task that the app declares."""
        found = (self.declared.of(one, SUBNET) for one in task.subnets)
        return [one for one in found if one]

    def vpc_of(self, subnet: Resource) -> Resource | None:
        """Return the VPC of a subnet, if the app declares it."""
        return self.declared.of(self._text(subnet, "VpcId"), VPC)

    def is_in(self, endpoint: Endpoint, vpc: Resource) -> Ternary:
        """Whether an endpoint is in a VPC."""
        return self.declared.is_id(endpoint.vpc, vpc)

    def endpoints_in(self, vpc: Resource) -> list[Endpoint]:
        """Return the endpoints that may be in a VPC."""
        return [self._endpoints[one] for one in self._inside.of(vpc)]

    def tables_of(self, subnet: Resource) -> list[Resource] | None:
        """Return the route tables that a subnet may have; None if one may be that is not declared.

        Without one, it has the main table of its VPC, to which no resource of CloudFormation adds a route.
        """
        names = (self._text(one, "RouteTableId") for one in self._associations.of(subnet))
        found = [self.declared.of(one, TABLE) for one in names]
        return None if None in found else [one for one in found if one]

    def tables_beside(self, endpoint: Endpoint) -> list[Resource]:
        """Return the route tables that may be in the VPC of an endpoint."""
        found = ((one, self._text(one, "VpcId")) for one in self._of_type(TABLE))
        return [one for one, vpc in found if self.declared.may_be_same(endpoint.vpc, vpc)]

    def routes_of(self, table: Resource) -> list[Resource]:
        """Return the routes, and what else may make routes, that a route table may have."""
        return self._routes.of(table)

    def has_own_names(self, vpc: Resource) -> bool:
        """Whether the names of ECR may lead elsewhere from a VPC than AWS's own name servers say."""
        return any(one.of(vpc) for one in self._naming) or any(self._may_be_of(one, vpc) for one in self._zones)

    @cached_property
    def _endpoints(self) -> dict[Resource, Endpoint]:
        return {one.resource: one for one in self.endpoints}

    @cached_property
    def _inside(self) -> Naming:
        return self.declared.naming(self._endpoints, "VpcId")

    @cached_property
    def _associations(self) -> Naming:
        return self.declared.naming(self._of_type(_ASSOCIATION), "SubnetId")

    @cached_property
    def _routes(self) -> Naming:
        resources = (one for template in self._templates for one in template.resources.values())
        return self.declared.naming((one for one in resources if one.type not in _HARMLESS), *_TABLES)

    @cached_property
    def _naming(self) -> list[Naming]:
        return [self.declared.naming(self._of_type(kind), key) for kind, key in _NAMING.items()]

    @cached_property
    def _zones(self) -> list[Resource]:
        """The hosted zones that may answer for ECR."""
        named = ((one, self._text(one, "Name").rstrip(".")) for one in self._of_type(_ZONE))
        return [one for one, name in named if not is_known(name) or _OF_AWS.fullmatch(name)]

    def _may_be_of(self, zone: Resource, vpc: Resource) -> bool:
        given = listed(zone.properties.get("VPCs"))
        ids = (self._resolver.text(mapping(one).get("VPCId"), zone.template) for one in given)
        return any(self.declared.is_id(one, vpc) is not Ternary.NO for one in ids)

    @cached_property
    def _families(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for one in self._of_type(TASK):
            if "Family" in one.properties:
                found[self._text(one, "Family")].append(one)
        return found

    def _text(self, resource: Resource, key: str) -> str:
        return self._resolver.text(resource.properties.get(key), resource.template)

    def _of_type(self, *types: str) -> Iterator[Resource]:
        return (one for kind in types for one in self._by_type[kind])

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for template in self._templates:
            for one in template.resources.values():
                found[one.type].append(one)
        return found
