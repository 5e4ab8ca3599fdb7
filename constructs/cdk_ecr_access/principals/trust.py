"""The repository side of a grant: which principal a repository policy names, under which conditions.

Pure: knows IAM's rules and nothing of the CDK.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ecr_access.codes import Code
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.principals import LAMBDA, Kind
from ecr_access.tokens import are_different, is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.arns import Registry

_SOURCES: Final = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
_WILDCARDS: Final = frozenset("*?")


@dataclass(frozen=True)
class Trust:
    """The ``Principal`` and ``Condition`` of a repository policy's statement."""

    scheme: str
    principal: str
    conditions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def statement(self, actions: Sequence[str]) -> dict[str, Any]:
        """Write the statement that allows actions."""
        condition = {"Condition": self.conditions} if self.conditions else {}
        principal = {self.scheme: self.principal}
        return {"Effect": "Allow", "Action": [*actions], "Principal": principal, **condition}


def level_for(grantee: Grantee, level: AccessLevel) -> AccessLevel:
    """Return the level that a grantee needs for another one: the service Lambda pulls without a token.

    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
    """
    is_lambda = grantee.kind is Kind.SERVICE and grantee.name == LAMBDA
    return AccessLevel.LAMBDA_PULL if is_lambda and level is AccessLevel.PULL else level


def trust(grantee: Grantee, registry: Registry, *, home: Registry, foreign: bool) -> Trust:
    """Say how a repository policy names a grantee.

    Args:
        grantee: the principal.
        registry: the repository's.
        home: the account and Region of the stack that grants, for whose resources a service acts.
        foreign: whether the grantee is known to live in another account than the repository.

    Raises:
        ValueError: if the statement would allow no call, or if ECR would refuse it.
    """
    own = dict(grantee.conditions)
    if grantee.kind is Kind.SERVICE:
        return Trust("Service", grantee.name, _confined(grantee.name, own, home))
    if grantee.kind is Kind.ORGANIZATION:
        if _WILDCARDS & set(grantee.name):
            raise Code.PRINCIPAL.error(
                f"cannot grant to organization {quoted(grantee.name)}: its id has no wildcard; name each of them"
            )
        return Trust("AWS", "*", _with(own, "StringEquals", "aws:PrincipalOrgID", grantee.name))
    if grantee.kind is Kind.ORGANIZATIONAL_UNIT:
        return Trust("AWS", "*", _with(own, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", grantee.name))
    if grantee.kind is Kind.ACCOUNT:
        own_names = (registry.account, *(("${AWS::AccountId}",) if registry.account == home.account else ()))
        if grantee.account in own_names:
            raise Code.PRINCIPAL.error(
                f"cannot grant to account '{grantee.account}', the repository's own: trusting it only "
                "delegates to its IAM policies; it grants no access; grant to the roles or users themselves"
            )
        return Trust("AWS", _root(registry, grantee.name), own)
    if problem := _partition_error(grantee.name, registry.partition):
        raise Code.PRINCIPAL.error(problem)
    if foreign:
        # A role's ARN would have to exist when the policy is put, and would silently stop working when the
        # role is deleted and created again: ECR stores the role's unique id in its place.
        arn = _with(own, "ArnLike", "aws:PrincipalArn", grantee.name)
        return Trust("AWS", _root(registry, grantee.account or registry.account), arn)
    if _WILDCARDS & set(grantee.name):
        unknown = ", or give the stack its account, if that is another one" if is_token(registry.account) else ""
        raise Code.PRINCIPAL.error(
            f"cannot grant to {quoted(grantee.name)}: a repository policy knows no wildcard in the ARN of a role or "
            f"user of its own account; grant to each of them{unknown}"
        )
    return Trust("AWS", grantee.name, own)


def is_confined(conditions: Mapping[str, Any]) -> bool:
    """Whether conditions say for which resources a service acts."""
    return any(key.lower() in _SOURCES for keys in conditions.values() for key in keys)


def source_condition(service: str, registry: Registry, accounts: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Write the condition that a service acts for resources of accounts; of Lambda, for functions in a Region.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    """
    if service == LAMBDA:
        place = f"arn:{registry.partition}:lambda:{registry.region}"
        return {"StringLike": {"aws:SourceArn": [f"{place}:{account}:function:*" for account in accounts]}}
    return {"StringEquals": {"aws:SourceAccount": [*accounts]}}


def _confined(service: str, conditions: dict[str, Any], home: Registry) -> dict[str, dict[str, Any]]:
    """Keep a service from acting for other customers (the confused deputy)."""
    if is_confined(conditions):
        return conditions
    ((operator, keys),) = source_condition(service, home, [home.account]).items()
    ((key, (value,)),) = keys.items()
    return _with(conditions, operator, key, value)


def _partition_error(arn: str, own: str) -> str | None:
    """Say that a principal is known to be of another partition than the repository; None of one that may be let in.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
    """
    scheme, _, rest = arn.partition(":")
    partition, _, rest = rest.partition(":")
    if scheme != "arn" or not are_different(partition, own):
        return None
    return (
        f"cannot grant to {quoted(arn)}: it is of partition '{partition}', and a repository of '{own}' lets in no "
        f"principal of another; did you mean {quoted(f'arn:{own}:{rest}')}?"
    )


def _root(registry: Registry, account: str) -> str:
    return f"arn:{registry.partition}:iam::{account}:root"


def _with(conditions: dict[str, Any], operator: str, key: str, value: str) -> dict[str, dict[str, Any]]:
    return {**conditions, operator: {**conditions.get(operator, {}), key: value}}
