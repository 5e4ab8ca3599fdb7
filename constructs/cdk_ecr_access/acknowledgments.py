"""Findings of common rule sets that the access check answers, each with its reason, on the narrowest path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Stack, Token, Validations

if TYPE_CHECKING:
    from constructs import IConstruct

_SERVICE_TIMEOUT: Final = Acknowledgment(
    id="CloudFormation-Validate::W9003",
    reason="the timeout is meant: an unanswered request would hold the stack for an hour",
)
# cdk-nag wants each wildcard acknowledged by itself, as it shows it.
_TOKEN: Final = Acknowledgment(
    id="AwsSolutions-IAM5[Resource::*]",
    reason="ecr:GetAuthorizationToken has no resource type, so it works only on '*'",
)


def of_role(role: IConstruct) -> None:
    """Acknowledge the wildcards of the check's own role."""
    stack = Stack.of(role)
    partition, region, account = (
        f"<AWS::{name}>" if Token.is_unresolved(value) else value
        for name, value in (("Partition", stack.partition), ("Region", stack.region), ("AccountId", stack.account))
    )
    names = Acknowledgment(
        id=f"AwsSolutions-IAM5[Resource::arn:{partition}:ecr:{region}:{account}:repository/*]",
        reason="repositories are listed, by name alone, to suggest the nearest to one that is missing",
    )
    Validations.of(role).acknowledge(_TOKEN, names)


def of_resource(resource: IConstruct) -> None:
    """Acknowledge the custom resource's timeout."""
    Validations.of(resource).acknowledge(_SERVICE_TIMEOUT)
