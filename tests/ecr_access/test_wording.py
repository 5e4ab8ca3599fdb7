"""Messages show what was given, and guess what was meant."""

from __future__ import annotations

from ecr_access.wording import did_you_mean, quoted


def test_a_text_is_shown_in_quotes_and_cannot_steer_a_terminal() -> None:
    """Control characters are escaped."""
    assert quoted("a\x1b[2J") == r"'a\x1b[2J'"


def test_a_long_text_is_shortened() -> None:
    """A message stays readable whatever was given."""
    assert quoted("a" * 1000) == f"'{'a' * 80}...'"


def test_the_nearest_known_word_is_suggested_whatever_its_case() -> None:
    """Wrong case is a frequent slip."""
    assert did_you_mean("PULLS", ["push", "pull"]) == "; did you mean 'pull'?"


def test_nothing_is_suggested_for_a_word_like_no_other() -> None:
    """A wild guess helps nobody."""
    assert did_you_mean("lifecycle", ["push", "pull"]) == ""
