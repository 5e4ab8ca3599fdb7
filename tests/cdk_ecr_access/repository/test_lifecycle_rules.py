"""Lifecycle rules that archive, and rules that delete what is archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule
from tests.lifecycles import MONTH, TAGGED, UNTAGGED, YEAR, declare, rules_of

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


@pytest.mark.parametrize(
    "rule",
    [
        {"maxImageAge": MONTH, "tagPatternList": ["v*"], "tagStatus": TAGGED, "rulePriority": 3, "maxImageCount": None},
        {"max_image_age": MONTH, "tag_pattern_list": ("v*",), "tag_status": TAGGED, "rule_priority": 3},
    ],
    ids=["as in TypeScript", "as in Python"],
)
def test_a_rule_may_be_a_dict(stack: Stack, rule: dict[str, Any]) -> None:
    """As the type hints of ``aws_ecr`` allow."""
    declare(stack, rule)
    (found,) = rules_of(stack)
    selection = {"tagStatus": "tagged", "tagPatternList": ["v*"], "countType": "sinceImagePushed"}
    assert found["selection"] == {**selection, "countNumber": 30, "countUnit": "days"}
    assert found["rulePriority"] == 3


def test_without_rules_the_default_holds(stack: Stack) -> None:
    """None is no rule list, as for ``aws_ecr``."""
    AccessibleRepository(stack, "Repository", repository_name="team/app", lifecycle_rules=None)
    (found,) = rules_of(stack)
    assert found["selection"]["tagStatus"] == "untagged"


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            [{"maxImageCount": 1}, {"maxImagesCount": 1, "x": 2}],
            r"\[1\]: unknown key 'maxImagesCount'; did you mean 'maxImageCount'\?; .*unknown key 'x'; allowed: ",
        ),
        ([{"MaxImageCount": 1}], r"unknown key 'MaxImageCount'; did you mean 'maxImageCount'\?"),
        (
            [{"maxImageCount": 5, "max_image_count": 6}],
            r"'maxImageCount' and 'max_image_count' are one; keep one of them",
        ),
        ([{"max_image_count": "1", "tag_status": "ANY"}], r"argument max_image_count is the text '1'; .*tag_status is"),
    ],
    ids=["keys", "capitals", "both spellings", "values"],
)
def test_a_dict_that_is_no_rule_is_refused(stack: Stack, rules: list[dict[str, Any]], told: str) -> None:
    """``aws_ecr`` leaves out what it does not know, and counts nothing then."""
    with pytest.raises(ValueError, match=told):
        declare(stack, *rules)
