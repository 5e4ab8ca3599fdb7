"""Tests of patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_check.patterns import any_covers, covers, covers_arn, has_wildcard, may_meet

_PATTERN = st.text("ab*?", max_size=6)


@pytest.mark.parametrize(
    ("pattern", "value", "covered", "meets"),
    [
        ("role/*", "role/ci", True, True),
        ("role/*", "role/ci-*", True, True),
        ("role/ci-1*", "role/ci-*", False, True),
        ("role/ci-?", "role/ci-*", False, True),
        ("role/c?", "role/ci", True, True),
        ("role/?", "role/?", True, True),
        ("role/a*", "role/b*", False, False),
        ("role/a", "role/b*", False, False),
        ("role.ci", "role/ci", False, False),
    ],
)
def test_patterns(pattern: str, value: str, covered: bool, meets: bool) -> None:  # noqa: FBT001
    """A value may stand for many."""
    assert covers(pattern, value) is covered
    assert may_meet(pattern, value) is meets


@given(_PATTERN, _PATTERN)
def test_what_is_covered_may_be_met(pattern: str, value: str) -> None:
    """Meeting is the weaker of the two."""
    assert may_meet(pattern, value) or not covers(pattern, value)


@given(_PATTERN, _PATTERN, st.text("ab", max_size=6))
def test_what_both_match_may_be_met(pattern: str, value: str, text: str) -> None:
    """A text that both match proves that they meet; one that the value alone matches, that it is not covered."""
    if covers(value, text):
        assert may_meet(pattern, value) or not covers(pattern, text)
        assert covers(pattern, text) or not covers(pattern, value)


_ROLE = "arn:aws:iam::111122223333:role/team/ci"


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        (_ROLE, True),
        ("arn:aws:iam::111122223333:role/*", True),
        ("arn:*:iam::111122223333:role/team/?i", True),
        ("arn:aws:iam::*:role/team/ci", True),
        ("*", True),
        # A wildcard ends with its part.
        ("arn:aws:iam:*:role/team/ci", False),
        ("arn:*", False),
        ("arn:aws:iam::444455556666:role/team/ci", False),
        ("arn:aws-cn:iam::111122223333:role/team/ci", False),
        ("arn:aws:sts::111122223333:role/team/ci", False),
        ("arn:aws:iam:eu-west-1:111122223333:role/team/ci", False),
        ("brn:aws:iam::111122223333:role/team/ci", False),
        ("role/team/ci", False),
    ],
)
def test_the_pattern_of_an_arn_is_matched_part_by_part(pattern: str, covered: bool) -> None:  # noqa: FBT001
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html."""
    assert covers_arn(pattern, _ROLE) is covered


def test_the_resource_of_an_arn_may_hold_colons() -> None:
    """Its last part goes to the end."""
    function = "arn:aws:lambda:eu-west-1:111122223333:function:web:7"
    assert covers_arn("arn:aws:lambda:eu-west-1:111122223333:function:*", function)
    assert not covers_arn("arn:aws:lambda:eu-west-1:111122223333:function:mail:*", function)


@pytest.mark.parametrize(("text", "found"), [("a", False), ("", False), ("a*", True), ("?a", True)])
def test_a_wildcard_is_a_star_or_a_question_mark(text: str, found: bool) -> None:  # noqa: FBT001
    """And nothing else."""
    assert has_wildcard(text) is found


def test_actions_are_compared_whatever_their_case() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html."""
    assert any_covers(["s3:*", "ECR:batchget*"], "ecr:BatchGetImage")
    assert not any_covers(["s3:*", "ECR:put*"], "ecr:BatchGetImage")
    assert not any_covers([], "ecr:BatchGetImage")


def test_a_star_reaches_over_lines() -> None:
    """It stands for any characters."""
    assert covers("a*b", "a\nb")
