"""Answers about texts with unknown parts are never wrong, whatever the parts turn out to be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known, is_mark, known_of, signs_of, split, unknown
from ecr_access.iam.wildcards import has_wildcard, is_arn_matched, is_matched

SAID = {True: Ternary.YES, False: Ternary.NO, None: Ternary.MAYBE}
NAMES = ("One", "Two")
MARKS = {name: unknown(name, "a.json") for name in NAMES}
LETTERS = "ab:/."
TEXTS = st.lists(st.sampled_from([*LETTERS, *MARKS.values()]), max_size=6).map("".join)
PATTERNS = st.lists(st.sampled_from([*LETTERS, "*", "?", *MARKS.values()]), max_size=6).map("".join)
SUBSTITUTES = st.tuples(*[st.text(LETTERS, max_size=4) for _ in NAMES])
MANY = st.lists(SUBSTITUTES, min_size=1, max_size=20)


def filled(text: str, values: tuple[str, ...]) -> str:
    """A text with a value in the place of each mark."""
    for name, value in zip(NAMES, values, strict=True):
        text = text.replace(MARKS[name], value)
    return text


def really_matches(pattern: str, text: str) -> bool:
    """What IAM would say, of texts that are known."""
    expression = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


@given(TEXTS, TEXTS, MANY)
def test_equal_is_never_wrong(one: str, other: str, many: list[tuple[str, ...]]) -> None:
    """True holds for all values of the marks, False for none."""
    answer = equal(one, other)
    for values in many:
        real = filled(one, values) == filled(other, values)
        assert answer in (Ternary.MAYBE, SAID[real])


@given(PATTERNS, TEXTS, MANY)
def test_matches_is_never_wrong(pattern: str, text: str, many: list[tuple[str, ...]]) -> None:
    """Nor is it about patterns."""
    answer = is_matched(pattern, text)
    for values in many:
        real = really_matches(filled(pattern, values), filled(text, values))
        assert answer in (Ternary.MAYBE, SAID[real])


@given(PATTERNS.filter(is_known), TEXTS.filter(is_known))
def test_what_is_known_is_answered(pattern: str, text: str) -> None:
    """None is for what is unknown alone."""
    assert is_matched(pattern, text) is SAID[really_matches(pattern, text)]
    assert equal(pattern, text) is SAID[pattern == text]


@given(TEXTS, TEXTS)
def test_equal_is_the_same_both_ways(one: str, other: str) -> None:
    """Whichever is named first."""
    assert equal(one, other) is equal(other, one)


A, B = MARKS.values()


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (A, A, True),
        (f"x{A}y", f"x{A}y", True),
        (A, B, None),
        (A, "x", None),
        (f"x{A}", "y", False),
        (f"{A}x", "y", False),
        (f"x{A}", f"y{A}", False),
        (f"x{A}", "xy", None),
        (unknown("One", "a.json"), unknown("One", "b.json"), None),
    ],
)
def test_equal_of_what_is_unknown(one: str, other: str, *, answer: bool | None) -> None:
    """It is answered where what is known suffices."""
    assert equal(one, other) is SAID[answer]


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        ("*", A, True),
        ("x*", f"x{A}", True),
        ("x*z", f"x{A}yz", True),
        (f"{A}/*", f"{A}/web", True),
        (f"{A}/?", f"{A}/a", True),
        (f"{A}/*", f"{B}/web", None),
        ("x*", f"y{A}", False),
        ("*x", f"{A}y", False),
        ("x", A, None),
        ("?", A, None),
        ("x?", f"x{A}", None),
        (f"{A}*?", f"{A}{B}", None),
        (A, "x", None),
        ("**x", f"{A}x", True),
        ("a.b", "axb", False),
        ("a*", "a\nb", True),
    ],
)
def test_matches_of_what_is_unknown(pattern: str, text: str, *, answer: bool | None) -> None:
    """A mark is matched by itself and under a "*"; a "?" is one character, and a mark may be any number."""
    assert is_matched(pattern, text) is SAID[answer]


def test_a_mark_of_a_mark_is_one_mark() -> None:
    """An import of a name that is unknown itself."""
    nested = unknown(A, "import")
    assert is_mark(nested)
    assert not is_known(nested)
    assert not is_mark(f"{A}{B}")
    assert not is_mark("x")


def test_a_mark_is_never_cut_or_compared_in_part() -> None:
    """Whatever its name holds."""
    mark = unknown("a:b*", "c:d")
    assert split(f"arn:{mark}:x", ":") == ["arn", mark, "x"]
    assert split(f"{mark}{mark}", ":") == [mark + mark]
    assert split("a:b", ":") == ["a", "b"]
    assert known_of(f"x{mark}y") == "xy"
    assert not has_wildcard(mark)
    assert [*signs_of(f"x{mark}*")] == ["x", mark, "*"]


@pytest.mark.parametrize(
    ("pattern", "arn", "answer"),
    [
        (f"arn:aws:iam::{A}:role/*", f"arn:aws:iam::{A}:role/ci", True),
        (f"arn:aws:iam::{A}:role/*", f"arn:aws:iam::{B}:role/ci", None),
        (f"arn:aws:iam::{A}:user/*", f"arn:aws:iam::{B}:role/ci", False),
        (A, "arn:aws:iam::1:role/ci", None),
        (f"arn:aws:{A}", "arn:aws:iam::1:role/ci", None),
        (f"arn:aws:s3{A}", "arn:aws:iam::1:role/ci", False),
        ("arn:*", f"arn:aws:iam::{A}:role/ci", False),
        ("arn:aws:iam::1:role/ci", f"arn:aws:{A}", None),
        ("*", A, True),
    ],
)
def test_arns_with_unknown_parts_are_matched_part_by_part(pattern: str, arn: str, *, answer: bool | None) -> None:
    """An unknown part may hold the colons that are lacking."""
    assert is_arn_matched(pattern, arn) is SAID[answer]
