"""Tests of patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_check.patterns import covers, may_meet

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
