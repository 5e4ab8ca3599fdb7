"""Tests of reading the custom resource's properties."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_check.principals import Kind
from access_check.request import RequestError, parse
from tests.runtime.fakes import ACCOUNT, PREFIX, PULL, TOKEN, Aws

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"


def _event(properties: object) -> dict[str, Any]:
    return {"RequestType": "Create", "ResourceProperties": properties}


def _errors(properties: object) -> str:
    with pytest.raises(RequestError) as caught:
        parse(_event(properties), None)
    return str(caught.value)


def test_properties_become_requirements() -> None:
    """A token and each level on each repository is one requirement; scalars arrive as strings."""
    entry = Aws.requires(_ROLE, PREFIX + "team/app", PREFIX + "base")
    request = parse(_event(Aws.properties(entry, PropagationSeconds="1.5", Existing=[PREFIX + "base"])), None)
    assert (request.place.account, request.place.region, request.place.partition) == (ACCOUNT, "eu-west-1", "aws")
    assert request.propagation == 1.5
    assert [one.name for one in request.existing] == ["base"]
    assert [(one.access, one.actions, one.repository and one.repository.name) for one in request.requirements] == [
        ("TOKEN", tuple(TOKEN), None),
        ("PULL", tuple(PULL), "team/app"),
        ("PULL", tuple(PULL), "base"),
    ]


def test_a_requirement_made_twice_is_one() -> None:
    """Twice the same question would be twice the calls."""
    entry = Aws.requires(_ROLE, PREFIX + "app", PREFIX + "app")
    assert len(parse(_event(Aws.properties(entry, entry)), None).requirements) == 2


def test_what_may_be_left_out() -> None:
    """Nothing but the token; no existing repositories; the default of the propagation; real scalars."""
    properties = Aws.properties({"Principal": _ROLE, "Token": True})
    del properties["PropagationSeconds"]
    request = parse(_event(properties | {"Existing": None}), None)
    assert request.propagation == 60
    assert not request.allow_undetermined
    assert not request.report_only
    assert len(request.requirements) == 1


def test_the_place_is_that_of_the_stack_or_of_the_function() -> None:
    """Where the service token is no ARN of a function, the stack's is taken."""
    event = _event(Aws.properties(ServiceToken=None))
    stack = "arn:aws-cn:cloudformation:cn-north-1:444455556666:stack/app/1"
    assert parse({**event, "StackId": stack}, None).place.partition == "aws-cn"


@pytest.mark.parametrize(
    ("text", "kind", "account", "noun"),
    [
        (_ROLE, Kind.IAM, ACCOUNT, "role"),
        ("arn:aws-us-gov:iam::444455556666:user/a/b", Kind.IAM, "444455556666", "user"),
        ("arn:aws:iam::444455556666:role/ci-*", Kind.IAM, "444455556666", "role"),
        ("444455556666", Kind.ACCOUNT, "444455556666", "account"),
        ("arn:aws:iam::444455556666:root", Kind.ACCOUNT, "444455556666", "account"),
        ("o-abc1234567", Kind.ORGANIZATION, "", "organization"),
        ("o-abc1234567/r-ab12/ou-ab12-11111111/", Kind.UNIT, "", "organizational unit"),
        ("codebuild.amazonaws.com", Kind.SERVICE, "", "service"),
    ],
)
def test_the_kinds_of_principal(text: str, kind: Kind, account: str, noun: str) -> None:
    """Every kind that the contract names is told apart."""
    (one,) = parse(_event(Aws.properties(Aws.requires(text))), None).requirements
    assert (one.principal.kind, one.principal.account, one.principal.noun) == (kind, account, noun)


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
    for part in (
        "ServiceToken: got None, allowed is the ARN of the check's function",
        "Digest: got None, allowed is a text of 1 to 256 characters",
        "PropagationSeconds: got 'soon', allowed is a number of seconds from 0 to 900",
        "Actions.PULL[1]: got 7, allowed is a list of actions",
        "Actions.PUSH: got 'ecr:*', allowed is a list",
        "Requirements[0].Principal: got 'ci', allowed is the ARN of a role, user or group, a 12-digit account id",
        "Requirements[0].Token: got 'perhaps', allowed is true or false",
        "Requirements[0].Access.READ: got 'READ', allowed is a level that Actions lists (PULL, PUSH)",
        "Requirements[0].Access.PULL[0]: got 'app', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME",
        "Requirements[1]: got 'role', allowed is an object",
        "Requirements[2].Token: got 'TOKEN', allowed is a level that Actions lists",
        "Requirements[2].Access.PULL: got 'app', allowed is a list",
        "Existing: got 'all', allowed is a list",
    ):
        assert part in text


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


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_properties_are_read_or_refused(data: st.DataObject) -> None:
    """Nothing but the one error comes out."""
    entry: dict[str, Any] = Aws.requires(_ROLE, PREFIX + "app")
    properties = Aws.properties(entry, "role", Existing=[])  # type: ignore[arg-type]
    for target in (entry, properties):
        for name in data.draw(st.lists(st.sampled_from(sorted(target)), unique=True)):
            target[name] = data.draw(_JSON)
    with contextlib.suppress(RequestError):
        parse(_event(properties), None)
