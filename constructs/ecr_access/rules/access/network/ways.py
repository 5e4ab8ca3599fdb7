"""What lacks so that a task of Fargate could pull an image from a subnet.

A task has a way to ECR by a route out of its VPC, or by endpoints of ``ecr.api``, ``ecr.dkr`` and S3 in it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary, any_of
from ecr_access.rules.access.network.declared import INTERNET
from ecr_access.rules.access.network.endpoints import GATEWAY, Service, is_true

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.network.endpoints import Endpoint
    from ecr_access.rules.access.network.network import Network
    from ecr_access.rules.access.network.tasks import Task

_ROUTE: Final = "AWS::EC2::Route"
_LOCAL: Final = "local"
_TABLES: Final = ("RouteTableIds",)
_DNS: Final = {"EnableDnsSupport": True, "EnableDnsHostnames": False}
"""What private names of endpoints need of a VPC, and which CloudFormation leaves on."""


class Lack(NamedTuple):
    """Why there is no way from a subnet.

    Attributes:
        vpc: of the subnet.
        route: what is wrong with its routes.
        gateway: whether a route leads to an internet gateway, for which a public address is missing.
        missing: what its VPC lacks of endpoints.
    """

    vpc: Resource
    route: str
    gateway: bool
    missing: tuple[str, ...]


def lack_of(subnet: Resource, task: Task, network: Network) -> Lack | None:
    """Say why a task has certainly no way to a private registry of ECR from a subnet; None if it may have one."""
    vpc, tables = network.vpc_of(subnet), network.tables_of(subnet)
    if vpc is None or tables is None or not network.is_whole:
        return None
    # What is told to others may get from them what is missing here.
    if any(map(network.declared.is_open, (vpc, *(tables or [subnet])))) or network.has_own_names(vpc):
        return None
    routes = [one for table in tables for one in network.routes_of(table)]
    if any(_may_lead_out(one, task, network) for one in routes):
        return None
    gateway = next((text for one in routes if (text := _gateway(one, network))), "")
    route = "there is no route out of the VPC"
    if gateway:
        route = f"the route to the internet gateway {gateway} needs a public address, which the task does not get"
    missing = tuple(filter(None, (_missing(one, vpc, tables, network) for one in _needed(task))))
    return Lack(vpc, route, bool(gateway), missing) if missing else None


def may_be_passed_by(endpoint: Endpoint, network: Network) -> bool:
    """Whether a subnet in its VPC may get layers past a gateway endpoint of S3: by a NAT gateway, for example.

    A subnet that has a route to an internet gateway alone is taken to be for what the internet calls.
    """
    tables = network.tables_beside(endpoint)
    others = [one for one in tables if network.declared.names(endpoint.resource, _TABLES, one) is not Ternary.YES]
    routes = [route for one in others for route in network.routes_of(one)]
    return any(not (_is_local(one) or _gateway(one, network)) for one in routes)


def _needed(task: Task) -> tuple[Service, ...]:
    return tuple(one for one in Service if task.needs_api or one is not Service.API)


def _may_lead_out(route: Resource, task: Task, network: Network) -> bool:
    """Whether something may be reached by a route that is not in the VPC."""
    if route.type != _ROUTE:
        return True
    if _is_local(route):
        return False
    # Without a public address, an internet gateway passes nothing of IPv4.
    is_of_ipv4 = "DestinationCidrBlock" in route.properties
    return not (is_of_ipv4 and _gateway(route, network) and task.has_public_ip is Ternary.NO)


def _is_local(route: Resource) -> bool:
    return bool(route.properties.get("GatewayId") == _LOCAL)


def _gateway(route: Resource, network: Network) -> str:
    """Return the name of the internet gateway that a route leads to; empty if that is not certain."""
    found = network.declared.named_by(route, "GatewayId")
    gateways = (network.declared.of(one, INTERNET) for one in found)
    named = [one.logical_id for one in gateways if one] or [one for one in found if one.startswith("igw-")]
    return named[0] if named else ""


def _missing(service: Service, vpc: Resource, tables: list[Resource], network: Network) -> str:
    """Say what is missing of the way to a service; empty if it may be there."""
    found = [one for one in network.endpoints_in(vpc) if one.is_of(service) is not Ternary.NO]
    if not found:
        return f"an endpoint of {service.value}"
    problems = [_problem(one, service, vpc, tables, network) for one in found]
    return problems[0] if all(problems) else ""


def _problem(endpoint: Endpoint, service: Service, vpc: Resource, tables: list[Resource], network: Network) -> str:
    """Say why an endpoint is certainly of no use for a subnet of some route tables; empty if it may be."""
    name = endpoint.resource.logical_id
    if endpoint.is_of(service) is not Ternary.YES:
        return ""
    if service is Service.S3 and endpoint.kind in ("", GATEWAY):
        found = (network.declared.names(endpoint.resource, _TABLES, one) for one in tables)
        is_on = any_of(found) is not Ternary.NO
        return "" if is_on or not endpoint.kind else f"the route table of the subnet in RouteTableIds of {name}"
    if endpoint.has_private_dns is Ternary.NO:
        return f"PrivateDnsEnabled of {name}"
    off = [key for key, on in _DNS.items() if is_true(vpc.properties.get(key), default=on) is Ternary.NO]
    is_certain = off and endpoint.has_private_dns is Ternary.YES and network.is_in(endpoint, vpc) is Ternary.YES
    return f"{shown(off[0])} of {vpc.logical_id}, without which {name} has no private names" if is_certain else ""
