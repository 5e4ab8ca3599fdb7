"""An app under test: a repository and the role that pushes to it; the context says what else."""

from __future__ import annotations

import os

from aws_cdk import App, CfnOutput, CustomResource, Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.aws_lambda import CfnFunction

from cdk_ecr_access import AccessCheck, AccessibleRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)
repository = AccessibleRepository(stack, "Repository", repository_name=f"{name.lower()}/app")
pusher = iam.Role(stack, "Pusher", assumed_by=iam.AccountRootPrincipal())
repository.grant_push(pusher)
CfnOutput(stack, "PusherArn", value=pusher.role_arn)

if app.node.try_get_context("puller"):
    repository.grant_pull(iam.Role(stack, "Puller", assumed_by=iam.AccountRootPrincipal()))
if app.node.try_get_context("deny"):
    no_token = iam.PolicyStatement(
        effect=iam.Effect.DENY, actions=["ecr:GetAuthorizationToken"], resources=["*"], sid="NoToken"
    )
    iam.Policy(stack, "Denial", statements=[no_token], roles=[pusher])
if revision := app.node.try_get_context("function"):
    # Another configuration of the check's function, which CloudFormation updates in place before the check runs.
    function = AccessCheck.of(stack).node.find_child("Function").node.default_child
    assert isinstance(function, CfnFunction)
    function.add_property_override("Environment.Variables.REVISION", revision)
if base := app.node.try_get_context("base"):
    AccessCheck.of(stack).require_pull(pusher, ecr.Repository.from_repository_name(stack, "Base", base))
if app.node.try_get_context("break"):
    nowhere = f"arn:aws:lambda:{stack.region}:{stack.account}:function:nowhere"
    CustomResource(stack, "Broken", service_token=nowhere).node.add_dependency(repository.access_check)

app.synth()
