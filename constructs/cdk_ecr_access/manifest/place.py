"""Where a manifest is deployed: what it says itself, or else what the CDK CLI knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_cdk import Environment

from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.manifest import ManifestError
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from constructs import Construct

    from ecr_access.manifest import Manifest


def environment_of(manifest: Manifest) -> Environment:
    """Return the account and Region of a manifest's stack. Default: the account and Region of the CDK CLI.

    What is left out in both is left to the deployment. Another Region than the CLI's is no error: the CLI takes
    us-east-1 for one where none is configured.

    Args:
        manifest: which may name its ``account`` and ``region``.

    Raises:
        ManifestError: if the credentials of the CLI are of another account.

    https://docs.aws.amazon.com/cdk/v2/guide/environments.html
    """
    account, region = (os.environ.get(name) or None for name in ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION"))
    if account and manifest.account and account != manifest.account:
        wrong = (
            f"the manifest is for account {manifest.account!r}, and the credentials are of account {account!r}; "
            "use credentials of the manifest's account (--profile), or correct the manifest"
        )
        raise ManifestError(manifest.source, [manifest.problem(("account",), wrong)])
    return Environment(account=manifest.account or account, region=manifest.region or region)


def require_place(scope: Construct, manifest: Manifest) -> None:
    """See that a manifest is deployed where it says.

    Raises:
        ManifestError: if it names another account or Region than its stack has.
    """
    stack = stack_of(scope)
    problems = [
        manifest.problem((key,), f"the manifest is for {told!r}, and its stack is in {own!r}; make both the same")
        for key, told, own in (("account", manifest.account, stack.account), ("region", manifest.region, stack.region))
        if told and not is_token(own) and told != own
    ]
    if problems:
        raise ManifestError(manifest.source, problems)
