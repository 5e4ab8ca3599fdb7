"""An app under test: 500 repositories in 13 stacks, and 20 roles in another, each of which pulls from 25 of them."""

from __future__ import annotations

import os

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository

app = App()
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stacks = [Stack(app, f"Images{number:02d}", env=env) for number in range(13)]
repositories = [
    AccessibleRepository(stacks[number % 13], f"R{number:03d}", repository_name=f"fleet/app-{number:03d}")
    for number in range(500)
]
services = Stack(app, "Services", env=env)
for number in range(20):
    role = iam.Role(services, f"Role{number:02d}", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    for repository in repositories[number * 25 : (number + 1) * 25]:
        repository.grant_pull(role)

app.synth()
