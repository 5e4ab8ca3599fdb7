"""Messages show what was given, and guess what was meant."""

from __future__ import annotations

import pytest

from ecr_access.wording import did_you_mean, number_shown, quoted, value_shown


def test_a_text_is_shown_in_quotes_and_cannot_steer_a_terminal() -> None:
    """Control characters are escaped."""
    assert quoted("a\x1b[2J") == r"'a\x1b[2J'"


def test_a_long_text_is_shortened() -> None:
    """A message stays readable whatever was given."""
    assert quoted("a" * 1000) == f"'{'a' * 80}...'"


def test_a_token_in_a_text_is_written_in_words() -> None:
    """Pseudo parameters as CloudFormation calls them; what else the CDK calls a token is its own affair."""
    assert quoted("${Token[AWS.AccountId.8]}/${Token[TOKEN.7]}") == "'AWS::AccountId/<known only at deployment>'"
    assert quoted("#{Token[TOKEN.7]}") == "'<known only at deployment>'"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (1.5, "1.5"),
        (-1.8881545897087529e289, "known only at deployment"),
        ("a", "the text 'a'"),
        ([], "an empty list"),
        ([1, "a"], "a list of 1, the text 'a'"),
        ({}, "of type dict"),
        (dict, "the class dict"),
    ],
    ids=["none", "flag", "number", "number token", "text", "empty list", "list", "dict", "class"],
)
def test_a_value_of_any_type_is_shown(value: object, shown: str) -> None:
    """As a user would call it, and never with an address in memory."""
    assert value_shown(value) == shown


def test_a_number_is_shown_without_a_fraction_that_it_has_not() -> None:
    """The CDK's numbers are floats."""
    assert number_shown(5.0) == "5"


def test_the_nearest_known_word_is_suggested_whatever_its_case() -> None:
    """Wrong case is a frequent slip."""
    assert did_you_mean("PULLS", ["push", "pull"]) == "; did you mean 'pull'?"


def test_nothing_is_suggested_for_a_word_like_no_other() -> None:
    """A wild guess does not help."""
    assert did_you_mean("lifecycle", ["push", "pull"]) == ""
