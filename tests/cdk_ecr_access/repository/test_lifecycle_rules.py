"""Lifecycle rules that archive, and those that delete what is archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule
from tests.lifecycles import MONTH, UNTAGGED, YEAR, declare, rules_of

if TYPE_CHECKING:
    from aws_cdk import Stack


@pytest.mark.parametrize(
    ("rule", "selection"),
    [
        (
            ArchiveRule(not_pulled_for=MONTH),
            {"tagStatus": "any", "countType": "sinceImagePulled", "countNumber": 30, "countUnit": "days"},
        ),
        (
            ArchiveRule(max_image_age=MONTH, tag_status=UNTAGGED),
            {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 30, "countUnit": "days"},
        ),
        (
            ArchiveRule(max_image_count=9, tag_pattern_list=["v*"]),
            {
                "tagStatus": "tagged",
                "tagPatternList": ["v*"],
                "countType": "imageCountMoreThan",
                "countNumber": 9,
            },
        ),
    ],
)
def test_a_rule_that_archives(stack: Stack, rule: ArchiveRule, selection: dict[str, Any]) -> None:
    """Counts in each of the ways that AWS has, and moves the images to the archive."""
    declare(stack, rule)
    (found,) = rules_of(stack)
    assert found["selection"] == selection
    assert found["action"] == {"type": "transition", "targetStorageClass": "archive"}


def test_a_rule_that_deletes_archived_images(stack: Stack) -> None:
    """Selects the storage class that no other rule sees."""
    declare(stack, ExpireArchivedRule(archived_for=YEAR, description="for good"))
    assert rules_of(stack) == [
        {
            "rulePriority": 1,
            "description": "for good",
            "selection": {
                "tagStatus": "any",
                "countType": "sinceImageTransitioned",
                "countNumber": 365,
                "countUnit": "days",
                "storageClass": "archive",
            },
            "action": {"type": "expire"},
        }
    ]
