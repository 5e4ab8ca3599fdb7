"""A repository, as an access check knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack


@dataclass(frozen=True, eq=False)
class CheckedRepository:
    """A repository that a check looks up.

    Attributes:
        repository: its construct.
        stack: where that is.
        name: what a person calls it.
        arn: refers to the repository, so that it is made before the check runs; perhaps a token.
        written_arn: the same, written out where it is known; for permissions, which need no repository to be there.
        account: whose registry it is in, perhaps a token.
        declared: whether an app declares it, and so its policy.
        compared: tells, at synthesis, the statements that have to be found in its live policy.
    """

    repository: ecr.IRepository
    stack: Stack
    name: str
    arn: str
    written_arn: str
    account: str
    declared: bool
    compared: Callable[[], list[dict[str, Any]]] = list

    @classmethod
    def of(cls, repository: ecr.IRepository) -> CheckedRepository:
        """Take a repository of whatever kind."""
        arn, declared = repository.repository_arn, isinstance(repository, ecr.Repository)
        return cls(repository, stack_of(repository), repository.node.path, arn, arn, repository.env.account, declared)
