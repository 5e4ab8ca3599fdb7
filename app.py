"""Deploys the repositories that the manifest declares: edit cdk.json, or name a file with ``-c manifest=FILE``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aws_cdk import App, CfnOutput, Environment, Fn, Stack

from cdk_ecr_access.declared import DeclaredRepositories
from cdk_ecr_access.manifest import Manifest, ManifestError, read_manifest

if TYPE_CHECKING:
    from constructs import Construct


class EcrAccess(Stack):
    """The declared repositories, and what their users need to know to reach them."""

    def __init__(self, scope: Construct, id: str, *, manifest: Manifest, env: Environment) -> None:  # noqa: A002
        """Make the stack that a manifest declares."""
        super().__init__(scope, id, env=env, description="ECR repositories whose access is proved")
        self.declared = DeclaredRepositories(self, "Declared", manifest=manifest)
        # One output however many repositories: a stack holds 200 outputs.
        registry = Fn.join("", [self.account, ".dkr.ecr.", self.region, ".", self.url_suffix])
        CfnOutput(self, "Registry", value=registry, description="Push to and pull from REGISTRY/NAME:TAG")
        for key, role in self.declared.roles.items():
            name = "".join(word.capitalize() for word in key.split("-"))
            CfnOutput(self, f"{name}RoleArn", value=role.role_arn, description=f"Role '{key}' of the manifest")


def build(app: App) -> EcrAccess:
    """Declare the stack in an app.

    Raises:
        ManifestError: with everything that is wrong with the manifest.
    """
    manifest = read_manifest(app.node.get_all_context())
    # The account and Region of the CLI's credentials: which roles are of this account is known at synth then.
    env = Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION"))
    return EcrAccess(app, "EcrAccess", manifest=manifest, env=env)


def main() -> int:
    """Synthesize, or print what is wrong with the manifest and synthesize nothing."""
    app = App()
    try:
        build(app)
    except ManifestError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 -- the CDK CLI shows it to the person who runs it
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
