"""Deploys the image repositories that ``repositories.yaml`` declares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import App, Environment, Stack, Validations
from cdk_ecr_access import EcrAccessRules
from cdk_ecr_access.manifest import (
    DeclaredRepositories,
    environment_of,
    output_roles,
    synthesize,
    take_any_size,
)
from ecr_access.manifest import ManifestError, read_file
from ecr_access.manifest.deployed import stack_name

from deployer import Deployer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import aws_iam as iam
    from constructs import Construct
    from ecr_access.manifest import Manifest

MANIFEST = Path(__file__).with_name("repositories.yaml")


class Images(Stack):
    """Repositories of a manifest; the first stack of an environment has the roles."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        manifest: Manifest,
        env: Environment,
        roles: Mapping[str, iam.Role],
    ) -> None:
        """Declare them, and that each role has the access that it is granted."""
        super().__init__(scope, construct_id, env=env)
        self.declared = DeclaredRepositories(
            self, "Declared", manifest=manifest, roles=roles
        )
        output_roles(self.declared)


def build(app: App) -> list[Images]:
    """Put the stacks into an app, under the rules of ECR access."""
    manifest = read_file(MANIFEST, named_by="named in app.py")
    take_any_size(app)
    Validations.of(app).add_plugins(EcrAccessRules())
    if github := app.node.try_get_context("github"):
        first = manifest.of(manifest.environments[0])
        Deployer(app, "Deployer", github=github, env=environment_of(first))
    return [*_stacks(app, manifest)]


def _stacks(app: App, manifest: Manifest) -> Iterator[Images]:
    for one in manifest.environments:
        # The account and Region that the manifest names, or by default the CDK CLI's.
        env = environment_of(manifest.of(one))
        roles: dict[str, iam.Role] = {}
        for number, part in manifest.parts(one):
            images = Images(
                app,
                stack_name(one, number, base="Images"),
                manifest=part,
                env=env,
                roles=roles,
            )
            roles |= images.declared.roles
            yield images


if __name__ == "__main__":
    app = App()
    try:
        synthesize(app, [images.declared for images in build(app)])
    except ManifestError as error:
        sys.exit(f"error: {error}")
