"""What comes through the VPC endpoints of an app: which images, by which roles, and what of it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, split
from ecr_access.rules.access.network.declared import VPC
from ecr_access.rules.access.network.endpoint_policies import answer, answer_on_layers
from ecr_access.rules.access.network.endpoints import GATEWAY, Service
from ecr_access.rules.access.network.pulls import pulls_in
from ecr_access.rules.access.network.ways import may_be_passed_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.network.endpoint_policies import Answer
    from ecr_access.rules.access.network.endpoints import Endpoint
    from ecr_access.rules.access.network.pulls import Pull

_PULL: Final = AccessLevel.PULL.required_actions
# What else runs images pulls them from where it is, and not from the VPC.
_IN_VPCS: Final = frozenset({"AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition"})


def roles_behind(endpoint: Endpoint, app: Application) -> list[Identity]:
    """Return the roles that certainly pull through an endpoint."""
    found = {one.role.arn: one.role for one in pulls_in(app) if one.role and _is_inside(one, endpoint, app)}
    return [*found.values()]


def refusal(
    endpoint: Endpoint, repository: str, actions: Iterable[str] = _PULL, role: Identity | None = None
) -> Answer | None:
    """Return the answer to the first of some actions that an endpoint certainly does not let through."""
    asked = (answer(endpoint, one, repository, role.principal if role else None) for one in actions)
    return next((one for one in asked if one.lets is Ternary.NO), None)


def excluded(endpoint: Endpoint, app: Application) -> dict[str, Answer]:
    """Return the repositories that are pulled from through an endpoint, and that it certainly excludes.

    Where tasks run is often not known: then all repositories of the app have to be excluded.
    """
    pulls = [*pulls_in(app)]
    inside = [one for one in pulls if _is_inside(one, endpoint, app)]
    asked = [(one.image.repository, refusal(endpoint, one.image.repository, role=one.role)) for one in inside]
    if found := {arn: one for arn, one in asked if one}:
        return found
    elsewhere = {one.image.repository for one in pulls if app.network.is_in(endpoint, one.vpc) is Ternary.NO}
    elsewhere |= {one.repository for one in app.images if one.resource.type not in _IN_VPCS}
    declared = {*(one.repository for one in app.images), *(one.arn for one in app.repositories)}
    known = sorted(arn for arn in declared - elsewhere if _is_of_region(arn, endpoint))
    found = {arn: one for arn in known if (one := refusal(endpoint, arn))}
    return found if app.network.is_whole and len(found) == len(known) and not _is_shared(endpoint, app) else {}


def _is_shared(endpoint: Endpoint, app: Application) -> bool:
    """Whether its VPC is for other apps too, as far as the app says."""
    vpc = app.network.declared.of(endpoint.vpc, VPC)
    return bool(vpc and app.network.declared.is_open(vpc))


def _is_inside(pull: Pull, endpoint: Endpoint, app: Application) -> bool:
    """Whether an image is pulled through an endpoint, which is for the registries of its Region alone."""
    return app.network.is_in(endpoint, pull.vpc) is Ternary.YES and _is_of_region(pull.image.repository, endpoint)


def _is_of_region(repository: str, endpoint: Endpoint) -> bool:
    return equal(split(repository, ":")[3], endpoint.region) is Ternary.YES


def has_docker(endpoint: Endpoint, app: Application) -> bool:
    """Whether an endpoint of ``ecr.dkr`` is in the same VPC, which is for pulls and pushes alone."""
    others = (one for one in app.network.endpoints if one.is_of(Service.DOCKER) is Ternary.YES)
    return any(one.vpc == endpoint.vpc for one in others)


def serves_pulls(endpoint: Endpoint, app: Application) -> bool:
    """Whether the layers of images that are pulled certainly come through an endpoint of S3."""
    network = app.network
    beside = [one for one in network.endpoints if one is not endpoint and one.is_of(Service.S3) is not Ternary.NO]
    beside = [one for one in beside if network.declared.may_be_same(one.vpc, endpoint.vpc)]
    is_gateway = endpoint.kind == GATEWAY
    if any(answer_on_layers(one).lets is not Ternary.NO for one in beside):
        return False
    if not is_gateway and (beside or endpoint.has_private_dns is not Ternary.YES):
        return False
    subnets = [one.subnet for one in pulls_in(app) if _is_inside(one, endpoint, app)]
    if not subnets:
        return has_docker(endpoint, app) and not (is_gateway and may_be_passed_by(endpoint, network))
    if not is_gateway:
        return True
    tables = [table for one in subnets for table in network.tables_of(one) or ()]
    return any(network.declared.names(endpoint.resource, ("RouteTableIds",), one) is Ternary.YES for one in tables)
