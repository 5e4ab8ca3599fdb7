"""A grant taken apart: its principals, each with its level, the statement that names it, and what is attached to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdk_ecr_access.cdk.stacks import registry_of
from cdk_ecr_access.grants.principal_policies import IdentitySide
from cdk_ecr_access.principals.grantee import Grantee
from cdk_ecr_access.principals.grantees import is_foreign, principal_and_grantees
from cdk_ecr_access.principals.trust import is_confined, level_for, trust
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.principals import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.iam.arns import Registry


@dataclass(frozen=True)
class Part:
    """One principal of a grant.

    Attributes:
        grantee: that it is of.
        principal: behind the grantee; a text as it is.
        one: the principal, as IAM sees it.
        level: what it is granted.
        foreign: whether it is known to live in another account than the repository.
        trusted: how the repository's policy names it.
        identity: what is attached to it; None for one that nothing here can be attached to.
    """

    grantee: iam.IGrantable | str
    principal: iam.IPrincipal | str
    one: Grantee
    level: AccessLevel
    foreign: bool
    trusted: Trust
    identity: IdentitySide | None

    @property
    def is_of_functions(self) -> bool:
        """Whether it is Lambda for functions that are not named: the functions that the app declares."""
        return _is_of_functions(self.one, self.level)

    @property
    def is_perhaps_own(self) -> bool:
        """Whether it is an account of Lambda functions that may be the repository's own, which needs no statement."""
        return self.level is AccessLevel.LAMBDA_PULL and self.one.kind is Kind.ACCOUNT and not self.foreign


def parts_of(grantee: iam.IGrantable | str, level: AccessLevel, registry: Registry, *, stack: Stack) -> list[Part]:
    """Take a grant apart.

    Where Lambda runs an image of another account's repository, the account of the functions is a part, too: its roles
    read the image when they create a function.

    Args:
        grantee: to which is granted.
        level: what it is to do.
        registry: of the repository.
        stack: that grants; services act for its account.

    Raises:
        ValueError: for a principal that ECR cannot be asked to trust, with the reason.

    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    """
    (principal, grantees), home = principal_and_grantees(grantee, scope=stack), registry_of(stack)
    found = []
    for one, needed in _with_function_account(grantees, level, registry, home):
        foreign = is_foreign(one, registry.account)
        trusted = trust(one, registry, home=home, foreign=foreign)
        identity = IdentitySide.of(principal, one) if one.kind is Kind.IAM_IDENTITY else None
        found.append(Part(grantee, principal, one, needed, foreign, trusted, identity))
    return found


def _with_function_account(
    grantees: tuple[Grantee, ...], level: AccessLevel, registry: Registry, home: Registry
) -> Iterator[tuple[Grantee, AccessLevel]]:
    for one in grantees:
        needed = level_for(one, level)
        yield one, needed
        if _is_of_functions(one, needed) and home.account != registry.account:
            yield Grantee(Kind.ACCOUNT, home.account, home.account), needed


def _is_of_functions(one: Grantee, level: AccessLevel) -> bool:
    return level is AccessLevel.LAMBDA_PULL and one.kind is Kind.SERVICE and not is_confined(one.conditions)
