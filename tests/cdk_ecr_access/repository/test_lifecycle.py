"""The lifecycle of a repository: the default, rules added later, and the warning about archived images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnParameter, Duration, Stack, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match
from cfnlint.api import lint

from cdk_ecr_access import AccessibleRepository, EcrAccessRules
from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule
from ecr_access.ecr.lifecycle_limits import MAX_RULES, MAX_TEXT, MIN_TEXT
from tests.lifecycles import ARCHIVE, TYPE, YEAR, declare, policy, rules_of, tagged
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, REGION, rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdk_ecr_access.repository.lifecycle_rules import LifecycleRule

BY_AGE = ArchiveRule(max_image_age=YEAR)


def warnings(stack: Stack) -> int:
    """Count the warnings about archived images."""
    return len(Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("archivedImages")))


def test_the_default_is_within_the_limits(stack: Stack) -> None:
    """The API takes no text under 100 characters."""
    AccessibleRepository(stack, "Repository", repository_name="team/app")
    assert MIN_TEXT <= len(policy(stack)) <= MAX_TEXT


def test_rules_added_later_count(stack: Stack) -> None:
    """The one beyond the limit is refused where it is added, and leaves nothing behind."""
    repository = declare(stack, *map(tagged, range(MAX_RULES)))
    with pytest.raises(ValueError, match="51 lifecycle rules"):
        repository.add_lifecycle_rule(max_image_count=1)
    assert len(rules_of(stack)) == 50


@pytest.mark.parametrize(
    ("rule", "there"),
    [
        ({"tag_status": ecr.TagStatus.UNTAGGED, "max_image_age": Duration.days(3)}, ["untagged"]),
        ({"rule_priority": 1, "max_image_count": 9}, ["any"]),
    ],
)
def test_the_default_gives_way_to_a_rule_that_aws_does_not_take_beside_it(
    repository: AccessibleRepository, stack: Stack, rule: dict[str, Any], there: list[str]
) -> None:
    """Another rule for untagged images, and one for any image that has its place."""
    repository.add_lifecycle_rule(**rule)
    assert [one["selection"]["tagStatus"] for one in rules_of(stack)] == there


def test_rules_after_the_default_has_given_way_count(repository: AccessibleRepository, stack: Stack) -> None:
    """Each of them is rendered, and the default stays away."""
    repository.add_lifecycle_rule(tag_status=ecr.TagStatus.UNTAGGED, max_image_age=Duration.days(3))
    repository.add_lifecycle_rule(tag_pattern_list=["dev-*"], max_image_count=9)
    assert [one["selection"]["countNumber"] for one in rules_of(stack)] == [3, 9]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_rules_of_both_kinds_may_be_added(repository: AccessibleRepository, stack: Stack, order: Sequence[int]) -> None:
    """To the default and to each other, in any order."""
    add: list[Callable[[], None]] = [
        lambda: repository.add_archive_rule(ARCHIVE),
        lambda: repository.add_lifecycle_rule(max_image_count=9, tag_pattern_list=["dev-*"]),
    ]
    for index in order:
        add[index]()
    assert [one["selection"]["tagStatus"] for one in rules_of(stack)] == ["untagged", "tagged", "any"]


def test_a_rule_of_aws_ecr_added_to_its_own_is_its_own_to_render(
    repository: AccessibleRepository, stack: Stack
) -> None:
    """It is there once."""
    repository.add_lifecycle_rule(max_image_count=9, tag_pattern_list=["dev-*"])
    assert len(rules_of(stack)) == 2


@pytest.mark.parametrize("rule", [ARCHIVE, tagged(1)])
def test_the_policys_registry_stays(stack: Stack, rule: LifecycleRule) -> None:
    """With a rule of aws_ecr and of this library."""
    declare(stack, rule, lifecycle_registry_id=ACCOUNT)
    assert rendered(stack).one(TYPE)["Properties"]["LifecyclePolicy"]["RegistryId"] == ACCOUNT


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "grant",
    [
        lambda repository, principal: repository.grant_pull(principal),
        lambda repository, principal: repository.grant_pull_push(principal),
        lambda repository, _: repository.grant_lambda_pull(accounts=[ACCOUNT]),
    ],
)
def test_a_warning_where_pulled_images_are_archived(
    stack: Stack, grant: Callable[[AccessibleRepository, iam.IPrincipal], object], *, late: bool
) -> None:
    """Once, whichever of the grant and the rule comes first."""
    repository = declare(stack) if late else declare(stack, BY_AGE)
    grant(repository, iam.ArnPrincipal(FOREIGN_ROLE))
    if late:
        repository.add_archive_rule(BY_AGE)
    repository.grant_pull(iam.OrganizationPrincipal("o-abc1234567"))
    assert warnings(stack) == 1


def test_no_warning_where_images_in_use_are_left_alone(stack: Stack) -> None:
    """A rule that waits for the last pull archives none, and advises nothing to who follows the advice."""
    declare(stack, ARCHIVE).grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    assert warnings(stack) == 0


def test_one_warning_is_enough(app: App, stack: Stack) -> None:
    """The rule on templates finds the same, and is acknowledged where the repository has warned."""
    Validations.of(app).add_plugins(EcrAccessRules())
    declare(stack, BY_AGE).grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    app.synth()
    report = json.loads(Path(app.outdir, "validation-report.json").read_text())
    found = [one["ruleName"] for plugin in report["pluginReports"] for one in plugin["violations"]]
    assert "archived-and-pulled" not in found
    assert warnings(stack) == 1


def test_the_warning_says_what_happens_and_what_to_do(stack: Stack) -> None:
    """A reader learns of the 404 and of the ways out."""
    declare(stack, BY_AGE).grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    (found,) = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    message = str(found.entry.data)
    for part in (
        "'team/app'",
        "404",
        "not_pulled_for",
        "update-image-storage-class",
        "[ack: cdk-ecr-access:archivedImages]",
    ):
        assert part in message


def test_no_warning_where_no_principal_pulls(stack: Stack) -> None:
    """Pushing and describing archived images is no 404."""
    repository = declare(stack, ARCHIVE)
    repository.grant_push(iam.ArnPrincipal(FOREIGN_ROLE))
    repository.grant_read(iam.ArnPrincipal(FOREIGN_ROLE))
    assert warnings(stack) == 0


def test_no_warning_where_nothing_is_archived(repository: AccessibleRepository, stack: Stack) -> None:
    """A lifecycle is expected to delete images."""
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    repository.add_archive_rule(ExpireArchivedRule(archived_for=YEAR))
    assert warnings(stack) == 0


def test_a_refused_rule_warns_of_nothing(repository: AccessibleRepository, stack: Stack) -> None:
    """It is not there."""
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    with pytest.raises(ValueError, match="not_pulled_for is 0 days"):
        repository.add_archive_rule(ArchiveRule(not_pulled_for=Duration.days(0)))
    assert warnings(stack) == 0


def test_cfn_lint_finds_nothing() -> None:
    """Neither in a policy that is rendered here, nor in one with values known at deployment."""
    stack = Stack(App(), "Stack", env=ENV)
    declare(stack, ARCHIVE, ExpireArchivedRule(archived_for=YEAR), tagged(1))
    tag = CfnParameter(stack, "Tag").value_as_string
    AccessibleRepository(
        stack,
        "Other",
        repository_name="team/other",
        lifecycle_rules=[ArchiveRule(max_image_count=1, tag_prefix_list=[tag])],
    )
    assert [match.message for match in lint(json.dumps(rendered(stack).template), regions=[REGION])] == []
