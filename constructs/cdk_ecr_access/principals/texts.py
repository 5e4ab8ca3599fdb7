"""Principals that are given as texts, read by the reader of the manifest; the CDK is asked about tokens alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.principals.grantee import Grantee
from ecr_access.codes import Code
from ecr_access.iam.principal_names import Account, IamArn, Organization, UnitPath, external, refusal
from ecr_access.iam.principals import Kind
from ecr_access.tokens import is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from aws_cdk import Stack
    from constructs import IConstruct

    from ecr_access.iam.principal_names import ExternalPrincipal

PART: Final = r"(?:\$\{[^}]*\}|[^:])+"
"""A part of an ARN, which may be an intrinsic function as ``written`` writes it."""

OWN_ACCOUNT: Final = "${AWS::AccountId}"
"""The account of a stack for which none is given, as ``written`` writes it."""

# What the CDK calls the tokens of pseudo parameters.
_PSEUDO: Final = re.compile(r"\$\{Token\[AWS\.(AccountId|Partition)\.\d+\]\}")
# What says of itself that it is a role, user, group or account, though some of it is known only at deployment.
_ARN: Final = re.compile(rf"arn:{PART}:iam::{PART}:(root$|(role|user|group)/)|\$\{{\w+\.Arn\}}$")
_SHORT_SERVICE: Final = re.compile(r"([^.]+)\.amazonaws\.com\.cn")


def named(text: str) -> Grantee:
    """Read a text without tokens.

    Raises:
        ValueError: if it names no principal, with the one that is probably meant.
    """
    name = external(text)
    if name is None:
        raise Code.PRINCIPAL.error(f"cannot grant to {quoted(text)}: it {refusal(text)}")
    return _grantee(name)


def text_with_tokens(text: str, *, scope: IConstruct) -> str:
    """Resolve a text with tokens that is an ARN of IAM or the stack's own account.

    Raises:
        ValueError: if it may be of any kind.
    """
    resolved = written_here(text)
    if is_token(resolved):
        resolved = written(stack_of(scope).resolve(text))
    if resolved == OWN_ACCOUNT or _ARN.match(resolved):
        return resolved
    raise Code.PRINCIPAL.error(
        f"cannot grant to {quoted(text)}: its kind of principal is known only at deployment; allowed: "
        "'arn:PARTITION:iam::ACCOUNT:role/NAME', each of the three perhaps a token, or a principal of aws_iam, such as "
        "iam.ArnPrincipal(...), iam.AccountPrincipal(...) or iam.OrganizationPrincipal(...)"
    )


@per_construct
def stand_in(stack: Stack) -> iam.IGrantable:
    """Return what the CDK takes for the grantee of a grant to a text; its errors would name it, and it allows none."""
    return iam.UnknownPrincipal(resource=stack)


def written_here(text: str) -> str:
    """Write the pseudo parameters in a text as ``written`` does, without asking the CDK; other tokens stay."""
    return _PSEUDO.sub(r"${AWS::\1}", text)


def written(resolved: object) -> str:
    """Write a resolved value as text, intrinsic functions as ``${...}``."""
    match resolved:
        case str():
            return resolved
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(written(part) for part in parts)
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [*path]}:
            return f"${{{'.'.join(map(str, path))}}}"
    return f"${{{resolved}}}"


def _grantee(name: ExternalPrincipal) -> Grantee:
    match name:
        case IamArn(arn):
            return Grantee(Kind.IAM_IDENTITY, arn, arn.split(":")[4])
        case Account(account):
            return Grantee(Kind.ACCOUNT, account, account)
        case Organization(organization):
            return Grantee(Kind.ORGANIZATION, organization)
        case UnitPath(path):
            return Grantee(Kind.ORGANIZATIONAL_UNIT, path)
    # As iam.ServicePrincipal writes it: a service has one name in all partitions.
    return Grantee(Kind.SERVICE, _SHORT_SERVICE.sub(r"\1.amazonaws.com", name.name))
