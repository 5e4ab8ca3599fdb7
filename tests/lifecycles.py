"""What tests of lifecycle rules declare and read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule
from tests.reading import rendered

if TYPE_CHECKING:
    from aws_cdk import Stack

    from cdk_ecr_access.repository.lifecycle_rules import GivenRule

TYPE = "AWS::ECR::Repository"
ANY, TAGGED, UNTAGGED = ecr.TagStatus.ANY, ecr.TagStatus.TAGGED, ecr.TagStatus.UNTAGGED
MONTH, YEAR = Duration.days(30), Duration.days(365)
ARCHIVE = ArchiveRule(not_pulled_for=MONTH)


def declare(stack: Stack, *rules: GivenRule, **properties: Any) -> AccessibleRepository:
    """Declare a repository with rules."""
    return AccessibleRepository(stack, "Repository", repository_name="team/app", lifecycle_rules=rules, **properties)


def policy(stack: Stack) -> Any:
    """The text of the only lifecycle policy."""
    return rendered(stack).one(TYPE)["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]


def rules_of(stack: Stack) -> list[dict[str, Any]]:
    """The rules of the only lifecycle policy."""
    rules: list[dict[str, Any]] = json.loads(policy(stack))["rules"]
    return rules


def tagged(number: int) -> ecr.LifecycleRule:
    """Make one of many rules."""
    return ecr.LifecycleRule(tag_pattern_list=[f"v{number}-*"], max_image_count=9)
