"""``no-way-to-ecr``."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ecr_access.rules.checks.no_way_to_ecr import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, REGION, WEB_URI, function, task

Resources = dict[str, dict[str, Any]]
ANYWHERE = "0.0.0.0/0"
SPOT = [{"CapacityProvider": "FARGATE_SPOT"}, {"CapacityProvider": "FARGATE"}]


def one(kind: str, **properties: object) -> dict[str, Any]:
    """A resource."""
    return {"Type": f"AWS::{kind}", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    """Its id."""
    return {"Ref": name}


def endpoint(service: str, **properties: object) -> dict[str, Any]:
    """An interface with private DNS in the VPC, or for S3 a gateway for the route table."""
    name = {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}
    kind = {"VpcEndpointType": "Interface", "PrivateDnsEnabled": True, "SubnetIds": [ref("Subnet")]}
    if service == "s3":
        kind = {"VpcEndpointType": "Gateway", "RouteTableIds": [ref("Table")]}
    return one("EC2::VPCEndpoint", **{"ServiceName": name, "VpcId": ref("Vpc"), **kind, **properties})


def network(public_ip: Any = "DISABLED", image: Any = f"{WEB_URI}:1", **more: Any) -> Resources:
    """A service on Fargate in the one subnet of a VPC, to which no route leads, and more resources."""
    inside = {"Subnets": [ref("Subnet")], "AssignPublicIp": public_ip}
    return {
        "Vpc": one("EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True, EnableDnsSupport=True),
        "Subnet": one("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24"),
        "Table": one("EC2::RouteTable", VpcId=ref("Vpc")),
        "Association": one("EC2::SubnetRouteTableAssociation", SubnetId=ref("Subnet"), RouteTableId=ref("Table")),
        "Gateway": one("EC2::InternetGateway"),
        "Task": task(image),
        "Service": one(
            "ECS::Service",
            LaunchType="FARGATE",
            TaskDefinition=ref("Task"),
            NetworkConfiguration={"AwsvpcConfiguration": inside},
        ),
        **more,
    }


def route(**properties: object) -> dict[str, Any]:
    """A default route of the table."""
    return one("EC2::Route", **{"RouteTableId": ref("Table"), "DestinationCidrBlock": ANYWHERE, **properties})


def complete(**changed: dict[str, Any]) -> Resources:
    """All endpoints, some of them changed."""
    return {"Api": endpoint("ecr.api"), "Docker": endpoint("ecr.dkr"), "S3": endpoint("s3"), **changed}


def without(resources: Resources, name: str, *path: str) -> Resources:
    """The resources, one of which lacks a property."""
    changed = deepcopy(resources)
    holder = changed[name]["Properties"]
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def found(resources: Resources, **sections: object) -> list[str]:
    """What is found in an app of one template."""
    return findings(RULE, app_of({"Resources": resources, **sections} if sections else resources))


def test_a_subnet_without_a_way_is_reported() -> None:
    """With what is missing, at the subnets."""
    problem = (
        f"service 'Service' runs '{WEB_URI}:1' on Fargate where nothing leads to ECR: from Subnet there is no "
        "route out of the VPC, and "
        "the VPC Vpc lacks an endpoint of ecr.api, an endpoint of ecr.dkr and an endpoint of s3; fix: "
        "add a route to a NAT gateway, in the CDK ec2.SubnetType.PRIVATE_WITH_EGRESS, or give the VPC what it lacks, "
        "in the CDK vpc.add_interface_endpoint with ec2.InterfaceVpcEndpointAwsService.ECR and ECR_DOCKER, and "
        "vpc.add_gateway_endpoint with ec2.GatewayVpcEndpointAwsService.S3"
    )
    assert found(network()) == [problem]
    (finding,) = RULE.check(app_of(network()))
    assert finding.resource.logical_id == "Service"
    assert finding.path == "Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets"


def test_a_public_subnet_is_none_without_a_public_address() -> None:
    """The route to the internet gateway passes nothing else."""
    resources = network(Default=route(GatewayId=ref("Gateway")))
    (finding,) = RULE.check(app_of(resources))
    assert "the route to the internet gateway Gateway needs a public address" in finding.text
    assert finding.fix.startswith("set AssignPublicIp to ENABLED, in the CDK assign_public_ip=True, or ")
    assert finding.path == "Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"
    bare = without(resources, "Service", "NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")
    (finding,) = RULE.check(app_of(bare))  # ECS gives a service none by default
    assert finding.path == "Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets"
    assert len(found(network(Default=route(GatewayId="igw-0a1b2c3d")))) == 1


@pytest.mark.parametrize(
    "resources",
    [
        network("ENABLED", Default=route(GatewayId=ref("Gateway"))),
        network(PARAMETER, Default=route(GatewayId=ref("Gateway"))),
        network(Default=route(NatGatewayId=ref("Nat")), Nat=one("EC2::NatGateway")),
        network(Default=route(InstanceId="i-1")),
        network(Default=route(NetworkInterfaceId="eni-1")),
        network(Default=route(TransitGatewayId="tgw-1")),
        network(Default=route(VpcPeeringConnectionId="pcx-1")),
        network(Default=route(VpcEndpointId="vpce-1")),
        network(Default=route(GatewayId=PARAMETER)),
        network(Default=route(GatewayId="vgw-1")),
        network(Default=route(CoreNetworkArn="arn:aws:networkmanager::1:core-network/c")),
        network(Default=route(TransitGatewayId="tgw-1", DestinationCidrBlock="10.0.0.0/8")),
        network(Default=route(GatewayId=ref("Gateway"), DestinationIpv6CidrBlock="::/0", DestinationCidrBlock=NOTHING)),
        network(Default=route(EgressOnlyInternetGatewayId="eigw-1", DestinationIpv6CidrBlock="::/0")),
        network(Default={**route(NatGatewayId="nat-1"), "Condition": "HasNat"}),
        network(Default=route(NatGatewayId="nat-1", RouteTableId=PARAMETER)),
        network(Default=route(NatGatewayId="nat-1", RouteTableId={"Fn::If": ["A", ref("Table"), NOTHING]})),
        network(Vpn=one("EC2::VPNGatewayRoutePropagation", RouteTableIds=[ref("Table")], VpnGatewayId="vgw-1")),
        network(Server=one("EC2::RouteServerPropagation", RouteTableId=ref("Table"))),
        network(**complete()),
    ],
)
def test_a_subnet_with_a_way_is_not(resources: Resources) -> None:
    """Out of the VPC, also where that is not certain, or by all endpoints."""
    assert found(resources) == []


@pytest.mark.parametrize(
    "resources",
    [
        network("ENABLED"),
        network(PARAMETER),
        network(Local=route(GatewayId="local", DestinationCidrBlock="10.0.0.0/16")),
        network(Default=route(NatGatewayId="nat-1", RouteTableId=ref("Other")), Other=one("EC2::RouteTable")),
        without(network(), "Association", "SubnetId"),
        {name: it for name, it in network().items() if name not in ("Association", "Table")},
        network(Service={**network()["Service"], "Condition": "IsOn"}),
    ],
)
def test_whatever_is_no_way(resources: Resources) -> None:
    """A public address without a route, another table, or the main table of the VPC, which has no route out."""
    assert len(found(resources)) == 1


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"Api": one("EC2::EIP")}, "an endpoint of ecr.api"),
        ({"Docker": one("EC2::EIP")}, "an endpoint of ecr.dkr"),
        ({"S3": one("EC2::EIP")}, "an endpoint of s3"),
        ({"Api": one("EC2::EIP"), "S3": one("EC2::EIP")}, "an endpoint of ecr.api and an endpoint of s3"),
        ({"Api": endpoint("ecr.api", PrivateDnsEnabled=False)}, "PrivateDnsEnabled of Api"),
        ({"Docker": endpoint("ecr.dkr", PrivateDnsEnabled="false")}, "PrivateDnsEnabled of Docker"),
        ({"Docker": endpoint("ecr.dkr", PrivateDnsEnabled=NOTHING)}, "PrivateDnsEnabled of Docker"),
        ({"Docker": endpoint("ecr.dkr", VpcId="vpc-0a1b2c3d")}, "an endpoint of ecr.dkr"),
        ({"Docker": endpoint("ecr.dkr", VpcId=ref("Other")), "Other": one("EC2::VPC")}, "an endpoint of ecr.dkr"),
        ({"S3": endpoint("s3", RouteTableIds=[ref("Other")]), "Other": one("EC2::RouteTable")}, "RouteTableIds of S3"),
        ({"S3": endpoint("s3", RouteTableIds=NOTHING, VpcEndpointType=NOTHING)}, "RouteTableIds of S3"),
        ({"S3": endpoint("s3", VpcEndpointType="Interface")}, "PrivateDnsEnabled of S3"),
        ({"Vpc": one("EC2::VPC")}, "EnableDnsHostnames of Vpc, without which Api has no private names"),
        ({"Vpc": one("EC2::VPC", EnableDnsHostnames=True, EnableDnsSupport=False)}, "EnableDnsSupport of Vpc"),
    ],
)
def test_what_is_missing_of_the_endpoints_is_named(changed: Resources, missing: str) -> None:
    """Also a setting of one that is there, each of which CloudFormation leaves off."""
    (finding,) = found(network(**complete(**changed)))
    assert f"the VPC Vpc lacks {missing}" in finding or f"lacks the route table of the subnet in {missing}" in finding


@pytest.mark.parametrize(
    "changed",
    [
        {"Docker": endpoint("ecr.dkr", VpcId=PARAMETER)},
        {"Docker": endpoint("ecr.dkr", VpcId={"Fn::GetAtt": ["Vpc", "VpcId"]})},
        {"Docker": endpoint("ecr.dkr", ServiceName=PARAMETER)},
        {"Docker": endpoint("ecr.dkr", ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.${Parameter}"})},
        {"Docker": endpoint("ecr.dkr", ServiceName=f"com.amazonaws.{REGION}.ecr-fips.dkr")},
        {"Docker": endpoint("ecr.dkr", PrivateDnsEnabled=PARAMETER)},
        {"Docker": {**endpoint("ecr.dkr"), "Condition": "IsOn"}},
        {"Docker": one("EC2::VPCEndpoint", VpcId=ref("Vpc"), VpcEndpointType="ServiceNetwork", ServiceNetworkArn="a")},
        {"S3": endpoint("s3", RouteTableIds=[PARAMETER])},
        {"S3": endpoint("s3", RouteTableIds={"Fn::Split": [",", PARAMETER]})},
        {"S3": endpoint("s3", VpcEndpointType=PARAMETER)},
        {"S3": endpoint("s3", VpcEndpointType="Interface", PrivateDnsEnabled=True)},
        {"Vpc": one("EC2::VPC", EnableDnsHostnames=PARAMETER)},
        {"Vpc": one("EC2::VPC", EnableDnsHostnames="true")},
    ],
)
def test_an_endpoint_that_may_serve_is_not_missing(changed: Resources) -> None:
    """Which one it is, and of which VPC, only the deployment knows."""
    assert found(network(**complete(**changed))) == []


@pytest.mark.parametrize(
    "more",
    [
        one("EC2::VPCDHCPOptionsAssociation", VpcId=ref("Vpc"), DhcpOptionsId="dopt-1"),
        one("Route53Resolver::ResolverRuleAssociation", VPCId=ref("Vpc")),
        one("Route53Profiles::ProfileAssociation", ResourceId=PARAMETER),
        one("VpcLattice::ServiceNetworkVpcAssociation", VpcIdentifier={"Fn::GetAtt": ["Vpc", "VpcId"]}),
        one("Route53::HostedZone", Name="dkr.ecr.eu-west-1.amazonaws.com.", VPCs=[{"VPCId": ref("Vpc")}]),
        one("Route53::HostedZone", Name="api.aws", VPCs=[{"VPCId": PARAMETER}]),
        one("Route53::HostedZone", Name=PARAMETER, VPCs=[{"VPCId": ref("Vpc")}]),
        one("SSM::Parameter", Value={"Fn::Sub": "vpc=${Vpc}"}),
        {"Type": "Custom::Endpoints", "Properties": {"Network": {"Ids": [ref("Vpc")]}}},
        one("CloudFormation::CustomResource", Table=ref("Table")),
        one("CloudFormation::Stack", TemplateURL="https://bucket/stack.yaml"),
        one("CloudFormation::Macro::MODULE"),
    ],
)
def test_what_may_be_a_way_of_its_own_leaves_it_open(more: dict[str, Any]) -> None:
    """Names that lead elsewhere, and what is told the id of the VPC or of a route table."""
    assert found(network(More=more)) == []


@pytest.mark.parametrize(
    "more",
    [
        one("Route53::HostedZone", Name="own.internal", VPCs=[{"VPCId": ref("Vpc")}]),
        one("Route53::HostedZone", Name="own.com.", VPCs=[{"VPCId": ref("Vpc")}]),
        one("Route53::HostedZone", Name="amazonaws.com"),
        one("EC2::VPCDHCPOptionsAssociation", VpcId="vpc-1"),
        {"Type": "Custom::VpcRestrictDefaultSG", "Properties": {"Id": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}}},
        one("EC2::SecurityGroup", VpcId=ref("Vpc")),
        one("SSM::Parameter", Value="text"),
    ],
)
def test_what_has_nothing_to_do_with_it_does_not(more: dict[str, Any]) -> None:
    """Its zone answers for other names, or its VPC is another."""
    assert len(found(network(More=more))) == 1


def test_a_vpc_that_is_exported_may_get_endpoints_elsewhere() -> None:
    """And a route table routes, and a subnet without one a route table; a list of ids is exported as one text."""
    for value in (ref("Vpc"), ref("Table"), {"Fn::Join": [",", [ref("Service"), ref("Table")]]}):
        assert found(network(), Outputs={"Id": {"Value": value, "Export": {"Name": "id"}}}) == []
    for value, name in ((ref("Vpc"), None), (ref("Subnet"), "id"), (ref("Service"), "id")):
        output = {"Value": value, **({"Export": {"Name": name}} if name else {})}
        assert len(found(network(), Outputs={"Id": output})) == 1
    bare = {name: it for name, it in network().items() if name != "Association"}
    assert found(bare, Outputs={"Id": {"Value": ref("Subnet"), "Export": {"Name": "id"}}}) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"LaunchType": "EC2"},
        {"LaunchType": PARAMETER},
        {"LaunchType": NOTHING},
        {
            "LaunchType": NOTHING,
            "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}, {"CapacityProvider": "own"}],
        },
        {"LaunchType": NOTHING, "CapacityProviderStrategy": [{"CapacityProvider": PARAMETER}]},
        {"TaskDefinition": PARAMETER},
        {"TaskDefinition": "other"},
        {"NetworkConfiguration": PARAMETER},
        {"NetworkConfiguration": NOTHING},
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": PARAMETER}}},
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [PARAMETER, "subnet-0a1b2c3d"]}}},
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": {"Fn::Split": [",", PARAMETER]}}}},
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [{"Fn::If": ["A", ref("Subnet"), "subnet-1"]}]}}},
    ],
)
def test_a_task_that_may_run_elsewhere_is_not_reported(changed: dict[str, Any]) -> None:
    """On an instance, in another subnet, or another task."""
    resources = network()
    resources["Service"]["Properties"].update(changed)
    assert found(resources) == []


def test_a_task_on_spot_capacity_or_of_a_set_is_on_fargate_too() -> None:
    """Whichever says so."""
    resources = network()
    properties = without(resources, "Service", "LaunchType")["Service"]["Properties"]
    resources["Service"] = one("ECS::TaskSet", **properties, CapacityProviderStrategy=SPOT)
    assert len(found(resources)) == 1


@pytest.mark.parametrize(("version", "count"), [("1.3.0", 0), (PARAMETER, 0), ("1.4.0", 1), ("LATEST", 1)])
def test_older_platforms_do_without_the_endpoint_of_the_api(version: object, count: int) -> None:
    """They get the token from elsewhere."""
    resources = network(**complete(Api=one("EC2::EIP")))
    resources["Service"]["Properties"]["PlatformVersion"] = version
    assert len(found(resources)) == count


def test_only_what_lacks_a_way_is_named() -> None:
    """A task may be started in each of its subnets."""
    default = route(NatGatewayId="nat-1", RouteTableId=ref("Other"))
    more = {
        "Second": one("EC2::Subnet", VpcId=ref("Vpc")),
        "Third": one("EC2::Subnet", VpcId=ref("Vpc")),
        "Other": one("EC2::RouteTable", VpcId=ref("Vpc")),
        "Default": default,
        "Behind": one("EC2::SubnetRouteTableAssociation", SubnetId=ref("Second"), RouteTableId=ref("Other")),
    }
    resources = network(**more)
    inside = resources["Service"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    inside["Subnets"] = [ref("Subnet"), ref("Second"), {"Fn::GetAtt": ["Third", "SubnetId"]}]
    (finding,) = found(resources)
    assert "from Subnet and Third there is no route" in finding


@pytest.mark.parametrize("image", ["nginx:1", "ghcr.io/own/web:1", PARAMETER])
def test_an_image_of_another_registry_is_not_our_subject(image: Any) -> None:
    """It needs a way too."""
    assert found(network(image=image)) == []


def test_the_public_registry_is_reached_by_a_route_alone() -> None:
    """Where there are endpoints of ECR at all, nothing is said: AWS has some of the public registry."""
    image = "public.ecr.aws/nginx/nginx:1"
    (finding,) = found(network(image=image))
    assert finding == (
        f"service 'Service' runs '{image}' on Fargate where nothing leads to ECR: from Subnet there is no route "
        "out of the VPC; fix: add "
        "a route to a NAT gateway, in the CDK ec2.SubnetType.PRIVATE_WITH_EGRESS"
    )
    assert found(network(image=image, Docker=endpoint("ecr.dkr"))) == []
    assert found(network(image=image, Default=route(NatGatewayId="nat-1"))) == []


def test_a_lambda_function_needs_no_way() -> None:
    """Lambda pulls its image from outside of the VPC."""
    it = function(f"{WEB_URI}:1")
    it["Properties"]["VpcConfig"] = {"SubnetIds": [ref("Subnet")], "SecurityGroupIds": ["sg-1"]}
    resources = {name: one for name, one in network().items() if name not in ("Task", "Service")}
    assert found({**resources, "Function": it}) == []


def test_a_vpc_that_another_template_declares_is_known() -> None:
    """By an export that the service's template imports; endpoints may be in a third."""
    all_ = network()
    inside = ("Task", "Service")
    ids = {name: {"Value": ref(name), "Export": {"Name": name}} for name in ("Vpc", "Subnet", "Table")}
    net = {"Resources": {name: it for name, it in all_.items() if name not in inside}, "Outputs": ids}
    service = {name: all_[name] for name in inside}
    configuration = service["Service"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    configuration["Subnets"] = [{"Fn::ImportValue": "Subnet"}]
    used = one("EC2::SecurityGroup", VpcId={"Fn::ImportValue": "Vpc"}, Table={"Fn::ImportValue": "Table"})
    assert len(findings(RULE, app_of(net, {**service, "Used": used}))) == 1
    there = complete()
    for it in there.values():
        it["Properties"]["VpcId"] = {"Fn::ImportValue": "Vpc"}
    there["S3"]["Properties"]["RouteTableIds"] = [{"Fn::ImportValue": "Table"}]
    assert findings(RULE, app_of(net, service, there)) == []


def test_a_pipe_runs_tasks_too() -> None:
    """Of a public address that is not written there, only ECS knows."""
    inside = {"AwsvpcConfiguration": {"Subnets": [ref("Subnet")]}}
    run = {"LaunchType": "FARGATE", "TaskDefinitionArn": ref("Task"), "NetworkConfiguration": inside}
    pipe = one("Pipes::Pipe", TargetParameters={"EcsTaskParameters": run})
    resources = {name: it for name, it in network().items() if name != "Service"}
    assert len(found({**resources, "Pipe": pipe})) == 1
    assert found({**resources, "Pipe": pipe, "Default": route(GatewayId=ref("Gateway"))}) == []
