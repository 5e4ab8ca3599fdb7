"""How unknown parts are written for a person."""

from __future__ import annotations

from ecr_access.documents.templates.unknowns import named, shown
from ecr_access.iam.unknown_text import unknown

A = unknown("One", "a.json")


def test_a_mark_of_a_mark_is_shown_as_one() -> None:
    """An import of a name that is unknown itself."""
    assert shown(unknown(A, "import")).startswith("${")


def test_a_mark_is_shown_as_cloudformation_writes_it() -> None:
    """Without the place that tells it from others."""
    assert shown(f"repository/{A}") == "repository/${One}"
    assert shown(unknown({"Fn::If": ["a", "b", "c"]}, "a.json")) == '${{"Fn::If": ["a", "b", "c"]}}'


def test_a_vast_value_is_shortened_for_a_person_alone() -> None:
    """Two that differ far behind are two."""
    one, other = (unknown({"Fn::If": ["A", "x" * 100_000, end]}) for end in "ab")
    assert shown(one) == shown(other) == '${{"Fn::If": ["A", "' + "x" * 102 + "...}"
    assert one != other
    assert named(one) != named(other)
