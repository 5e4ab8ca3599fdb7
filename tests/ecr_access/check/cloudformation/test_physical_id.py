"""Tests of what is remembered in the physical id."""

from __future__ import annotations

import pytest

from ecr_access.check.cloudformation import physical_id


def test_an_update_to_what_was_proved_last_is_a_rollback() -> None:
    """The digest in the physical id is the one asked for."""
    event = {"RequestType": "Update", "PhysicalResourceId": "ecr-access-check-d1"}
    assert physical_id.is_rollback({**event, "ResourceProperties": {"Digest": "d1"}})


@pytest.mark.parametrize("properties", [{"Digest": "d2"}, {"Digest": ""}, {"Digest": 1}, {}, None, []])
def test_any_other_update_is_checked(properties: object) -> None:
    """Without the digest that was proved last, nothing is taken as proved."""
    event = {"RequestType": "Update", "PhysicalResourceId": "ecr-access-check-d1"}
    assert not physical_id.is_rollback({**event, "ResourceProperties": properties})


def test_a_create_is_no_rollback() -> None:
    """Only an update can be one."""
    event = {"RequestType": "Create", "PhysicalResourceId": "ecr-access-check-d1"}
    assert not physical_id.is_rollback({**event, "ResourceProperties": {"Digest": "d1"}})


_STACK = "arn:aws:cloudformation:eu-west-1:111122223333:stack/app/5d4d2b20"
_FUNCTION = "arn:aws:lambda:eu-central-1:444455556666:function:check"


def _endpoint(registry: str) -> str:
    return f"https://{registry}.amazonaws.com"


@pytest.mark.parametrize(
    ("properties", "stack", "function", "endpoint"),
    [
        ({"ServiceToken": _FUNCTION}, _STACK, None, _endpoint("444455556666.dkr.ecr.eu-central-1")),
        ({}, _STACK, _FUNCTION, _endpoint("111122223333.dkr.ecr.eu-west-1")),
        (None, None, _FUNCTION, _endpoint("444455556666.dkr.ecr.eu-central-1")),
        ({"ServiceToken": "none"}, None, None, ""),
    ],
)
def test_a_rollback_answers_every_attribute(properties: object, stack: object, function: object, endpoint: str) -> None:
    """Outputs that read them must not fail the rollback; nothing was verified."""

    class Context:
        invoked_function_arn = function

    answer = physical_id.rolled_back({"ResourceProperties": properties, "StackId": stack}, Context())
    assert answer.succeeded
    assert answer.data == {
        "Verified": "false",
        "Allowed": "0",
        "Denied": "0",
        "Undetermined": "0",
        "NotVerifiable": "0",
        "TokenEndpoint": endpoint,
    }


@pytest.mark.parametrize(
    ("properties", "expected"),
    [({"Digest": "d1"}, "ecr-access-check-d1"), ({"Digest": ""}, ""), ({"Digest": 1}, ""), ({}, ""), (None, "")],
)
def test_a_rollback_remembers_what_it_goes_back_to(properties: object, expected: str) -> None:
    """So that the next update is told from the next rollback; without a digest the id stays as it was."""
    assert physical_id.rolled_back({"ResourceProperties": properties}, None).physical_id == expected


def test_without_a_digest_nothing_is_a_rollback() -> None:
    """Not even to a physical id without one."""
    event = {"RequestType": "Update", "PhysicalResourceId": "ecr-access-check-"}
    assert not physical_id.is_rollback({**event, "ResourceProperties": {"Digest": ""}})
