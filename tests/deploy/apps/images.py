"""An app under test: what runs an image of a repository of others. The context says what runs it, and which image."""

from __future__ import annotations

import os

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository, ExistingRepository

app = App(context={"cdk-ecr-access:images": True})
name, image = (app.node.get_context(key) for key in ("name", "image"))
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)
named = f"{name.lower()}/app"
repository: AccessibleRepository | ExistingRepository
if app.node.try_get_context("made"):
    repository = AccessibleRepository(stack, "Repository", repository_name=named)
else:
    repository = ExistingRepository.from_repository_name(stack, "Repository", named, policy_covers_grants=True)

if app.node.try_get_context("function"):
    function = lambda_.DockerImageFunction(
        stack, "Function", code=lambda_.DockerImageCode.from_ecr(repository, tag_or_digest=image)
    )
    CfnOutput(stack, "FunctionName", value=function.function_name)
else:
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(repository, image))
    # ECS would need a network to run a task; the embedded one runs none.
    network = ec2.CfnVPC(stack, "Vpc", cidr_block="10.0.0.0/24")
    subnet = ec2.CfnSubnet(stack, "Subnet", vpc_id=network.ref, cidr_block="10.0.0.0/25")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Network", vpc_id=network.ref, availability_zones=["us-east-1a"], private_subnet_ids=[subnet.ref]
    )
    count = app.node.try_get_context("count")
    service = ecs.FargateService(
        stack,
        "Service",
        cluster=ecs.Cluster(stack, "Cluster", vpc=vpc),
        task_definition=task,
        desired_count=None if count is None else int(count),
        min_healthy_percent=100,
    )
    CfnOutput(stack, "ServiceName", value=service.service_name)

app.synth()
