"""Repository names are judged as the API judges them, and the message says which rule is broken."""

from __future__ import annotations

import re

import botocore.session
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_access.ecr.names import REPOSITORY_NAME_PATTERN, name_error

MODEL = botocore.session.get_session().get_service_model("ecr").shape_for("RepositoryName")


def test_the_pattern_is_the_one_of_the_service_model() -> None:
    """The API publishes a pattern, and this is it."""
    assert MODEL.metadata["pattern"] == REPOSITORY_NAME_PATTERN


@given(
    st.text(alphabet="ab0._-/", max_size=12)
    | st.text(max_size=12)
    | st.from_regex(REPOSITORY_NAME_PATTERN, fullmatch=True)
)
@example("a\n")
@example("ab\n")
@example("٣٣")
def test_a_name_is_refused_exactly_if_the_api_would_refuse_it(name: str) -> None:
    """No name is refused that ECR takes, and none is let through that it would refuse."""
    fits = MODEL.metadata["min"] <= len(name) <= MODEL.metadata["max"]
    accepted = fits and re.fullmatch(MODEL.metadata["pattern"], name) is not None
    assert (name_error(name) is None) is accepted


@pytest.mark.parametrize("name", ["ab", "a--b", "a__b", "team/web-app", "a.b_c/0", "a" * 256])
def test_a_valid_name_has_no_error(name: str) -> None:
    """Every name that the API takes is taken, even one that aws_ecr refuses."""
    assert name_error(name) is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "has 0 characters"),
        ("a", "has 1 character;"),
        ("a" * 257, "has 257 characters"),
        ("Demo/App", "has uppercase 'A', 'D'"),
        ("a b:c", "has ' ', ':'"),
        ("abcdefÄéèêëô", "has 'Ä', 'è', 'é', 'ê', 'ë';"),
        ("/ab", "has an empty namespace"),
        ("ab/", "has an empty namespace"),
        ("a//b", "has an empty namespace"),
        ("-ab", "has '-ab', which starts with '-'"),
        ("ab/c.", "has 'c.', which ends with '.'"),
        ("a..b", "has words joined by '..'"),
        ("a___b", "has words joined by '___'"),
        ("a--b._c", "has words joined by '._'"),
    ],
)
def test_the_error_names_the_rule_that_is_broken(name: str, fault: str) -> None:
    """Which part of the name is wrong is said, not only that it is."""
    error = name_error(name)
    assert error is not None
    assert fault in error
    assert "allowed: 2 to 256 lowercase letters and digits" in error


def test_the_error_shows_the_name_and_a_better_one() -> None:
    """A name that is only written in the wrong case comes back as it should be."""
    assert name_error("Demo/App") == (
        "repository name 'Demo/App' has uppercase 'A', 'D'; allowed: 2 to 256 lowercase letters and digits, in "
        "words joined by '.', '_', '__' or hyphens, in namespaces joined by '/', such as 'team/web-app'; "
        "try 'demo/app'"
    )


def test_no_better_name_is_offered_where_lowercase_is_not_all() -> None:
    """A suggestion is a name that would be taken."""
    assert "try" not in (name_error("Demo App") or "")
