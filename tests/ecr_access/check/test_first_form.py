"""Tests of the form in which requirements travelled before the first release; to be deleted with it."""

from __future__ import annotations

import pytest

from ecr_access.check.request import RequestError, parse
from ecr_access.iam.principals import ALLOWED
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, Aws, outline

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_ENTRIES = [
    {"Principal": _ROLE, "Token": "true", "Access": {"PULL": [f"{PREFIX}app", f"{PREFIX}base"]}},
    {"Principal": [_ROLE, "444455556666"], "Token": "false", "Access": {"PUSH": [f"{PREFIX}app"]}},
    {"Principal": "codebuild.amazonaws.com", "Accounts": ["444455556666"], "Access": {"PULL": [f"{PREFIX}app"]}},
    {},
]


def test_a_list_of_entries_means_what_the_outline_means() -> None:
    """A rollback sends the properties of the deployment before."""
    old, new = (
        parse({"ResourceProperties": Aws.properties(Requirements=one)}, None) for one in (_ENTRIES, outline(_ENTRIES))
    )
    assert set(old.requirements) == set(new.requirements)
    assert len(old.requirements) == 6


def test_errors_have_their_paths() -> None:
    """All at once."""
    entries = ["role", {"Principal": "ci", "Token": "perhaps", "Access": {"READ": ["app"]}}]
    with pytest.raises(RequestError) as caught:
        parse({"ResourceProperties": Aws.properties(Requirements=entries)}, None)
    assert str(caught.value).partition(": ")[2].split("; ") == [
        "Requirements[0]: got 'role', allowed is an object",
        f"Requirements[1].Principal: got 'ci', allowed is {ALLOWED}",
        "Requirements[1].Token: got 'perhaps', allowed is true or false",
        "Requirements[1].Access.READ[0]: got 'app', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME",
        "Requirements.READ: got 'READ', allowed is a level that Actions lists (TOKEN, PULL, PUSH)",
    ]
