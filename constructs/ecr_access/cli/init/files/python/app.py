"""Image repositories, who may push to them and who may pull from them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_cdk import App, CfnOutput, Environment, Stack, Validations
from aws_cdk import aws_iam as iam
from cdk_ecr_access import AccessibleRepository, EcrAccessRules

from deployer import Deployer

if TYPE_CHECKING:
    from constructs import Construct


class Images(Stack):
    """A repository, the role that pushes to it and the role that pulls from it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, env: Environment | None = None
    ) -> None:
        """Declare them, and that each has the access that it is granted."""
        super().__init__(scope, construct_id, env=env)
        self.web = AccessibleRepository(self, "Web", repository_name="team/web")
        self.ci = iam.Role(self, "Ci", assumed_by=iam.AccountRootPrincipal())
        self.service = iam.Role(
            self, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        )
        self.web.grant_push(self.ci)
        self.web.grant_pull(self.service)
        CfnOutput(self, "WebUri", value=self.web.repository_uri)
        CfnOutput(self, "CiRoleArn", value=self.ci.role_arn)


def build(app: App, env: Environment | None = None) -> Images:
    """Put the stacks into an app, under the rules of ECR access."""
    Validations.of(app).add_plugins(EcrAccessRules())
    if github := app.node.try_get_context("github"):
        Deployer(app, "Deployer", github=github, env=env)
    return Images(app, "Images", env=env)


if __name__ == "__main__":
    app = App()
    env = Environment(
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"),
        region=os.environ.get("CDK_DEFAULT_REGION"),
    )
    build(app, env)
    app.synth()
