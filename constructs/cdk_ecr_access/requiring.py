"""What an app requires of principals by itself, beside the requirements that grants make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.checked_repository import checked
from cdk_ecr_access.grantees import grantees_of, is_foreign, principal_of
from cdk_ecr_access.principals import Kind
from cdk_ecr_access.requirements import Requirement
from cdk_ecr_access.stacks import registry_of

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.access_check import AccessCheck
    from cdk_ecr_access.actions import AccessLevel
    from cdk_ecr_access.principals import Grantee


def token(check: AccessCheck, principal: iam.IGrantable) -> None:
    """Require the authorization token of a principal.

    Raises:
        ValueError: if the principal is none that has policies of its own, or lives in another account.
    """
    found = grantees_of(principal, scope=check.stack)
    for one in found:
        if one.kind is not Kind.IAM:
            raise ValueError(
                f"cannot require a token of {one.kind.value} '{one.name}': a token is allowed by a principal's "
                "own policies, which only roles, users and groups have"
            )
        if not _knows(check, one):
            raise ValueError(
                f"cannot require a token of '{one.name}' here: its policies are those of account {one.account}; "
                "require it in a stack of that account"
            )
    for one in found:
        check.add(Requirement(one.name, token=True), principal=principal_of(principal))


def access(check: AccessCheck, principal: iam.IGrantable, repository: ecr.IRepository, level: AccessLevel) -> None:
    """Require access to a repository of a principal, and the token where it is one of the check's account.

    Raises:
        ValueError: if the principal is none that ECR can trust.
    """
    looked_up = checked(repository)
    for one in grantees_of(principal, scope=check.stack):
        identity = _knows(check, one)
        requirement = Requirement(one.name, level, looked_up.arn, token=identity)
        check.add(requirement, principal=principal_of(principal) if identity else None, repository=looked_up)


def _knows(check: AccessCheck, grantee: Grantee) -> bool:
    """Whether the policy simulator of the check's account may know a principal."""
    return grantee.kind is Kind.IAM and not is_foreign(grantee, registry_of(check.stack).account)
