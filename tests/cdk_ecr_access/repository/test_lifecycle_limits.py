"""What AWS would refuse about lifecycle rules is refused at synth, with all that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule, read
from ecr_access.ecr.lifecycle_limits import MAX_RULES, MAX_TEXT, MIN_TEXT
from ecr_access.ecr.lifecycle_policy import priorities, text
from tests.lifecycles import MONTH, TAGGED, UNTAGGED, declare, policy, rules_of, tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdk_ecr_access.repository.lifecycle_rules import LifecycleRule


def test_the_shortest_policy_is_within_the_limits() -> None:
    """So that no set of rules can be too short a text."""
    assert len(text([read(ecr.LifecycleRule(max_image_count=1))])) >= MIN_TEXT


def test_as_many_rules_as_aws_takes(stack: Stack) -> None:
    """Fifty."""
    declare(stack, *map(tagged, range(MAX_RULES)))
    assert len(rules_of(stack)) == 50


def test_more_rules_than_aws_takes(stack: Stack) -> None:
    """Refused before anything is built, with how many there are, how many may be, and what to do."""
    with pytest.raises(ValueError, match=r"\n  51 lifecycle rules; allowed: at most 50; merge "):
        declare(stack, *map(tagged, range(MAX_RULES + 1)))
    assert stack.node.children == []


def test_a_text_longer_than_aws_takes(stack: Stack) -> None:
    """Refused with its length, and beside whatever else is wrong."""
    long = ecr.LifecycleRule(description="x" * MAX_TEXT, max_image_count=0)
    with pytest.raises(ValueError, match=r"^2 problems with the lifecycle rules of 'team/app':\n") as error:
        declare(stack, long)
    assert str(error.value).splitlines()[1:] == [
        "  lifecycle_rules[0]: max_image_count is 0; allowed: a whole number of 1 or more",
        (
            "  the lifecycle policy has 30,875 characters; allowed: 100 to 30,720; shorten descriptions, or merge "
            "rules and tags with a wildcard in tag_pattern_list"
        ),
        "[ECR-ACCESS-105]",
    ]


def test_a_token_counts_at_its_largest_plausible_length(stack: Stack) -> None:
    """Not at the length of its placeholder."""
    parameter = CfnParameter(stack, "Tag").value_as_string
    with pytest.raises(ValueError, match=r"the lifecycle policy has 39,\d\d\d characters"):
        declare(stack, ecr.LifecycleRule(tag_prefix_list=[parameter] * 300, max_image_count=1))


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (ecr.LifecycleRule(), "has nothing that it counts; allowed: exactly one of max_image_age, max_image_count"),
        (ecr.LifecycleRule(max_image_age=MONTH, max_image_count=1), "has max_image_age and max_image_count; allowed"),
        (ArchiveRule(), "allowed: exactly one of max_image_age, max_image_count, not_pulled_for"),
        (ArchiveRule(not_pulled_for=MONTH, max_image_count=1), "has max_image_count and not_pulled_for; allowed"),
        (ecr.LifecycleRule(max_image_age=Duration.hours(36)), "max_image_age is 1.5 days; allowed: a whole number"),
        (ecr.LifecycleRule(max_image_count=-1), "max_image_count is -1; allowed"),
        (ArchiveRule(not_pulled_for=Duration.days(0)), "not_pulled_for is 0 days; allowed: a whole number of 1"),
        (ExpireArchivedRule(archived_for=Duration.days(89)), "archived_for is 89 days; allowed: a whole number of 90"),
        (ArchiveRule(max_image_count=1, rule_priority=0), "rule_priority is 0; allowed: a whole number of 1"),
        (ArchiveRule(max_image_count=1, tag_status=TAGGED), "selects tagged images without saying which; give"),
        (ArchiveRule(max_image_count=1, tag_prefix_list=[]), "selects tagged images without saying which; give"),
        (
            ArchiveRule(max_image_count=1, tag_status=UNTAGGED, tag_prefix_list=["a"]),
            "selects images by tag, but tag_status is UNTAGGED; allowed: TAGGED",
        ),
        (
            ArchiveRule(max_image_count=1, tag_pattern_list=["a"], tag_prefix_list=["a"]),
            "has tag_prefix_list and tag_pattern_list; allowed: one of them",
        ),
        (
            ArchiveRule(max_image_count=1, tag_pattern_list=["*a*b*c*d*"]),
            "'*a*b*c*d*' has 5 wildcards; allowed: at most 4",
        ),
    ],
)
def test_what_aws_would_refuse_of_a_rule(stack: Stack, rule: LifecycleRule, problem: str) -> None:
    """Refused with the rule's place, before anything is built."""
    with pytest.raises(ValueError, match=r"^1 problem with the lifecycle rules of 'team/app':") as error:
        declare(stack, rule)
    assert problem in str(error.value)
    assert "\n  lifecycle_rules[0]: " in str(error.value)
    assert stack.node.children == []


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (
            [ecr.LifecycleRule(max_image_count=1), ArchiveRule(not_pulled_for=MONTH)],
            "lifecycle_rules[0] and lifecycle_rules[1] select any image of storage class 'standard'; allowed: one rule",
        ),
        (
            [
                ecr.LifecycleRule(max_image_count=1, tag_status=UNTAGGED),
                ArchiveRule(not_pulled_for=MONTH, tag_status=UNTAGGED),
            ],
            "lifecycle_rules[0] and lifecycle_rules[1] select untagged images of storage class 'standard'",
        ),
        (
            [
                ecr.LifecycleRule(max_image_count=1, tag_prefix_list=["b", "a"]),
                ArchiveRule(max_image_count=1, tag_prefix_list=["a", "b"]),
            ],
            "select images by the same tag_prefix_list 'a', 'b' of storage class 'standard'; allowed: one rule",
        ),
        (
            [
                ecr.LifecycleRule(max_image_count=1, rule_priority=5, tag_pattern_list=["a"]),
                ArchiveRule(max_image_count=1, rule_priority=5, tag_pattern_list=["b"]),
            ],
            "lifecycle_rules[0] and lifecycle_rules[1] have rule_priority 5; allowed: each its own",
        ),
        (
            [
                ArchiveRule(max_image_count=1, rule_priority=3),
                ecr.LifecycleRule(max_image_count=1, rule_priority=5, tag_pattern_list=["b"]),
            ],
            "lifecycle_rules[0]: selects any image, but its rule_priority 3 is not above 5",
        ),
        (
            [ArchiveRule(max_image_count=1, rule_priority=1), tagged(1)],
            "lifecycle_rules[0]: selects any image, but its rule_priority 1 is beside rules without one; leave it out",
        ),
    ],
)
def test_what_aws_would_refuse_of_rules_together(stack: Stack, rules: Sequence[LifecycleRule], problem: str) -> None:
    """Refused with the places of both."""
    with pytest.raises(ValueError, match=r"^1 problem ") as error:
        declare(stack, *rules)
    assert problem in str(error.value)


def test_a_rule_for_any_image_may_have_the_highest_priority(stack: Stack) -> None:
    """It is last then, as it would be if it had none."""
    first = ecr.LifecycleRule(max_image_count=1, rule_priority=5, tag_pattern_list=["b"])
    declare(stack, ArchiveRule(max_image_count=1, rule_priority=6), first)
    assert [one["rulePriority"] for one in rules_of(stack)] == [5, 6]


def _unknown(stack: Stack, name: str) -> float:
    return CfnParameter(stack, name, type="Number").value_as_number


def test_a_priority_that_only_deployment_knows_is_not_judged(stack: Stack) -> None:
    """It may be any; the policy refers to it."""
    number = _unknown(stack, "Priority")
    first = ecr.LifecycleRule(max_image_count=1, rule_priority=number, tag_pattern_list=["a"])
    last = ArchiveRule(not_pulled_for=MONTH, rule_priority=7)
    declare(stack, first, last)
    text_of = policy(stack)
    assert {"Ref": "Priority"} in text_of["Fn::Join"][1]
    assert "e+" not in str(text_of)


def test_the_last_rule_may_have_a_priority_that_only_deployment_knows(stack: Stack) -> None:
    """Whether it is above the others is not known at synth."""
    last = ecr.LifecycleRule(max_image_count=1, rule_priority=_unknown(stack, "Priority"))
    declare(stack, last, ecr.LifecycleRule(max_image_count=1, rule_priority=5, tag_pattern_list=["b"]))
    assert {"Ref": "Priority"} in policy(stack)["Fn::Join"][1]


def test_one_unknown_priority_of_two_rules_is_named_in_words(stack: Stack) -> None:
    """It is the same, whatever it will be."""
    number = _unknown(stack, "Priority")
    rules = [ecr.LifecycleRule(max_image_count=1, rule_priority=number, tag_pattern_list=[one]) for one in "ab"]
    with pytest.raises(ValueError, match=r" have rule_priority known only at deployment; allowed: each its own"):
        declare(stack, *rules)


def test_unknown_tags_are_named_in_words(stack: Stack) -> None:
    """Their inner names are the CDK's."""
    tag = CfnParameter(stack, "Tag").value_as_string
    tags = CfnParameter(stack, "Tags", type="CommaDelimitedList").value_as_list
    rules: list[LifecycleRule] = [
        ecr.LifecycleRule(max_image_count=1, tag_pattern_list=[f"{tag}*****"]),
        ecr.LifecycleRule(max_image_count=1, tag_prefix_list=tags),
        ArchiveRule(max_image_count=1, tag_prefix_list=tags),
    ]
    with pytest.raises(ValueError, match=r"^2 problems ") as error:
        declare(stack, *rules)
    assert "tag pattern '<known only at deployment>*****' has 5 wildcards" in str(error.value)
    assert "the same tag_prefix_list '<known only at deployment>' of storage class" in str(error.value)


@pytest.mark.parametrize("priority", [0, 1.5])
def test_a_priority_is_a_whole_number(stack: Stack, priority: float) -> None:
    """Half of one was cut off in silence."""
    with pytest.raises(ValueError, match=rf"rule_priority is {priority:g}; allowed: a whole number of 1 or more"):
        declare(stack, ecr.LifecycleRule(max_image_count=1, rule_priority=priority))


def test_a_priority_is_assigned_above_those_that_are_known() -> None:
    """An unknown one is no number to count from."""
    unknown = ecr.LifecycleRule(max_image_count=1, rule_priority=-1.8881545897087529e289, tag_pattern_list=["a"])
    assert priorities([read(unknown), read(tagged(1))])[1] == 1


def test_an_age_that_only_deployment_knows_is_in_days(stack: Stack) -> None:
    """Of another unit the CDK can make no days."""
    number = _unknown(stack, "Age")
    with pytest.raises(
        ValueError, match=r"^an age in hours is known only at deployment; allowed: one in days, such as"
    ):
        declare(stack, ArchiveRule(not_pulled_for=Duration.hours(number)))
    declare(stack, ArchiveRule(not_pulled_for=Duration.days(number)))
    assert {"Ref": "Age"} in policy(stack)["Fn::Join"][1]
