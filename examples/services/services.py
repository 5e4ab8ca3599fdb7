"""An app that imports the library: who builds images, and the services that run them, by the CDK's own constructs.

``cdk deploy Images`` makes the repositories and the project that pushes to them; once the images ``1.0`` are there,
``cdk deploy Services`` starts what runs them. ``python -m pytest`` compares both with their snapshots and asks who may
do what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import App, Stack, Validations
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessCheck, AccessibleRepository, EcrAccessRules

if TYPE_CHECKING:
    from constructs import Construct


class Images(Stack):
    """Two repositories, and a project that pushes to both."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 -- the CDK's name for it
        """Declare who pushes."""
        super().__init__(scope, id)
        self.web = AccessibleRepository(self, "Web", repository_name="shop/web")
        self.mail = AccessibleRepository(self, "Mail", repository_name="shop/mail")
        self.build = codebuild.Project(
            self,
            "Build",
            build_spec=codebuild.BuildSpec.from_object({"version": "0.2", "phases": {"build": {"commands": ["true"]}}}),
            environment=codebuild.BuildEnvironment(privileged=True),
        )
        for repository in (self.web, self.mail):
            repository.grant_push(self.build)


class Services(Stack):
    """A service of ECS and a function of Lambda, each of an image."""

    def __init__(self, scope: Construct, id: str, *, images: Images) -> None:  # noqa: A002
        """Declare what runs."""
        super().__init__(scope, id)
        self.task = ecs.FargateTaskDefinition(self, "Task")
        # Grants the pull, and has it checked.
        self.task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(images.web, "1.0"))
        service = ecs.FargateService(
            self,
            "Service",
            cluster=ecs.Cluster(self, "Cluster", vpc=ec2.Vpc(self, "Vpc", max_azs=1, nat_gateways=0)),
            task_definition=self.task,
            # The way to ECR, as the VPC has neither a NAT gateway nor endpoints.
            assign_public_ip=True,
            desired_count=0,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )
        lambda_.DockerImageFunction(
            self, "Function", code=lambda_.DockerImageCode.from_ecr(images.mail, tag_or_digest="1.0")
        )
        # Starts once its access is proved.
        service.node.add_dependency(AccessCheck.of(self))


def build(app: App) -> tuple[Images, Services]:
    """Put both stacks into an app, under the rules of ECR access."""
    Validations.of(app).add_plugins(EcrAccessRules())
    images = Images(app, "Images")
    return images, Services(app, "Services", images=images)


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
