"""Findings of common rule sets that the access check answers, each with its reason, on the narrowest path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Validations

if TYPE_CHECKING:
    from constructs import IConstruct

_TOKEN: Final = Acknowledgment(
    id="AwsSolutions-IAM5[Resource::*]",
    reason="ecr:GetAuthorizationToken has no resource type, so it works only on '*'",
)


_STAR: Final = Acknowledgment(id="Serverless-LambdaStarPermissions", reason=_TOKEN.reason)
_PACKS: Final = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
_INLINE: Final = tuple(
    Acknowledgment(
        id=f"{pack}-IAMNoInlinePolicy",
        reason="the policy is of this role alone, and goes with it; its resources are those that this check looks at",
    )
    for pack in _PACKS
)
_FUNCTION: Final = (
    *(
        Acknowledgment(
            id=f"{pack}-LambdaDLQ",
            reason="every event is answered, and a kept one would hold the pre-signed URL of its answer",
        )
        for pack in ("HIPAA.Security", "NIST.800.53.R5", "Serverless")
    ),
    *(
        Acknowledgment(
            id=f"{pack}-LambdaConcurrency",
            reason="CloudFormation calls it once a deployment; reserved concurrency would be taken from the account's",
        )
        for pack in ("HIPAA.Security", "NIST.800.53.R5")
    ),
    Acknowledgment(
        id="Serverless-LambdaTracing", reason="its log has the calls and the seconds of each run; traces add nothing"
    ),
)


def of_inline_policy(role: IConstruct) -> None:
    """Acknowledge that the policy of the schedule's role is inline."""
    Validations.of(role).acknowledge(*_INLINE)


def of_role(role: IConstruct) -> None:
    """Acknowledge the wildcard of the token in the check's own role, and that its policy is inline."""
    Validations.of(role).acknowledge(_TOKEN, _STAR, *_INLINE)


def of_resource(resource: IConstruct) -> None:
    """Acknowledge that CloudFormation waits a little over five minutes for the check, and not an hour."""
    Validations.of(resource).acknowledge(
        Acknowledgment(
            id="CloudFormation-Validate::W9003",
            reason="the timeout is meant: an unanswered request would hold the stack for an hour",
        )
    )


def of_function(function: IConstruct) -> None:
    """Acknowledge what the check's function does without."""
    Validations.of(function).acknowledge(*_FUNCTION)


def of_network(role: IConstruct, interfaces: str) -> None:
    """Acknowledge that Lambda makes network interfaces in the name of the check's own role."""
    Validations.of(role).acknowledge(
        _wildcard(interfaces, "Lambda makes network interfaces for the function, and their ids are not known before")
    )


def of_listing(role: IConstruct, repositories: str) -> None:
    """Acknowledge that the check's own role lists a registry; ``repositories`` is the ARN of all of them."""
    Validations.of(role).acknowledge(
        _wildcard(repositories, "repositories are listed, by name alone, to suggest the nearest to one that is missing")
    )


def _wildcard(arn: str, reason: str) -> Acknowledgment:
    """Acknowledge an ARN with a wildcard, which cdk-nag wants as it shows it."""
    pattern = re.sub(r"\$\{Token\[AWS\.(\w+)\.\d+\]\}", r"<AWS::\1>", arn)
    return Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{pattern}]", reason=reason)
