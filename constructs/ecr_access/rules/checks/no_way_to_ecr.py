"""A task on Fargate needs a way from its subnet to ECR.

A service, or a rule, schedule, pipe or state machine, runs a task with an image of ECR in a subnet that the app
declares. The subnet has no route out of its VPC, or only one to an internet gateway while the task gets no public
address. The VPC lacks an endpoint of ``ecr.api`` or ``ecr.dkr``, its private DNS, or the endpoint of S3 for the subnet.
The task stops with ``ResourceInitializationError: unable to pull secrets or registry auth`` or with
``CannotPullContainerError``.

Fix: subnets with a NAT gateway, ``ec2.SubnetType.PRIVATE_WITH_EGRESS``; or ``assign_public_ip=True`` in public
subnets; or the three endpoints in the VPC.

Not reported: a VPC, a subnet or a route table that the app does not declare, or that it exports or gives to a custom
resource; a subnet with a route to anything but an internet gateway; a VPC where a hosted zone, resolver rule or set of
DHCP options may answer for the names of ECR; a task that may run on an instance, which pulls from its own subnet; a
Lambda function, whose image Lambda pulls from outside of the VPC; security groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.network.endpoints import Service
from ecr_access.rules.access.network.pulls import images_of, public_image_of
from ecr_access.rules.access.network.ways import lack_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.network.tasks import Task
    from ecr_access.rules.access.network.ways import Lack

_OF_ECR: Final = (Service.API, Service.DOCKER)
_NAT: Final = "add a route to a NAT gateway, in the CDK ec2.SubnetType.PRIVATE_WITH_EGRESS"
_ADDRESS: Final = "set AssignPublicIp to ENABLED, in the CDK assign_public_ip=True"
_ENDPOINTS: Final = (
    "or give the VPC what it lacks, in the CDK vpc.add_interface_endpoint with "
    "ec2.InterfaceVpcEndpointAwsService.ECR and ECR_DOCKER, and vpc.add_gateway_endpoint with "
    "ec2.GatewayVpcEndpointAwsService.S3"
)


def _check(app: Application) -> Iterator[RuleFinding]:
    for task in app.network.tasks:
        private = next((one.uri for one in images_of(task, app)), "")
        uri = private or public_image_of(task, app)
        if found := _lacks(task, app, by_endpoints=bool(private)) if uri else {}:
            yield _finding(task, uri, found, by_endpoints=bool(private))


def _lacks(task: Task, app: Application, *, by_endpoints: bool) -> dict[Lack, list[Resource]]:
    """Return why there is no way, each with the subnets that it is so of."""
    found: dict[Lack, list[Resource]] = {}
    for subnet in app.network.subnets_of(task):
        lack = lack_of(subnet, task, app.network)
        if lack and (by_endpoints or not _has_endpoint(lack, app)):
            found.setdefault(lack, []).append(subnet)
    return found


def _has_endpoint(lack: Lack, app: Application) -> bool:
    """Whether an endpoint may be of ECR: AWS has some of the API of its public registry too."""
    inside = app.network.endpoints_in(lack.vpc)
    return any(one.is_of(service) is not Ternary.NO for one in inside for service in _OF_ECR)


def _finding(task: Task, uri: str, found: dict[Lack, list[Resource]], *, by_endpoints: bool) -> RuleFinding:
    reasons = [_reason(lack, subnets, by_endpoints=by_endpoints) for lack, subnets in found.items()]
    is_public = all(one.gateway for one in found)
    path = task.path if task.path.endswith("String") else f"{task.path}.Subnets"
    return RuleFinding(
        task.resource,
        f"{task.path}.AssignPublicIp" if is_public and task.says_public_ip else path,
        f"{subject(task.resource)} runs '{uri}' on Fargate where nothing leads to ECR: {'; '.join(reasons)}",
        ", ".join([_ADDRESS if is_public else _NAT, *([_ENDPOINTS] if by_endpoints else [])]),
        ("no way", *found),
    )


def _reason(lack: Lack, subnets: list[Resource], *, by_endpoints: bool) -> str:
    names = _joined([one.logical_id for one in subnets])
    missing = f", and the VPC {lack.vpc.logical_id} lacks {_joined(lack.missing)}" if by_endpoints else ""
    return f"from {names} {lack.route}{missing}"


def _joined(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


RULE: Final = Rule(
    "no-way-to-ecr",
    Severity.ERROR,
    "a task on Fargate has a way from its subnet to ECR",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    _check,
)
