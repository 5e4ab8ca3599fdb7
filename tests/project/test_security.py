"""``SECURITY.md`` says what the check may do, as its role is rendered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from tests.reading import ROLE, rendered

if TYPE_CHECKING:
    from aws_cdk import Stack

PAGE = (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+:\w+)` \| (.+?) \| .+ \|$", PAGE, re.MULTILINE))


def test_every_permission_of_the_check_is_on_the_page(stack: Stack) -> None:
    """None is missing from it, and none on it is of the past."""
    assert {*ROWS} == _allowed(stack).keys()


def test_the_page_says_what_is_allowed_on_everything(stack: Stack) -> None:
    """A star is AWS's where an action has no resource type."""
    everything = {action for action, resources in _allowed(stack).items() if "*" in resources}
    assert {action for action, on in ROWS.items() if "`*`" in on} == everything


def test_images_are_looked_at_only_where_they_are_required(stack: Stack) -> None:
    """In the repository that is named; manifests are read only where a platform is."""
    existing = ExistingRepository.from_repository_name(stack, "Existing", "base")
    other = ExistingRepository.from_repository_name(stack, "Other", "other")
    AccessCheck.of(stack).require_pull(iam.ArnPrincipal(ROLE), other)
    AccessCheck.of(stack).require_image(existing, "1.4")
    allowed = [one for one in rendered(stack).checks_own if "Image" in str(one["Action"])]
    assert [(one["Action"], one["Resource"]) for one in allowed] == [("ecr:DescribeImages", existing.repository_arn)]


def _allowed(stack: Stack) -> dict[str, list[object]]:
    """The resources by the actions, of a check with all that widens its role."""
    AccessCheck(stack, vpc=ec2.Vpc(stack, "Vpc"), recheck=Duration.hours(1))
    AccessibleRepository(stack, "Declared").grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    existing = ExistingRepository.from_repository_name(stack, "Existing", "base")
    AccessCheck.of(stack).require_pull(iam.ArnPrincipal(ROLE), existing)
    AccessCheck.of(stack).require_image(existing, "1.4", platform="linux/arm64")
    found: dict[str, list[object]] = {}
    for statement in rendered(stack).checks_own:
        actions, resources = (
            one if isinstance(one, list) else [one] for one in (statement["Action"], statement["Resource"])
        )
        for action in actions:
            found.setdefault(action, []).extend(resources)
    return found
