"""Findings of common rule sets that the access check answers, each with its reason, on the narrowest path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Validations

if TYPE_CHECKING:
    from constructs import IConstruct

_SERVICE_TIMEOUT: Final = Acknowledgment(
    id="CloudFormation-Validate::W9003",
    reason="the timeout is meant: an unanswered request would hold the stack for an hour",
)
_STARS: Final = Acknowledgment(
    id="AwsSolutions-IAM5",
    reason=(
        "ecr:GetAuthorizationToken has no resource type; log streams have no name before they are made; "
        "names are listed to suggest the nearest to a missing one"
    ),
)


def of_role(role: IConstruct) -> None:
    """Acknowledge the wildcards of the check's own role."""
    Validations.of(role).acknowledge(_STARS)


def of_resource(resource: IConstruct) -> None:
    """Acknowledge the custom resource's timeout."""
    Validations.of(resource).acknowledge(_SERVICE_TIMEOUT)
