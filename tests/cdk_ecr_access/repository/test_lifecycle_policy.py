"""The text of a lifecycle policy: its rules in their order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk import aws_ecr as ecr
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule, read
from ecr_access.ecr.lifecycle_limits import MAX_RULES
from ecr_access.ecr.lifecycle_policy import Count, Rule, priorities, text
from tests.lifecycles import ANY, MONTH, UNTAGGED, YEAR, declare, policy, rules_of, tagged

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    "rules",
    [
        [ecr.LifecycleRule(max_image_count=1)],
        [ecr.LifecycleRule(max_image_age=MONTH, tag_status=UNTAGGED, description="é \"'\\ \n")],
        [ecr.LifecycleRule(max_image_count=9), tagged(1), tagged(2)],
        [ecr.LifecycleRule(max_image_count=3, rule_priority=7, tag_prefix_list=["a", "b"]), tagged(1)],
        [
            ecr.LifecycleRule(max_image_count=3, rule_priority=9, tag_status=ANY),
            ecr.LifecycleRule(max_image_count=3, rule_priority=5, tag_prefix_list=["a"]),
            ecr.LifecycleRule(max_image_count=3, rule_priority=4, tag_prefix_list=["b"]),
        ],
        [
            ecr.LifecycleRule(max_image_count=9),
            ecr.LifecycleRule(max_image_count=3, rule_priority=4, tag_prefix_list=["a"]),
        ],
    ],
)
def test_the_text_that_is_measured_is_the_one_of_aws_ecr(stack: Stack, rules: Sequence[ecr.LifecycleRule]) -> None:
    """Character by character, whether it is rendered here or there."""
    ecr.Repository(stack, "Repository", lifecycle_rules=rules)
    assert text([read(one) for one in rules]) == policy(stack)


def test_both_kinds_of_rules_in_one_policy(stack: Stack) -> None:
    """Priorities are unique, and the rules for any image are last: one of each storage class."""
    declare(
        stack,
        ArchiveRule(not_pulled_for=MONTH, description="any"),
        ExpireArchivedRule(archived_for=YEAR, description="any archived"),
        ecr.LifecycleRule(max_image_count=9, tag_status=UNTAGGED, description="untagged"),
        ArchiveRule(max_image_count=3, tag_prefix_list=["dev"], rule_priority=20, description="dev"),
    )
    assert [(one["rulePriority"], one["description"]) for one in rules_of(stack)] == [
        (20, "dev"),
        (21, "untagged"),
        (22, "any"),
        (23, "any archived"),
    ]


def test_values_known_at_deployment(stack: Stack) -> None:
    """Are part of the text that CloudFormation makes, where aws_ecr writes a reference that ECR cannot read."""
    tag, days = CfnParameter(stack, "Tag").value_as_string, CfnParameter(stack, "Days", type="Number").value_as_number
    declare(stack, ecr.LifecycleRule(tag_prefix_list=[tag], max_image_age=Duration.days(days)))
    parts = policy(stack)["Fn::Join"][1]
    assert [one for one in parts if not isinstance(one, str)] == [{"Ref": "Tag"}, {"Ref": "Days"}]
    joined = "".join(one if isinstance(one, str) else "7" for one in parts)
    assert json.loads(joined)["rules"][0]["selection"]["countNumber"] == 7


def rule(status: str, priority: int | None) -> Rule:
    """Make a rule that is known by its place alone."""
    return Rule(counts=(Count("max_image_count", "imageCountMoreThan", 1),), tag_status=status, priority=priority)


@given(
    st.lists(
        st.tuples(st.just("any"), st.none())
        | st.tuples(st.sampled_from(["tagged", "untagged"]), st.none() | st.integers(1, 999)),
        max_size=MAX_RULES,
        unique_by=lambda one: one[1] or object(),
    )
)
def test_priorities_that_are_assigned_are_unique(places: list[tuple[str, int | None]]) -> None:
    """Whatever has one keeps it, and the rules for any image come after all others."""
    rules = [rule(*place) for place in places]
    numbers = priorities(rules)
    assert len(set(numbers)) == len(rules)
    assert all(one.priority in (None, number) for one, number in zip(rules, numbers, strict=True))
    last = [number for one, number in zip(rules, numbers, strict=True) if one.selects == "any"]
    assert not last or min(last) > max([n for n in numbers if n not in last], default=0)
