"""Deploys the repositories that a manifest declares: name its file under "manifest" in the context of cdk.json."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aws_cdk import App, CfnOutput, Environment, Fn, Stack

from cdk_ecr_access.manifest import DeclaredInBulk, read_manifest
from cdk_ecr_access.manifest.messages import refusal
from cdk_ecr_access.manifest.place import environment_of
from ecr_access.manifest import Manifest, ManifestError

if TYPE_CHECKING:
    from constructs import Construct


class EcrAccess(Stack):
    """The declared repositories, and what their users need to know to reach them."""

    def __init__(self, scope: Construct, id: str, *, manifest: Manifest, env: Environment) -> None:  # noqa: A002
        """Make the stack that a manifest declares."""
        super().__init__(scope, id, env=env, description="ECR repositories whose access is proved")
        self.declared = DeclaredInBulk(self, "Declared", manifest=manifest)
        # One output however many repositories: a stack holds 200 outputs.
        registry = Fn.join("", [self.account, ".dkr.ecr.", self.region, ".", self.url_suffix])
        CfnOutput(self, "Registry", value=registry, description="Push to and pull from REGISTRY/NAME:TAG")
        for key, role in self.declared.roles.items():
            name = "".join(word.capitalize() for word in key.split("-"))
            CfnOutput(self, f"{name}RoleArn", value=role.role_arn, description=f"Role '{key}' of the manifest")


def build(app: App) -> list[EcrAccess]:
    """Declare a stack in an app for each environment of the manifest.

    Raises:
        ManifestError: with what is wrong with the manifest.
    """
    manifest = read_manifest(app.node.get_all_context())
    # Where the account is known, so is at synth which roles are of it.
    return [
        EcrAccess(app, "-".join(filter(None, ("EcrAccess", one.name))), manifest=part, env=environment_of(part))
        for one in manifest.environments
        for part in [manifest.of(one)]
    ]


def main() -> int:
    """Synthesize, or print what is wrong with the manifest and synthesize nothing."""
    app = App()
    try:
        build(app)
        app.synth()
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
