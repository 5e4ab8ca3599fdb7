"""Tests of refusing properties that are not valid for an access check."""

from __future__ import annotations

import pytest

from ecr_access.check.request import RequestError, parse
from ecr_access.iam.principals import ALLOWED
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, Aws

_ROLES = f"arn:aws:iam::{ACCOUNT}:role"
_ROLE = f"{_ROLES}/ci"
_PULLS = "Requirements.PULL."
_LINE = "a principal and a repository with a space between them, or lists of them"
_NAME = "the name of a repository in the check's registry, or arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"


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
            "Requirements": {
                "READ": {_ROLES: ["ci app", "web base"]},
                "PULL": {
                    _ROLES: ["ci", "ci App", "", 7],
                    "Others": ["ci app", {"Principals": _ROLE, "Repositories": ["arn:app"], "Principal": "web"}],
                    "Other": "ci app",
                },
                "TOKEN": {"Others": ["ci", {"Principals": _ROLE}]},
                "PUSH": ["ci app"],
            },
            "Existing": "all",
        }
    )
    head, _, rest = text.partition(": ")
    assert head == "these are not the properties of an access check"
    assert rest.split("; ") == [
        "ServiceToken: got None, allowed is the ARN of the check's function",
        "Actions.PULL[1]: got 7, allowed is a list of actions",
        "Actions.PUSH: got 'ecr:*', allowed is a list",
        "Requirements.READ: got 'READ', allowed is a level that Actions lists (PULL, PUSH)",
        f"{_PULLS}{_ROLES}[0]: got 'ci', allowed is {_LINE}",
        f"{_PULLS}{_ROLES}[1]: got 'App', allowed is {_NAME}",
        f"{_PULLS}{_ROLES}[2]: got '', allowed is {_LINE}",
        f"{_PULLS}{_ROLES}[3]: got 7, allowed is {_LINE}",
        f"{_PULLS}Others[0]: got 'ci', allowed is {ALLOWED}",
        f"{_PULLS}Others[1]: got ['Principal'], allowed is Accounts, Principals, Repositories",
        f"{_PULLS}Others[1].Repositories[0]: got 'arn:app', allowed is {_NAME}",
        f"{_PULLS}Other: got 'ci app', allowed is a list",
        f"Requirements.TOKEN.Others[0]: got 'ci', allowed is {ALLOWED}",
        "Requirements.TOKEN: got 'TOKEN', allowed is a level that Actions lists (PULL, PUSH)",
        f"Requirements.TOKEN.Others[1]: got {{'Principals': '{_ROLE}'}}, allowed is a principal",
        "Requirements.PUSH: got ['ci app'], allowed is an object",
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
    assert "Requirements: got None, allowed is an object" in errors


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
    lists = {"Principals": [_ROLE], "Repositories": "app"}
    wrong = [lists, {**lists, "Principals": [_ROLE, 7]}, {**lists, "Principals": []}, {**lists, "Repositories": []}]
    assert _refused(Requirements={"PULL": {"Others": wrong}}) == [
        f"{_PULLS}Others[1].Principals[1]: got 7, allowed is {ALLOWED}",
        f"{_PULLS}Others[2].Principals: got [], allowed is {ALLOWED}, or a list of them",
        f"{_PULLS}Others[3].Repositories: got [], allowed is {_NAME}, or a list of them",
    ]
    assert _refused(Existing=[PREFIX + "app", "app"]) == [
        "Existing[1]: got 'app', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"
    ]
    assert _refused(Actions={"PULL": ["", "ecr:BatchGetImage"]}) == [
        "Actions.PULL[0]: got '', allowed is a list of actions"
    ]


def test_a_level_without_actions_is_refused() -> None:
    """It would demand nothing."""
    required = {"TOKEN": {_ROLES: ["ci", "web"]}}
    levels: tuple[tuple[dict[str, list[str]], str], ...] = (({}, "none"), ({"TOKEN": []}, "TOKEN"))
    for actions, listed in levels:
        assert _refused(Actions=actions, Requirements=required) == [
            f"Requirements.TOKEN: got 'TOKEN', allowed is a level that Actions lists ({listed})"
        ]


def test_the_value_got_is_shown_with_its_path() -> None:
    """Where something was given, but not what is needed."""
    assert _refused(ServiceToken=7) == ["ServiceToken: got 7, allowed is the ARN of the check's function"]
    assert _refused(Requirements={"PULL": "app"}) == ["Requirements.PULL: got 'app', allowed is an object"]


_BUILDS = {"Principals": "codebuild.amazonaws.com", "Repositories": "app"}


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
    found = _refused(Requirements={"PULL": {"Others": [{**_BUILDS, "Accounts": accounts}]}})
    assert found == [f"{_PULLS}Others[0].{one}" for one in errors]


def test_accounts_are_those_of_services() -> None:
    """A role does not act for the resources of an account."""
    lists = {**_BUILDS, "Principals": [_ROLE, "codebuild.amazonaws.com"], "Accounts": ["444455556666"]}
    assert _refused(Requirements={"PULL": {"Others": [lists]}}) == [
        f"{_PULLS}Others[0].Accounts: got ['444455556666'], allowed is accounts of services alone"
    ]


@pytest.mark.parametrize("path", ["o-abcdefghij/r-ab12/ou-ab12-11111111", "o-abcdefghij/r-ab12"])
def test_the_path_of_a_unit_without_its_last_slash_is_refused(path: str) -> None:
    """It matches no account."""
    assert _refused(Requirements={"PULL": {"Others": [f"{path} app"]}}) == [
        f"{_PULLS}Others[0]: got {path!r}, allowed is {ALLOWED}"
    ]
