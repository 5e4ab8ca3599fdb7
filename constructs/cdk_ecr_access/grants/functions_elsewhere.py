"""Lambda functions of an app, in other accounts than a repository, that run its images.

``lambda_.DockerImageCode.from_ecr`` grants a pull to Lambda and does not say for which function, so that the functions
are found in the tree, when everything has been declared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.images import images_in
from ecr_access.tokens import are_different, is_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack
    from aws_cdk import aws_lambda as lambda_
    from constructs import IConstruct

    from ecr_access.iam.arns import Registry

_TYPE = "AWS::Lambda::Function"


def stacks_that_run(name: str, registry: Registry, *, root: IConstruct) -> list[Stack]:
    """Return the stacks, of accounts that are known to be others, of which functions run images of a repository.

    Args:
        name: of the repository.
        registry: of the repository.
        root: of the app.
    """
    if is_token(f"{registry.account}{name}"):
        return []
    found: dict[str, Stack] = {}
    for function in _functions_in(root):
        stack = stack_of(function)
        if are_different(registry_of(stack).account, registry.account) and _runs(function, stack, name, registry):
            found[stack.node.path] = stack
    return [*found.values()]


def _runs(function: lambda_.CfnFunction, stack: Stack, name: str, registry: Registry) -> bool:
    """Whether a function runs an image of a repository; Lambda takes only images of its own Region."""
    image = _image_of(function, stack)
    region = registry_of(stack).region
    return image == (registry.account, name) and not are_different(region, registry.region)


@per_construct
def _functions_in(root: IConstruct) -> Sequence[lambda_.CfnFunction]:
    from aws_cdk import aws_lambda as lambda_  # the CDK's second largest module

    return [one for one in root.node.find_all() if isinstance(one, lambda_.CfnFunction)]


@per_construct
def _image_of(function: lambda_.CfnFunction, stack: Stack) -> tuple[str, str] | None:
    """Return the account and the name of the repository whose image a function runs, as far as they are known."""
    code: dict[str, Any] = stack.resolve(function.code) or {}
    home = registry_of(stack)
    account, region = ("" if is_token(one) else one for one in (home.account, home.region))
    properties = {"Code": {"ImageUri": code.get("imageUri")}}
    template = Template("", {"Resources": {"Function": {"Type": _TYPE, "Properties": properties}}}, account, region)
    images = [*images_in(template, Resolver([template]))]
    return (images[0].account, images[0].name) if images else None
