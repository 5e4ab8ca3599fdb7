"""Tests of patterns."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import any_covers, covers, has_wildcard, is_arn_matched, may_meet

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


def _matches(pattern: str, text: str) -> bool:
    """Match as the definition says: a star takes nothing, or one sign and perhaps more."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _matches(pattern[1:], text) or (text != "" and _matches(pattern, text[1:]))
    return text != "" and pattern[0] in ("?", text[0]) and _matches(pattern[1:], text[1:])


@given(_PATTERN, st.text("ab", max_size=6))
def test_a_pattern_covers_the_texts_that_it_matches(pattern: str, text: str) -> None:
    """A reference of five lines says which."""
    assert covers(pattern, text) is _matches(pattern, text)
    assert may_meet(pattern, text) is _matches(pattern, text)
    assert may_meet(text, pattern) is _matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "other", "meets"),
    [
        ("ab", "a*ab", False),  # a star takes nothing back
        ("a*b", "ab*ab", True),
        ("**a", "b*", True),
        ("ab", "b*", False),
        ("", "**", True),
        ("*X", "a", False),
    ],
)
def test_a_star_takes_what_comes_after_it_alone(pattern: str, other: str, meets: bool) -> None:  # noqa: FBT001
    """What was matched before it stays matched."""
    assert may_meet(pattern, other) is meets
    assert may_meet(other, pattern) is meets
    assert not covers("a*X", "a")


_SHORT = st.text("ab*?", max_size=4)
_TEXTS = ["".join(signs) for length in range(8) for signs in product("abc", repeat=length)]


@given(_SHORT, _SHORT)
def test_two_patterns_meet_where_a_text_matches_both(pattern: str, other: str) -> None:
    """No text that both match needs more signs than both have, nor signs that neither has but one."""
    assert may_meet(pattern, other) is any(_matches(pattern, one) and _matches(other, one) for one in _TEXTS)


@given(_SHORT, _SHORT)
def test_what_is_covered_matches_in_every_text(pattern: str, value: str) -> None:
    """Whatever the value stands for."""
    if covers(pattern, value):
        assert all(_matches(pattern, one) for one in _TEXTS if _matches(value, one))


@pytest.mark.parametrize("stars", [14, 1000])
def test_a_pattern_of_many_stars_is_matched_in_time(stars: int) -> None:
    """A regular expression would not return while the function lasts, nor let its watchdog run."""
    pattern, near = "a*" * stars + "b", "a" * (2 * stars)
    assert not covers(pattern, near)
    assert covers(pattern, f"{near}b")
    assert not covers(f"arn:aws:iam::*:role/{pattern}", f"arn:aws:iam::111122223333:role/{near}")
    assert is_arn_matched(f"arn:aws:iam::*:role/{pattern}", f"arn:aws:iam::111122223333:role/{near}") is Ternary.NO
    assert may_meet(pattern, "*a*b")
    assert not may_meet(pattern, "?a*" * stars + "c")


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
    assert is_arn_matched(pattern, _ROLE) is (Ternary.YES if covered else Ternary.NO)


@pytest.mark.parametrize(
    ("pattern", "meets"),
    [
        (_ROLE, True),
        ("arn:aws:iam::*:role/team/c?", True),
        ("arn:aws:iam::111122223333:role/*/ci", True),
        ("*", True),
        ("arn:aws:iam::111122223333:role/other", False),
        ("arn:aws:iam:*:role/team/ci", False),
    ],
)
def test_patterns_of_arns_meet_part_by_part(pattern: str, meets: bool) -> None:  # noqa: FBT001
    """As they cover; a lone star is any ARN."""
    assert is_arn_matched(pattern, "*") is (Ternary.YES if pattern == "*" else Ternary.MAYBE)
    found = is_arn_matched(pattern, "arn:aws:iam::111122223333:role/team/*")
    assert (found is not Ternary.NO) is meets


def test_the_resource_of_an_arn_may_hold_colons() -> None:
    """Its last part goes to the end."""
    function = "arn:aws:lambda:eu-west-1:111122223333:function:web:7"
    assert is_arn_matched("arn:aws:lambda:eu-west-1:111122223333:function:*", function) is Ternary.YES
    assert is_arn_matched("arn:aws:lambda:eu-west-1:111122223333:function:mail:*", function) is Ternary.NO


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
