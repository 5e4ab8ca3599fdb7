"""The repository side of grants, as grants know it: of a declared repository, an existing one, one made in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.iam.actions import AccessLevel


class RepositorySide(Protocol):
    """The policy of a repository, as far as this app has a say in it.

    ``declared`` says that this app declares the repository, and so its policy; ``retained`` that a failed deployment
    which has just created the repository leaves it behind.
    """

    declared: bool
    retained: bool

    def check(self, wanted: Sequence[tuple[Trust, AccessLevel]]) -> None:
        """Raise a ValueError if the policy cannot come to hold a statement; change nothing."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Add a statement that trusts a grantee."""

    def when_all_is_declared(self, do: Callable[[], None]) -> None:
        """Do something once, in an aspect: when everything has been declared, and statements can still be added."""
