"""Where a manifest is deployed: what it says itself, or else what the CDK CLI knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_cdk import Environment

from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.manifest import ManifestError, Problem
from ecr_access.tokens import is_token
from ecr_access.wording import listed

if TYPE_CHECKING:
    from constructs import Construct

    from ecr_access.manifest import Manifest


def environment_of(manifest: Manifest) -> Environment:
    """Return the account and Region of a manifest's stack. Default: the account and Region of the CDK CLI.

    What is left out in both is left to the deployment. Another Region than the CLI's is no error: the CLI takes
    us-east-1 for one where none is configured. An environment with a name may be in another account than the
    credentials: the CDK CLI deploys to it by the roles of its bootstrap stack.

    Args:
        manifest: which may name its ``account`` and ``region``, and is for one environment: ``manifest.of(...)``.

    Raises:
        ManifestError: if the credentials of the CLI are of another account than the one at the top of the manifest,
            or if the manifest is for several environments.

    https://docs.aws.amazon.com/cdk/v2/guide/environments.html
    """
    one = in_one_environment(manifest)
    account, region = (os.environ.get(name) or None for name in ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION"))
    is_named = any(there.name for there in one.environments)
    if account and one.account and account != one.account and not is_named:
        wrong = (
            f"the manifest is for account {one.account!r}, and the credentials are of account {account!r}; "
            "use credentials of the manifest's account (--profile), or correct the manifest"
        )
        raise ManifestError(one.source, [one.problem("account", wrong)])
    return Environment(account=one.account or account, region=one.region or region)


def in_one_environment(manifest: Manifest) -> Manifest:
    """Return a manifest with the account and Region of its only environment.

    Raises:
        ManifestError: if it is for several, each of which is a stack of its own.
    """
    match manifest.environments:
        case (there,) if there.name:
            return manifest.of(there, manifest.stack)
        case () | (_,):
            return manifest
        case several:
            names = listed([one.name or "the one at the top" for one in several])
            wrong = f"a stack is in one environment, and the manifest is for {len(several)}: {names}"
            todo = "make a stack for each of manifest.environments, with manifest.of(environment)"
            raise ManifestError(manifest.source, [Problem("", f"{wrong}; {todo}")])


def in_one_stack(manifest: Manifest) -> Manifest:
    """Return a manifest that is for one stack.

    Raises:
        ManifestError: if its environment has several, and it is not for one of them.
    """
    for one in manifest.environments if manifest.stack is None else ():
        if one.stacks > 1:
            wrong = (
                f"the repositories are for {one.stacks} stacks; make a stack for each of "
                "manifest.parts(environment), or write stacks: 1"
            )
            raise ManifestError(manifest.source, [manifest.problem(manifest.stacks_key(one), wrong)])
    return manifest


def require_place(scope: Construct, manifest: Manifest) -> None:
    """See that a manifest is deployed where it says.

    Raises:
        ManifestError: if it names another account or Region than its stack has.
    """
    stack = stack_of(scope)
    problems = [
        manifest.problem(key, f"the manifest is for {told!r}, and its stack is in {own!r}; make both the same")
        for key, told, own in (("account", manifest.account, stack.account), ("region", manifest.region, stack.region))
        if told and not is_token(own) and told != own
    ]
    if problems:
        raise ManifestError(manifest.source, problems)
