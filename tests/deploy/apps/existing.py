"""An app under test: a repository of another team. The context says what is done with its policy."""

from __future__ import annotations

import os

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)

if base := app.node.try_get_context("base"):
    existing = ExistingRepository.from_repository_name(stack, "Base", base, policy_covers_grants=True)
    puller = iam.Role(stack, "Puller", assumed_by=iam.AccountRootPrincipal())
    existing.grant_pull(puller)
    CfnOutput(stack, "PullerArn", value=puller.role_arn)
    if trusted := app.node.try_get_context("trusted"):
        existing.grant_pull(iam.AccountPrincipal(trusted))
    if app.node.try_get_context("function"):
        existing.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
    if policy := app.node.try_get_context("node"):
        node = iam.Role(stack, "Node", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        node.add_managed_policy(iam.ManagedPolicy.from_managed_policy_arn(stack, "PullOnly", policy))
        AccessCheck.of(stack).require_pull(node, existing)
        CfnOutput(stack, "NodeArn", value=node.role_arn)
if app.node.try_get_context("declared"):
    repository = AccessibleRepository(stack, "Repository", repository_name=f"{name.lower()}/app")
    owner = iam.PolicyStatement(
        actions=["ecr:DescribeImages"], principals=[iam.AccountRootPrincipal()], sid=app.node.try_get_context("sid")
    )
    repository.add_to_resource_policy(owner)

app.synth()
