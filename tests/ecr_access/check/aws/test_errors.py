"""Tests of what a failed call is told as."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ecr_access.check.aws.errors import (
    THE_CHECK,
    CallingIdentity,
    Failure,
    UnreadableError,
    code_of,
    failure_of,
    is_throttling,
    text_of,
    undetermined,
    unexpected,
)

_ACTION = "ecr:GetRepositoryPolicy"
_ON = "arn:aws:ecr:eu-west-1:111122223333:repository/app"


def _error(code: str, status: int | None = None) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "said so"}}
    if status is not None:
        response["ResponseMetadata"] = {"HTTPStatusCode": status}
    return ClientError(response, "GetRepositoryPolicy")


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (None, Failure.FINAL),
        (400, Failure.FINAL),
        (499, Failure.FINAL),
        (500, Failure.TRANSIENT),
        (503, Failure.TRANSIENT),
    ],
)
def test_an_unknown_code_is_told_by_its_status(status: int | None, failure: Failure) -> None:
    """From 500 on it is AWS that failed; without a status nothing is known, and nothing is tried again."""
    assert failure_of(_error("Unheard", status)) is failure


@pytest.mark.parametrize(
    ("response", "throttled"),
    [
        ({"Error": {"Code": "ThrottlingException"}}, True),
        ({"Error": {"Code": "ThrottleException"}}, True),
        ({"Error": {"Code": "Unheard"}, "ResponseMetadata": {"HTTPStatusCode": 429}}, True),
        ({"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 429}}, False),
        ({"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 429}}, False),
        ({"Error": {"Code": "Unheard"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, False),
        ({"ResponseMetadata": {"HTTPStatusCode": 200}}, False),
        ({"ResponseMetadata": {}}, False),
        ({}, False),
    ],
)
def test_throttling_is_told_by_its_code_then_by_its_status(response: dict[str, Any], throttled: bool) -> None:  # noqa: FBT001
    """AWS sends it with 400 as well as with 429."""
    assert is_throttling(response) is throttled


@pytest.mark.parametrize(
    ("error", "cause", "fix"),
    [
        (None, f"no time was left to call {_ACTION} on {_ON}", "deploy again; if it stays so, check less in one stack"),
        (
            _error("Throttling"),
            f"AWS throttled {_ACTION} until the deadline (",
            f"when fewer callers in this account use {_ACTION}",
        ),
        (
            _error("AccessDenied"),
            f"the check's own role may not {_ACTION} on {_ON} (",
            "look for a service control policy or",
        ),
        (
            EndpointConnectionError(endpoint_url="https://api.ecr.eu-west-1.amazonaws.com"),
            f"the endpoint of {_ACTION} could not be reached, 3 times (",
            (
                "let the function reach it; from a VPC without internet that takes the interface endpoints ecr.api and "
                "ecr.dkr, the gateway endpoint of S3, and a way to the endpoint of IAM"
            ),
        ),
        (_error("ServiceUnavailable"), f"{_ACTION} failed, 3 times (", "deploy again"),
        (
            UnreadableError("said so"),
            f"the answer to {_ACTION} on {_ON} could not be read, 3 times (said so)",
            "deploy again; if it stays so, look for what answers in the place of AWS, such as a proxy",
        ),
        (_error("Unheard", 400), f"{_ACTION} on {_ON} failed (", "see the error; if it stays, report it with the log"),
    ],
)
def test_each_is_told_with_what_to_do(error: Exception | None, cause: str, fix: str) -> None:
    """Which call, on what, how often, and whose permission."""
    found = undetermined(error, action=_ACTION, on=_ON, attempts=3)
    assert found.cause.startswith(cause)
    assert fix in found.fix
    assert "XX" not in found.fix
    assert error is None or "said so" in found.cause or "api.ecr" in found.cause


def test_without_a_resource_the_call_alone_is_named() -> None:
    """A token has none."""
    assert undetermined(None, action=_ACTION, on="", attempts=0).cause == f"no time was left to call {_ACTION}"


def test_a_caller_at_a_terminal_gets_its_own_fix() -> None:
    """The fix for the role of a function would not help a person at a terminal."""
    found = undetermined(
        _error("AccessDenied"), action=_ACTION, on=_ON, attempts=1, caller=CallingIdentity("you", "ask for it")
    )
    assert (found.cause[:20], found.fix) == (f"you may not {_ACTION}"[:20], "ask for it")
    assert THE_CHECK.noun not in found.cause


def test_an_error_is_one_line_of_bounded_length() -> None:
    """Whatever AWS says."""
    assert text_of(UnreadableError("a\n  b\tc")) == "a b c"
    assert text_of(UnreadableError("x" * 300)) == "x" * 300
    assert text_of(UnreadableError("x" * 301)) == "x" * 300 + "..."


def test_an_error_of_python_itself_is_told_by_its_name() -> None:
    """It may quote what could not be read, and that may be a token."""
    assert text_of(ValueError("could not convert string to float: 'QVdTOnRva2Vu'")) == "ValueError"


def test_an_error_without_a_code_has_none() -> None:
    """Whatever is between us and AWS may answer anything."""
    assert code_of(ClientError({}, "GetRepositoryPolicy")) == ""
    assert failure_of(ClientError({}, "GetRepositoryPolicy")) is Failure.FINAL


def test_what_the_check_cannot_handle_is_told_by_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    """And where, in the log, but without its text, because other people may read standard output."""
    with pytest.raises(KeyError) as caught:
        json.loads("{}")["QVdTOnRva2Vu"]
    found = unexpected(caught.value)
    assert found.cause == "the check itself failed at it (KeyError)"
    assert found.fix == "report it, with the trace in the function's log"
    out, err = capsys.readouterr()
    said = json.loads(err)
    assert (out, said["error"]) == ("", "KeyError")
    assert "test_errors.py" in said["trace"][-1]
    assert "QVdTOnRva2Vu" not in found.cause
