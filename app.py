"""Deploys the repositories that a manifest declares: name its file under "manifest" in the context of cdk.json."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aws_cdk import App, CfnOutput, Environment, Fn, Stack

from cdk_ecr_access.manifest import (
    DeclaredInBulk,
    DeclaredRepositories,
    environment_of,
    output_roles,
    read_manifest,
    synthesize,
    take_any_size,
)
from cdk_ecr_access.manifest.messages import refusal
from ecr_access.cli.progress import Progress
from ecr_access.manifest import ManifestError
from ecr_access.manifest.deployed import DECLARED, stack_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from ecr_access.manifest import Manifest


class EcrAccess(Stack):
    """The declared repositories, and what their users need to know to reach them."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        manifest: Manifest,
        env: Environment,
        roles: Mapping[str, iam.Role],
    ) -> None:
        """Make one stack of what a manifest declares, whose roles are in the first one."""
        super().__init__(scope, id, env=env, description="ECR repositories whose access is proved")
        # The paths of constructs are what `cdk orphan` finds a repository by: ecr-access manifest moves.
        declare = DeclaredRepositories if self.node.try_get_context("bulk") in ("false", False) else DeclaredInBulk
        self.declared = declare(self, DECLARED, manifest=manifest, roles=roles)
        # One output however many repositories: a stack holds 200 outputs.
        registry = Fn.join("", [self.account, ".dkr.ecr.", self.region, ".", self.url_suffix])
        CfnOutput(self, "Registry", value=registry, description="Push to and pull from REGISTRY/NAME:TAG")
        output_roles(self.declared)


def build(app: App) -> list[EcrAccess]:
    """Declare the stacks of each environment of the manifest in an app; report progress where it takes seconds.

    Raises:
        ManifestError: with what is wrong with the manifest.
    """
    progress = Progress()
    manifest = read_manifest(app.node.get_all_context())
    take_any_size(app)
    every = sum(one.stacks for one in manifest.environments)
    stacks: list[EcrAccess] = []
    for stack in _stacks(app, manifest):
        stacks.append(stack)
        progress(f"declared stack {stack.stack_name}, {len(stacks)} of {every}")
    progress(f"synthesizing {len(stacks)} stacks of {len(manifest.repositories):,} repositories", is_long=True)
    return stacks


def _stacks(app: App, manifest: Manifest) -> Iterator[EcrAccess]:
    for one in manifest.environments:
        # Where the account is known, so is at synth which roles are of it.
        env = environment_of(manifest.of(one))
        roles: dict[str, iam.Role] = {}
        for number, part in manifest.parts(one):
            stack = EcrAccess(app, stack_name(one, number), manifest=part, env=env, roles=roles)
            roles |= stack.declared.roles
            yield stack


def main() -> int:
    """Synthesize, or print what is wrong with the manifest and synthesize nothing."""
    app = App()
    try:
        synthesize(app, [stack.declared for stack in build(app)])
    except ManifestError as error:
        wrong = str(error)
    except RuntimeError as error:
        wrong = refusal(error)
        if not wrong:
            raise
    else:
        return 0
    print(f"error: {wrong}", file=sys.stderr)  # noqa: T201 -- the CDK CLI shows it to the person who runs it
    return 1


if __name__ == "__main__":
    sys.exit(main())
