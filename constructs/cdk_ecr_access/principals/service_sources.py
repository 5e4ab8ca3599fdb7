"""For which accounts a service acts, as the conditions of a statement name them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Fn, Token

from cdk_ecr_access.principals.trust import source_condition
from ecr_access.iam.merging import listed
from ecr_access.iam.principals import Kind
from ecr_access.tokens import is_list_token, is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import Stack

    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.arns import Registry

_NAMING: Final = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_ACCOUNT_OF_AN_ARN: Final = 4
_OWN: Final = {"Ref": "AWS::AccountId"}


def accounts_of(grantee: Grantee, stack: Stack) -> tuple[str, ...]:
    """Return the accounts for which a service acts; empty for the stack's own, and where no condition names one.

    Args:
        grantee: the principal; one that is no service acts for itself.
        stack: whose access check proves the grant. Its own account is left out, which the check knows at deploy time.
    """
    found = _named(grantee)
    own = (stack.resolve(stack.account), _OWN) if found else ()
    return found if any(is_list_token(one) or stack.resolve(one) not in own for one in found) else ()


def names_accounts_alone(grantee: Grantee, registry: Registry) -> bool:
    """Whether the conditions of a service say for which accounts it acts, and nothing else."""
    found = _named(grantee)
    plain = {
        operator: {key: listed(values) for key, values in keys.items()} for operator, keys in grantee.conditions.items()
    }
    return bool(found) and plain == source_condition(grantee.name, registry, found)


def _named(grantee: Grantee) -> tuple[str, ...]:
    if grantee.kind is not Kind.SERVICE:
        return ()
    # Where both keys are there, both must be met: the first names the account itself.
    named = [*_values(grantee.conditions, "aws:sourceaccount")] or [
        account for value in _values(grantee.conditions, "aws:sourcearn") for account in _account_in(value)
    ]
    if several := [one for one in named if is_list_token(one)]:
        return (several[0],)
    return tuple(dict.fromkeys(one for one in named if is_token(one) or one.isdigit()))


def _values(conditions: Mapping[str, Any], key: str) -> Iterator[str]:
    for operator, keys in conditions.items():
        name = operator.lower().rpartition(":")[2].removesuffix("ifexists")
        for written, values in keys.items():
            if name in _NAMING and written.lower() == key:
                # An intrinsic function is an object of the CDK.
                yield from (str(one) if isinstance(one, (str, int)) else Token.as_string(one) for one in listed(values))


def _account_in(arn: str) -> Iterator[str]:
    parts = arn.split(":")
    if len(parts) > _ACCOUNT_OF_AN_ARN:
        yield parts[_ACCOUNT_OF_AN_ARN]
    elif is_token(arn):
        yield Fn.select(_ACCOUNT_OF_AN_ARN, Fn.split(":", arn))
