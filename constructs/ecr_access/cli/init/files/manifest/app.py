"""Deploys the image repositories that ``repositories.yaml`` declares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import App, CfnOutput, Environment, Stack, Validations
from cdk_ecr_access import EcrAccessRules
from cdk_ecr_access.manifest import DeclaredRepositories, environment_of
from ecr_access.manifest import ManifestError, read_file

from deployer import Deployer

if TYPE_CHECKING:
    from constructs import Construct
    from ecr_access.manifest import Manifest

MANIFEST = Path(__file__).with_name("repositories.yaml")


class Images(Stack):
    """The repositories and roles of a manifest."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        manifest: Manifest,
        env: Environment | None = None,
    ) -> None:
        """Declare them, and that each role has the access that it is granted."""
        super().__init__(scope, construct_id, env=env)
        self.declared = DeclaredRepositories(self, "Declared", manifest=manifest)
        for key, role in self.declared.roles.items():
            name = key.title().replace("-", "")
            CfnOutput(self, f"{name}Role", value=role.role_arn)


def build(app: App) -> Images:
    """Put the stacks into an app, under the rules of ECR access."""
    manifest = read_file(MANIFEST, named_by="named in app.py")
    # The account and Region that the manifest names, or by default the CDK CLI's.
    env = environment_of(manifest)
    Validations.of(app).add_plugins(EcrAccessRules())
    if github := app.node.try_get_context("github"):
        Deployer(app, "Deployer", github=github, env=env)
    return Images(app, "Images", manifest=manifest, env=env)


if __name__ == "__main__":
    app = App()
    try:
        build(app)
    except ManifestError as error:
        sys.exit(f"error: {error}")
    app.synth()
