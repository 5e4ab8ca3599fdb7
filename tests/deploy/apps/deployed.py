"""An app under test: two stacks with checks, whose values CloudFormation resolves, and one without a check."""

from __future__ import annotations

import os

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_ecr_access import AccessibleRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
images = Stack(app, name, env=env)
unnamed = AccessibleRepository(images, "Unnamed")
puller = iam.Role(images, "Puller", assumed_by=iam.AccountRootPrincipal(), path="/services/")
unnamed.grant_pull(puller)
unnamed.grant_push(iam.User(images, "Pusher"))
CfnOutput(images, "PullerName", value=puller.role_name)

service = Stack(app, f"{name}Service", env=env)
unnamed.grant_pull(iam.Role(service, "Importing", assumed_by=iam.AccountRootPrincipal()))

sns.Topic(Stack(app, f"{name}Plain", env=env), "Topic")

app.synth()
