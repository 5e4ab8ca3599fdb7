"""One repository and the role that pushes to it, with the check or without it; the context says which.

Without it, the repository has the properties that ``AccessibleRepository`` has by default.
"""

from __future__ import annotations

import os

from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository

app = App()
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, "Measured", env=env)
pusher = iam.Role(stack, "Pusher", assumed_by=iam.AccountRootPrincipal())
repository: ecr.Repository
if app.node.get_context("variant") == "with":
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
else:
    repository = ecr.Repository(
        stack,
        "Repository",
        repository_name="team/app",
        image_scan_on_push=True,
        image_tag_mutability=ecr.TagMutability.IMMUTABLE,
        lifecycle_rules=[ecr.LifecycleRule(tag_status=ecr.TagStatus.UNTAGGED, max_image_age=Duration.days(14))],
        removal_policy=RemovalPolicy.RETAIN,
    )
repository.grant_push(pusher)
app.synth()
