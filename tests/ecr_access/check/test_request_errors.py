"""Tests of refusing properties that are not valid for an access check."""

from __future__ import annotations

import pytest

from ecr_access.check.request import RequestError, parse
from ecr_access.iam.principals import ALLOWED
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, Aws

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"


def _errors(properties: object) -> str:
    with pytest.raises(RequestError) as caught:
        parse({"RequestType": "Create", "ResourceProperties": properties}, None)
    return str(caught.value)


def _refused(**changes: object) -> list[str]:
    return _errors(Aws.properties(**changes)).partition(": ")[2].split("; ")


def test_every_error_is_told_at_once() -> None:
    """Each with the path, the value got and what is allowed."""
    text = _errors(
        {
            "PropagationSeconds": "soon",
            "Actions": {"PULL": ["ecr:BatchGetImage", 7], "PUSH": "ecr:*"},
            "Requirements": [
                {"Principal": "ci", "Token": "perhaps", "Access": {"READ": [PREFIX + "app"], "PULL": ["app"]}},
                "role",
                {"Principal": _ROLE, "Token": "true", "Access": {"PULL": "app"}},
            ],
            "Existing": "all",
        }
    )
    head, _, rest = text.partition(": ")
    assert head == "these are not the properties of an access check"
    assert rest.split("; ") == [
        "ServiceToken: got None, allowed is the ARN of the check's function",
        "Actions.PULL[1]: got 7, allowed is a list of actions",
        "Actions.PUSH: got 'ecr:*', allowed is a list",
        f"Requirements[0].Principal: got 'ci', allowed is {ALLOWED}",
        "Requirements[0].Token: got 'perhaps', allowed is true or false",
        "Requirements[0].Access.READ: got 'READ', allowed is a level that Actions lists (PULL, PUSH)",
        "Requirements[0].Access.PULL[0]: got 'app', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME",
        "Requirements[1]: got 'role', allowed is an object",
        "Requirements[2].Token: got 'TOKEN', allowed is a level that Actions lists (PULL, PUSH)",
        "Requirements[2].Access.PULL: got 'app', allowed is a list",
        "Digest: got None, allowed is a text of 1 to 256 characters",
        "PropagationSeconds: got 'soon', allowed is a number of seconds from 0 to 900",
        "Existing: got 'all', allowed is a list",
    ]


@pytest.mark.parametrize("seconds", ["-1", "901", "nan", "inf", [], None, "1e999"])
def test_a_propagation_out_of_range_is_refused(seconds: object) -> None:
    """Longer than 15 minutes no function runs."""
    assert "PropagationSeconds" in _errors(Aws.properties(PropagationSeconds=seconds))


def test_a_long_value_is_shortened() -> None:
    """The message is for a person."""
    assert "..." in _errors(Aws.properties(Aws.requires("x " * 500)))
    assert len(_errors(Aws.properties(Aws.requires("x " * 500)))) < 500


@pytest.mark.parametrize("properties", [None, "text", [], 1])
def test_properties_that_are_no_object(properties: object) -> None:
    """Nothing is looked for in them."""
    assert "ResourceProperties: got" in _errors(properties)


@pytest.mark.parametrize("properties", [None, "text"])
def test_properties_that_are_none_are_shown(properties: object) -> None:
    """What else is wrong comes of that."""
    errors = _errors(properties).partition(": ")[2].split("; ")
    assert errors[0] == f"ResourceProperties: got {properties!r}, allowed is an object"
    assert "Actions: got None, allowed is an object" in errors
    assert "Requirements: got None, allowed is a list" in errors


@pytest.mark.parametrize("digest", ["", "d" * 257, 1])
def test_a_digest_that_has_none_is_refused(digest: object) -> None:
    """It would be cut, and never be known again."""
    (error,) = _refused(Digest=digest)
    assert error.startswith("Digest: got ")


@pytest.mark.parametrize(("value", "shown"), [("x" * 78, f"'{'x' * 78}'"), ("x" * 79, f"'{'x' * 79}...")])
def test_a_value_of_more_than_eighty_characters_is_cut(value: str, shown: str) -> None:
    """Its quotation marks included."""
    assert _refused(ReportOnly=value) == [f"ReportOnly: got {shown}, allowed is true or false"]


def test_each_error_of_a_list_has_its_place() -> None:
    """Counted from 0."""
    role = {"Principal": _ROLE, "Token": "true"}
    assert _refused(Requirements=[role, {**role, "Principal": [_ROLE, 7]}, {**role, "Principal": []}]) == [
        f"Requirements[1].Principal[1]: got 7, allowed is {ALLOWED}",
        f"Requirements[2].Principal: got [], allowed is {ALLOWED}, or a list of them",
    ]
    assert _refused(Existing=[PREFIX + "app", "app"]) == [
        "Existing[1]: got 'app', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"
    ]
    assert _refused(Actions={"PULL": ["", "ecr:BatchGetImage"]}) == [
        "Actions.PULL[0]: got '', allowed is a list of actions"
    ]


def test_a_level_without_actions_is_refused() -> None:
    """It would demand nothing."""
    required = [{"Principal": _ROLE, "Token": "true"}]
    levels: tuple[tuple[dict[str, list[str]], str], ...] = (({}, "none"), ({"TOKEN": []}, "TOKEN"))
    for actions, listed in levels:
        assert _refused(Actions=actions, Requirements=required) == [
            f"Requirements[0].Token: got 'TOKEN', allowed is a level that Actions lists ({listed})"
        ]


def test_the_value_got_is_shown_with_its_path() -> None:
    """Where something was given, but not what is needed."""
    assert _refused(ServiceToken=7) == ["ServiceToken: got 7, allowed is the ARN of the check's function"]
    assert _refused(Requirements=[{"Principal": _ROLE, "Access": "PULL"}]) == [
        "Requirements[0].Access: got 'PULL', allowed is an object"
    ]


_BUILDS = {"Principal": "codebuild.amazonaws.com", "Access": {"PULL": [f"{PREFIX}app"]}}


@pytest.mark.parametrize(
    ("accounts", "errors"),
    [
        ("444455556666", ["Accounts: got '444455556666', allowed is a list"]),
        ([], ["Accounts: got [], allowed is a list of account ids, one at least"]),
        (
            [444455556666, "44445555666", "444455556666", "٤" * 12],
            [
                "Accounts[0]: got 444455556666, allowed is an account id, 12 digits as a text",
                "Accounts[1]: got '44445555666', allowed is an account id, 12 digits as a text",
                f"Accounts[3]: got '{'٤' * 12}', allowed is an account id, 12 digits as a text",
            ],
        ),
    ],
)
def test_accounts_of_a_service_are_ids(accounts: object, errors: list[str]) -> None:
    """Each error has its path."""
    found = _refused(Requirements=[{**_BUILDS, "Accounts": accounts}])
    assert found == [f"Requirements[0].{one}" for one in errors]


def test_accounts_are_those_of_services() -> None:
    """A role does not act for the resources of an account."""
    entry = {**_BUILDS, "Principal": [_ROLE, "codebuild.amazonaws.com"], "Accounts": ["444455556666"]}
    assert _refused(Requirements=[entry]) == [
        "Requirements[0].Accounts: got ['444455556666'], allowed is accounts of services alone"
    ]


@pytest.mark.parametrize("path", ["o-abcdefghij/r-ab12/ou-ab12-11111111", "o-abcdefghij/r-ab12"])
def test_the_path_of_a_unit_without_its_last_slash_is_refused(path: str) -> None:
    """It matches no account."""
    assert _refused(Requirements=[{**_BUILDS, "Principal": path}]) == [
        f"Requirements[0].Principal: got {path!r}, allowed is {ALLOWED}"
    ]
