"""``no-way-to-ecr`` on what the CDK renders."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import NestedStack, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

from ecr_access.cli.rules.read import read
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.no_way_to_ecr import RULE
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import synthesized
from tests.reading import ENV, REGION

if TYPE_CHECKING:
    from aws_cdk import App

ISOLATED = ec2.SubnetType.PRIVATE_ISOLATED
SERVICES = ("ECR", "ECR_DOCKER", "S3")


def vpc_of(stack: Stack, kind: ec2.SubnetType = ISOLATED, *services: str, **more: Any) -> ec2.Vpc:
    """A VPC of one kind of subnets, with some endpoints."""
    subnets = [ec2.SubnetConfiguration(name="Own", subnet_type=kind)]
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0, subnet_configuration=subnets)
    for name in services:
        if name == "S3":
            vpc.add_gateway_endpoint(name, service=ec2.GatewayVpcEndpointAwsService.S3)
        else:
            vpc.add_interface_endpoint(name, service=getattr(ec2.InterfaceVpcEndpointAwsService, name), **more)
    return vpc


def definition_of(stack: Stack) -> ecs.FargateTaskDefinition:
    """A task of a repository of the app."""
    definition = ecs.FargateTaskDefinition(stack, "Task")
    definition.add_container("main", image=ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Web"), "1"))
    return definition


def service_in(stack: Stack, vpc: ec2.IVpc, **more: Any) -> None:
    """A service of it."""
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    ecs.FargateService(stack, "Service", cluster=cluster, task_definition=definition_of(stack), **more)


@pytest.mark.parametrize("services", [one for count in range(4) for one in combinations(SERVICES, count)])
def test_isolated_subnets_of_the_cdk_need_each_endpoint(services: tuple[str, ...], app: App, stack: Stack) -> None:
    """Of the eight choices, one is enough."""
    service_in(stack, vpc_of(stack, ISOLATED, *services))
    assert len(findings(RULE, synthesized(app))) == (0 if services == SERVICES else 1)


@pytest.mark.parametrize("public_ip", [True, False, None])
def test_public_subnets_of_the_cdk_need_a_public_address(public_ip: Any, app: App, stack: Stack) -> None:
    """Which the CDK leaves off."""
    service_in(stack, vpc_of(stack, ec2.SubnetType.PUBLIC), assign_public_ip=public_ip)
    assert len(findings(RULE, synthesized(app))) == (0 if public_ip else 1)


def test_private_dns_may_be_left_off_in_the_cdk(app: App, stack: Stack) -> None:
    """All endpoints are there, and no name leads to them."""
    service_in(stack, vpc_of(stack, ISOLATED, *SERVICES, private_dns_enabled=False))
    (finding,) = findings(RULE, synthesized(app))
    assert "lacks PrivateDnsEnabled of " in finding


@pytest.mark.parametrize(
    ("gateways", "more", "count"),
    [
        (None, {}, 0),
        (0, {}, 1),
        (0, {"assign_public_ip": True}, 0),
        (0, {"task_subnets": ec2.SubnetSelection(subnet_type=ISOLATED)}, 1),
        (0, {"task_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)}, 1),
        (1, {"task_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)}, 0),
    ],
)
def test_a_service_behind_a_load_balancer(gateways: int | None, more: Any, count: int, app: App, stack: Stack) -> None:
    """A VPC without NAT gateways has isolated subnets, in which the CDK places it."""
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=gateways)
    pattern = patterns.ApplicationLoadBalancedFargateService
    pattern(stack, "Service", vpc=vpc, task_definition=listening(stack), **more)
    assert len(findings(RULE, synthesized(app))) == count


def listening(stack: Stack) -> ecs.FargateTaskDefinition:
    """A task that a load balancer may call."""
    definition = definition_of(stack)
    container = definition.default_container
    assert container
    container.add_port_mappings(ecs.PortMapping(container_port=80))
    return definition


def test_a_nat_instance_is_a_way(app: App, stack: Stack) -> None:
    """Its route is to an instance."""
    provider = ec2.NatProvider.instance_v2(instance_type=ec2.InstanceType("t4g.nano"))
    service_in(stack, ec2.Vpc(stack, "Vpc", nat_gateway_provider=provider))
    assert findings(RULE, synthesized(app)) == []


def test_of_a_vpc_that_is_looked_up_nothing_is_said(app: App) -> None:
    """Nor of one that is given by its ids."""
    stack = Stack(app, "Known", env=ENV)
    service_in(stack, ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-0a1b2c3d"))
    other = Stack(app, "Given")
    subnets: dict[str, Any] = {"availability_zones": [f"{REGION}a"], "isolated_subnet_ids": ["subnet-0a1b2c3d"]}
    service_in(other, ec2.Vpc.from_vpc_attributes(other, "Vpc", vpc_id="vpc-0a1b2c3d", **subnets))
    assert findings(RULE, synthesized(app)) == []


def test_stacks_of_an_app_are_read_together(app: App, stack: Stack) -> None:
    """The VPC, its endpoints and the service are of a stack each."""
    vpc = vpc_of(Stack(app, "Network", env=ENV))
    service_in(stack, vpc)
    assert len(findings(RULE, synthesized(app))) == 1


def test_endpoints_of_another_stack_count(app: App, stack: Stack) -> None:
    """All of them are there."""
    vpc, there = vpc_of(Stack(app, "Network", env=ENV)), Stack(app, "Endpoints", env=ENV)
    for name in ("ECR", "ECR_DOCKER"):
        service = getattr(ec2.InterfaceVpcEndpointAwsService, name)
        ec2.InterfaceVpcEndpoint(there, name, vpc=vpc, service=service)
    ec2.GatewayVpcEndpoint(there, "S3", vpc=vpc, service=ec2.GatewayVpcEndpointAwsService.S3)
    service_in(stack, vpc)
    assert findings(RULE, synthesized(app)) == []


@pytest.mark.parametrize("services", [(), SERVICES])
@pytest.mark.parametrize("is_vpc_nested", [True, False])
def test_nested_stacks_are_read_with_theirs(services: Any, is_vpc_nested: Any, app: App, stack: Stack) -> None:
    """The ids of subnets are given into them and out of them."""
    nested = NestedStack(stack, "Nested")
    around, inside = (nested, stack) if is_vpc_nested else (stack, nested)
    service_in(inside, vpc_of(around, ISOLATED, *services))
    sources, _ = read([app.synth().directory])
    application = Application([one.template for one in sources])
    assert len(findings(RULE, application)) == (0 if services else 1)


def test_a_rule_a_schedule_and_a_state_machine_run_tasks_too(app: App, stack: Stack) -> None:
    """A state machine names the family of a task, in a text."""
    cluster, definition = ecs.Cluster(stack, "Cluster", vpc=vpc_of(stack)), definition_of(stack)
    subnets = ec2.SubnetSelection(subnet_type=ISOLATED)
    target = targets.EcsTask(cluster=cluster, task_definition=definition, subnet_selection=subnets)
    events.Rule(stack, "Rule", schedule=events.Schedule.expression("rate(1 day)"), targets=[target])
    daily = scheduler.ScheduleExpression.expression("rate(1 day)")
    run = scheduler_targets.EcsRunFargateTask(cluster, task_definition=definition, vpc_subnets=subnets)
    scheduler.Schedule(stack, "Schedule", schedule=daily, target=run)
    state = tasks.EcsRunTask(
        stack,
        "Run",
        cluster=cluster,
        task_definition=definition,
        launch_target=tasks.EcsFargateLaunchTarget(platform_version=ecs.FargatePlatformVersion.LATEST),
        subnets=subnets,
    )
    sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(state))
    paths = [it.path for it in RULE.check(synthesized(app))]
    assert paths == [
        "Properties.Targets[0].EcsParameters.NetworkConfiguration.AwsVpcConfiguration.Subnets",
        "Properties.Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration.Subnets",
        "Properties.DefinitionString",
    ]
