"""The identity side of access from elsewhere: what administrators of another account attach themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk.region_info import RegionInfo

from cdk_ecr_access.actions import TOKEN_ACTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.actions import AccessLevel


def identity_policy(arns: Sequence[str], level: AccessLevel) -> iam.PolicyDocument:
    """Write the policy with which a role can use repositories, the token included where the level needs it."""
    statements = [iam.PolicyStatement(actions=[*level.actions], resources=[*arns])]
    if level.needs_token:
        # In a statement of its own, because the action knows no resource.
        statements.append(iam.PolicyStatement(actions=[TOKEN_ACTION], resources=["*"]))
    return iam.PolicyDocument(statements=statements)


def arn_elsewhere(repository: ecr.Repository, name: str) -> str:
    """Write a repository's ARN so that it means the same repository wherever it is read.

    Literal where all of it is known. A pseudo parameter in it would become the reader's account or Region, so it
    is the repository's attribute otherwise, which the CDK carries between stacks or refuses to.
    """
    stack = Stack.of(repository)
    account, region = stack.account, stack.region
    if Token.is_unresolved(f"{region}{account}{name}"):
        return repository.repository_arn
    return f"arn:{_partition(region) or stack.partition}:ecr:{region}:{account}:repository/{name}"


@cache
def _partition(region: str) -> str | None:
    return RegionInfo.get(region).partition
