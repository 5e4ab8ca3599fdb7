"""What the class of a principal of ``aws_iam`` tells of it, so that the CDK is not asked.

A class of another module may answer otherwise, such as one in Python that extends one of these: it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.interfaces import answering, asked
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MADE_HERE: Final = (iam.Role, iam.User, iam.Group, iam.LazyRole)
"""The principals that an app makes; what it imports is none of these."""

_INTERFACES: Final[tuple[Any, ...]] = (iam.IRole, iam.IUser, iam.IGroup)
_IMPORTED: Final = tuple(one.__jsii_proxy_class__() for one in _INTERFACES)
_ITSELF: Final = (iam.PrincipalBase, *MADE_HERE, *_IMPORTED)
_ARNS: Final[Mapping[str, tuple[type, ...]]] = {
    "arn": (iam.ArnPrincipal,),
    "role_arn": (iam.Role, iam.LazyRole, _IMPORTED[0]),
    "user_arn": (iam.User, _IMPORTED[1]),
    "group_arn": (iam.Group, _IMPORTED[2]),
}
"""The attribute by which a policy names a principal, under no condition: it is given once and for all."""


def is_itself(grantee: object) -> bool:
    """Whether a grantee is known to be its own principal."""
    return _is_of_aws_iam(grantee, _ITSELF, "grant_principal")


def arn_of(principal: iam.IPrincipal) -> str | None:
    """Return the ARN by which policies name a principal, perhaps a token; None if its class does not tell."""
    for name, classes in _ARNS.items():
        if _is_of_aws_iam(principal, classes, name, "policy_fragment"):
            arn: str = asked_once(principal, name)
            return arn
    return None


def account_of(principal: iam.IPrincipal | None) -> str | None:
    """Return the account that a principal says it lives in, perhaps a token; None for a text, and for most."""
    # An ARN by itself never says one.
    if principal is None or type(principal) is iam.ArnPrincipal:
        return None
    if isinstance(principal, MADE_HERE) and _is_of_aws_iam(principal, MADE_HERE, "principal_account"):
        return registry_of(stack_of(principal)).account
    account: str | None = asked(principal, "principal_account")
    return account


@per_construct
def asked_once(principal: object, attribute: str) -> Any:
    """Return an attribute that never changes."""
    return asked(principal, attribute)


def _is_of_aws_iam(principal: object, classes: tuple[type, ...], *attributes: str) -> bool:
    one = answering(principal, attributes[0])
    return isinstance(one, classes) and all(_is_answered_by_aws_iam(one, attribute) for attribute in attributes)


def _is_answered_by_aws_iam(one: object, attribute: str) -> bool:
    found = getattr(type(one), attribute, None)
    return isinstance(found, property) and found.fget.__module__ == iam.__name__
