"""An app under test: repositories in one stack, the services that pull from them in two others."""

from __future__ import annotations

from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository

app = App()
images = Stack(app, "Images")
repositories = [AccessibleRepository(images, name, repository_name=f"images/{name}") for name in ("web", "worker")]
for service in ("Shop", "Mail"):
    stack = Stack(app, service)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    for repository in repositories:
        repository.grant_pull(role)
    # Stands for the service itself, which starts when the access is proved.
    iam.Role(stack, "Later", assumed_by=iam.ServicePrincipal("ecs.amazonaws.com")).node.add_dependency(
        AccessCheck.of(stack)
    )

app.synth()
