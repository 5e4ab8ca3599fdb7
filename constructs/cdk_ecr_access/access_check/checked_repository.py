"""A repository, as an access check knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import CfnDeletionPolicy, CfnResource
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack
    from constructs import IConstruct


@dataclass(frozen=True, eq=False)
class CheckedRepository:
    """A repository that a check looks up.

    Attributes:
        repository: its construct, or the one that declares it.
        stack: where that is.
        name: its name; empty if that is a token, or unknown.
        arn: refers to the repository, so that it is made before the check runs; perhaps a token.
        written_arn: the same, written out where it is known; for permissions, which need no repository to be there.
        account: whose registry it is in, perhaps a token.
        declared: whether an app declares it, and so its policy.
        is_retained: tells at synthesis whether a failed deployment that has just created it leaves it behind.
    """

    repository: IConstruct
    stack: Stack
    name: str
    arn: str
    written_arn: str
    account: str
    declared: bool
    is_retained: Callable[[], bool]


@per_construct
def checked(repository: ecr.IRepository) -> CheckedRepository:
    """Describe a repository of whatever kind; asked once, because a stack may require a thousand things of it."""
    arn, declared = repository.repository_arn, isinstance(repository, ecr.Repository)
    account = repository.env.account
    return CheckedRepository(
        repository, stack_of(repository), "", arn, arn, account, declared, lambda: _is_retained(repository)
    )


def _is_retained(repository: ecr.IRepository) -> bool:
    """Whether the removal policy of a repository of ``aws_ecr`` is ``RETAIN``, which is its default."""
    leaf = repository.node.default_child
    return isinstance(leaf, CfnResource) and leaf.cfn_options.deletion_policy is CfnDeletionPolicy.RETAIN
