"""``no-deletion-policy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.no_deletion_policy import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack


@pytest.mark.parametrize(
    ("empties", "end"),
    [
        (NOTHING, "the deletion fails while the repository holds images, as EmptyOnDelete is not true"),
        (False, "the deletion fails while the repository holds images, as EmptyOnDelete is not true"),
        (True, "all its images are deleted too, as EmptyOnDelete is true"),
        ("true", "all its images are deleted too, as EmptyOnDelete is true"),
        (
            PARAMETER,
            "the deletion fails while the repository holds images, or deletes them if EmptyOnDelete turns out true",
        ),
    ],
)
def test_a_repository_that_does_not_say_is_reported_with_what_will_happen(empties: object, end: str) -> None:
    """Deleting is what CloudFormation does then, and it depends on another property whether that works."""
    (found,) = findings(RULE, app_of({"Web": repository(EmptyOnDelete=empties)}))
    assert found == (
        f"repository 'Web' has no DeletionPolicy, so that CloudFormation deletes it with the stack: {end}; fix: set "
        "DeletionPolicy "
        "RetainExceptOnCreate, the default of AccessibleRepository, or Delete where that is meant, with "
        "EmptyOnDelete true"
    )


def test_no_value_is_none() -> None:
    """Where a macro allows it."""
    assert len(findings(RULE, app_of({"Web": {**repository(), "DeletionPolicy": NOTHING}}))) == 1


@pytest.mark.parametrize("policy", ["Retain", "Delete", "RetainExceptOnCreate", PARAMETER])
def test_one_that_says_it_is_not(policy: object) -> None:
    """Whatever it says."""
    assert findings(RULE, app_of({"Web": {**repository(), "DeletionPolicy": policy}})) == []


def test_only_a_resource_of_cloudformation_itself_says_nothing(app: App, stack: Stack) -> None:
    """The constructs above it always say it."""
    ecr.CfnRepository(stack, "Plain")
    ecr.Repository(stack, "Web")
    AccessibleRepository(stack, "Api", repository_name="api")
    assert [one.resource.logical_id for one in RULE.check(synthesized(app))] == ["Plain"]
