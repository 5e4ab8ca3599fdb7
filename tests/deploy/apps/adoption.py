"""An app under test: a repository that keeps its images, and a role that pushes to it."""

from __future__ import annotations

import os

from aws_cdk import App, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)
repository = AccessibleRepository(
    stack, "Repository", repository_name=f"{name.lower()}/app", removal_policy=RemovalPolicy.RETAIN
)
pusher = iam.Role(stack, "Pusher", assumed_by=iam.AccountRootPrincipal())
repository.grant_push(pusher)
if app.node.try_get_context("denied"):
    pusher.add_to_policy(
        iam.PolicyStatement(effect=iam.Effect.DENY, actions=["ecr:GetAuthorizationToken"], resources=["*"])
    )
repository.grant_pull(iam.AccountPrincipal("444455556666"))

app.synth()
