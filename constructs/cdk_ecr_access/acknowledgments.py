"""Findings of common rule sets that the access check answers, each with its reason, on the narrowest path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Validations

if TYPE_CHECKING:
    from constructs import IConstruct

# cdk-nag wants each wildcard acknowledged by itself, as it shows it.
_TOKEN: Final = Acknowledgment(
    id="AwsSolutions-IAM5[Resource::*]",
    reason="ecr:GetAuthorizationToken has no resource type, so it works only on '*'",
)


def of_role(role: IConstruct) -> None:
    """Acknowledge the wildcard of the token in the check's own role."""
    Validations.of(role).acknowledge(_TOKEN)


def of_listing(role: IConstruct, repositories: str) -> None:
    """Acknowledge that the check's own role lists a registry; ``repositories`` is the ARN of all of them."""
    pattern = re.sub(r"\$\{Token\[AWS\.(\w+)\.\d+\]\}", r"<AWS::\1>", repositories)
    names = Acknowledgment(
        id=f"AwsSolutions-IAM5[Resource::{pattern}]",
        reason="repositories are listed, by name alone, to suggest the nearest to one that is missing",
    )
    Validations.of(role).acknowledge(names)
