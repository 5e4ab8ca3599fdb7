"""The identity side of access from elsewhere: what administrators of another account attach themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.iam.actions import AccessLevel
    from ecr_access.iam.arns import Registry


def identity_policy_document(arns: Sequence[str], level: AccessLevel) -> dict[str, Any]:
    """Write the policy with which a role can use repositories, the token included where the level needs it.

    As the CDK renders it: nothing that Python knows is asked of it.
    """
    # The token in a statement of its own, because the action knows no resource.
    allowed = [([*level.actions], [*arns]), *([([TOKEN_ACTION], ["*"])] if level.needs_token else [])]
    statements = [
        {"Action": _one_or_all(actions), "Effect": "Allow", "Resource": _one_or_all(resources)}
        for actions, resources in allowed
    ]
    return {"Statement": statements, "Version": "2012-10-17"}


def identity_policy(arns: Sequence[str], level: AccessLevel) -> iam.PolicyDocument:
    """Return the same for the CDK."""
    return iam.PolicyDocument.from_json(identity_policy_document(arns, level))


def arn_elsewhere(registry: Registry, name: str) -> str | None:
    """Write a repository's ARN so that it means the same repository wherever it is read.

    Literal, if all of it is known; None otherwise. A pseudo parameter in it would become the reader's account or
    Region, so the repository's attribute has to stand for it then, which the CDK carries between stacks or refuses to.
    The partition may be one: no account of another partition can be let in.
    """
    if is_token(f"{registry.region}{registry.account}{name}"):
        return None
    return registry.repository_arn(name)


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
