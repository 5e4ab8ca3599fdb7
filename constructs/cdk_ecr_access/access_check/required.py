"""What an app requires of principals by itself, beside the requirements that grants make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.access_check.requirements import DeclaredRequirement
from cdk_ecr_access.cdk.stacks import registry_of
from cdk_ecr_access.principals.grantees import grantees_of, is_foreign
from cdk_ecr_access.principals.service_sources import accounts_of
from cdk_ecr_access.principals.trust import level_for
from ecr_access.codes import Code
from ecr_access.iam.principals import Kind
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.actions import AccessLevel


_GRANT: Final = re.compile(r"\bgrant (to|under)\b")
_REQUIRE: Final = {"to": "require access of", "under": "require access under"}


def required_token(principal: iam.IGrantable | str, stack: Stack) -> list[DeclaredRequirement]:
    """Return that a principal can get an authorization token, as a stack's check requires it.

    Raises:
        ValueError: if the principal is none that has policies of its own, or lives in another account.
    """
    found = _principals(principal, stack)
    for one in found:
        if one.kind is not Kind.IAM_IDENTITY:
            raise Code.TOKEN_REQUIREMENT.error(
                f"cannot require a token of {one.kind.value} {quoted(one.name)}: a token is allowed by a principal's "
                "own policies, which only roles, users and groups have"
            )
        if not _simulated(one, stack):
            raise Code.TOKEN_REQUIREMENT.error(
                f"cannot require a token of {quoted(one.name)} here: its policies are those of account {one.account}; "
                "require it in a stack of that account"
            )
    return [DeclaredRequirement(one.name, token=True) for one in found]


def required_access(
    principal: iam.IGrantable | str, level: AccessLevel, arn: str, stack: Stack
) -> list[DeclaredRequirement]:
    """Return that a principal has access to a repository, and the token where the stack's account can tell.

    Raises:
        ValueError: if the principal is none that ECR can trust.
    """
    return [
        DeclaredRequirement(
            one.name, level_for(one, level), arn, token=_simulated(one, stack), accounts=accounts_of(one, stack)
        )
        for one in _principals(principal, stack)
    ]


def _principals(principal: iam.IGrantable | str, stack: Stack) -> tuple[Grantee, ...]:
    """Take a principal apart; one that is refused is refused for what was asked, which is no grant."""
    try:
        return grantees_of(principal, scope=stack)
    except ValueError as error:
        refused = _GRANT.sub(lambda found: _REQUIRE[found[1]], str(error))
        raise ValueError(refused) from error


def _simulated(grantee: Grantee, stack: Stack) -> bool:
    """Whether the policy simulator of the stack's account may know a principal."""
    return grantee.kind is Kind.IAM_IDENTITY and not is_foreign(grantee, registry_of(stack).account)
