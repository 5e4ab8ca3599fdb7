"""The VPC endpoints of an app.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import MARK, is_known
from ecr_access.rules.access.resource_policies import document_of
from ecr_access.rules.access.statements import Statement, is_whole, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
POLICY: Final = "PolicyDocument"
GATEWAY: Final = "Gateway"
# The prefix is another in some partitions, such as cn.com.amazonaws.
_NAME: Final = re.compile(
    rf"[a-z][a-z0-9.-]*\.(?P<region>{MARK}|[a-z]{{2,4}}(?:-[a-z]+)+-[0-9]+)\.(?P<service>.+)", re.DOTALL
)


class Service(str, Enum):
    """The services that a pull takes a way to; the value ends the name of the endpoint's service."""

    API = "ecr.api"
    DOCKER = "ecr.dkr"
    S3 = "s3"


_NAMES: Final = frozenset(one.value for one in Service)


@dataclass(frozen=True)
class Endpoint:
    """One endpoint.

    Attributes:
        resource: that declares it.
        vpc: the id of its VPC, as a text.
        service: as a text; empty for a service that is none of AWS.
        region: of the service, as a text.
        statements: of its policy.
        has_whole_policy: whether these are all for sure.
        has_policy: whether it has one; without, it lets everything through.
    """

    resource: Resource
    vpc: str
    service: str
    region: str
    statements: tuple[Statement, ...] = ()
    has_whole_policy: bool = True
    has_policy: bool = False

    def is_of(self, service: Service) -> Ternary:
        """Whether it is an endpoint of a service."""
        if self.service == service.value:
            return Ternary.YES
        # An endpoint of another kind, such as FIPS, may serve as well.
        is_alike = service is not Service.S3 and self.service.startswith("ecr") and self.service not in _NAMES
        return Ternary.MAYBE if is_alike or not is_known(self.service) else Ternary.NO

    @property
    def kind(self) -> str:
        """Its type, which is ``Gateway`` where it is not given; empty where only the deployment knows it."""
        found = self.resource.properties.get("VpcEndpointType", GATEWAY)
        return found if isinstance(found, str) else ""

    @property
    def has_private_dns(self) -> Ternary:
        """Whether the names of the service lead to it, which CloudFormation leaves off where it is not said."""
        return is_true(self.resource.properties.get("PrivateDnsEnabled"), default=False)


def is_true(value: Any, *, default: bool) -> Ternary:
    """Whether a property is a true boolean, which may be written as text."""
    given = default if value is None else value
    return {"true": Ternary.YES, "false": Ternary.NO}.get(str(given).lower(), Ternary.MAYBE)


def endpoints_in(template: Template, resolver: Resolver) -> Iterator[Endpoint]:
    """Yield the endpoints of a template."""
    for resource in template.of_type(ENDPOINT):
        properties = resource.properties
        name = resolver.text(properties.get("ServiceName"), template)
        vpc = resolver.text(properties.get("VpcId"), template)
        match = _NAME.fullmatch(name)
        service, region = (match["service"], match["region"]) if match else ("" if is_known(name) else name, "")
        given = properties.get(POLICY)
        document = None if given is None else document_of(given, resolver, template)
        statements = tuple(statements_of(document, resolver, template, f"Properties.{POLICY}"))
        whole = document is None or is_whole(document)
        yield Endpoint(resource, vpc, service, region, statements, whole, document is not None)
