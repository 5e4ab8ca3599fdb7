"""An app under test: a role made here and one that another team made; the context says what fails after the proof."""

from __future__ import annotations

import os

from aws_cdk import App, CustomResource, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)
repository = AccessibleRepository(stack, "Repository", repository_name=f"{name.lower()}/app")
pusher_name = f"{name.lower()}-pusher"
pusher = iam.Role(stack, "Pusher", assumed_by=iam.AccountRootPrincipal(), role_name=pusher_name)
repository.grant_push(pusher)
outsider = f"arn:aws:iam::{stack.account}:role/{app.node.get_context('outsider')}"
repository.grant_pull(iam.Role.from_role_arn(stack, "Outsider", outsider, mutable=False))

if app.node.try_get_context("puller"):
    repository.grant_pull(iam.Role(stack, "Puller", assumed_by=iam.AccountRootPrincipal()))
if app.node.try_get_context("late"):
    # Denied after the proof; then something fails, so that the check is taken back while the denial is still there.
    # By the role's literal name: the check waits for the policies that refer to a role.
    no_token = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["ecr:GetAuthorizationToken"], resources=["*"])
    document = iam.PolicyDocument(statements=[no_token])
    denial = iam.CfnPolicy(stack, "Denial", policy_name="late", policy_document=document, roles=[pusher_name])
    denial.node.add_dependency(repository.access_check)
    nowhere = f"arn:aws:lambda:{stack.region}:{stack.account}:function:nowhere"
    CustomResource(stack, "Broken", service_token=nowhere).node.add_dependency(denial)

app.synth()
