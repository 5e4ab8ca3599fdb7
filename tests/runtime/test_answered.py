"""Whatever happens, CloudFormation gets one answer in time: through the handler, against real servers on loopback.

They stand for the presigned URL of CloudFormation's bucket and for the endpoints of AWS. What comes of it in a stack is
tested in the embedded cloud: ``tests/deploy/test_rollbacks.py``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from access_check import handler
from tests.runtime.conftest import Context
from tests.runtime.fakes import ACCOUNT, PREFIX, REGION
from tests.runtime.misbehaving import CLOSE, HANG, Misbehaving, answers

if TYPE_CHECKING:
    from collections.abc import Iterator

_STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/5d4d2b20"
_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"
_DENIED = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"


def _event(url: str, kind: str = "Delete", **changes: object) -> dict[str, Any]:
    role = f"arn:aws:iam::{ACCOUNT}:role/ci"
    requirement = {"Principal": [role], "Token": "true", "Access": {"PULL": [f"{PREFIX}app"]}}
    return {
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": _STACK,
        "RequestId": "c0ffee",
        "LogicalResourceId": "EcrAccessCheck",
        "ResourceType": "Custom::EcrAccessCheck",
        "PhysicalResourceId": "ecr-access-check-d1",
        "ResourceProperties": {
            "ServiceToken": _FUNCTION,
            "Digest": "d2",
            "PropagationSeconds": "0",
            "Actions": {"TOKEN": ["ecr:GetAuthorizationToken"], "PULL": ["ecr:BatchGetImage"]},
            "Requirements": [requirement],
        },
        **changes,
    }


def _handled(event: dict[str, Any], seconds: float = 10) -> float:
    """Have an event handled; return how long that took."""
    started = time.monotonic()
    handler.handle(event, Context(millis=int(seconds * 1000)))
    return time.monotonic() - started


@pytest.fixture(params=[403, 500, CLOSE, HANG])
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Misbehaving]:
    """An AWS that refuses, fails, or says nothing, to everybody and for ever."""
    with Misbehaving([request.param], body=_DENIED) as server:
        for name, value in {
            "AWS_ENDPOINT_URL": server.address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.mark.parametrize("failures", [1, 2, 3, 4])
@pytest.mark.parametrize("failure", [500, CLOSE])
def test_an_answer_that_is_not_taken_is_brought_again(failure: int | str, failures: int) -> None:
    """A bucket fails now and then; CloudFormation gets one answer, and not a second."""
    with Misbehaving([failure] * failures + [200]) as bucket:
        _handled(_event(bucket.url))
        assert [one["Status"] for one in answers(bucket)] == ["SUCCESS"]
        assert len(bucket.requests) == failures + 1


@pytest.mark.parametrize(("behaviour", "requests"), [(403, 1), (500, 5), (CLOSE, 5)])
def test_an_answer_that_nobody_takes_ends_the_function(
    behaviour: int | str, requests: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five times at most, and once where no attempt would get better; the log says so without the URL."""
    with Misbehaving([behaviour]) as bucket:
        assert _handled(_event(bucket.url)) < 10
        assert len(bucket.requests) == requests
    out = capsys.readouterr().out
    assert "the answer could not be delivered" in out
    assert "s3cr3t" not in out


def test_a_bucket_that_says_nothing_does_not_keep_the_function(capsys: pytest.CaptureFixture[str]) -> None:
    """It returns before Lambda would end it."""
    with Misbehaving([HANG]) as bucket:
        assert _handled(_event(bucket.url), seconds=3) < 3
    assert "s3cr3t" not in capsys.readouterr().out


def test_a_request_that_is_delivered_twice_gets_the_same_answer_twice() -> None:
    """Lambda promises to call at least once."""
    with Misbehaving([200]) as bucket:
        for _ in range(2):
            _handled(_event(bucket.url))
        first, second = answers(bucket)
    assert first == second
    assert first["PhysicalResourceId"] == "ecr-access-check-d1"


@pytest.mark.parametrize("physical_id", ["ecr-access-check-d1", "ecr-access-check-unproved"])
def test_a_delete_asks_nothing_of_aws(aws: Misbehaving, physical_id: str) -> None:
    """Its role may have no policies left, its repositories may be gone, and its create may have failed."""
    with Misbehaving([200]) as bucket:
        assert _handled(_event(bucket.url, PhysicalResourceId=physical_id)) < 2
        (answer,) = answers(bucket)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", physical_id)
    assert aws.requests == []


def test_a_rollback_to_what_was_proved_asks_nothing_of_aws(aws: Misbehaving) -> None:
    """The digest is the one that the physical id remembers."""
    event = _event("", "Update")
    event["ResourceProperties"]["Digest"] = "d1"
    with Misbehaving([200]) as bucket:
        assert _handled({**event, "ResponseURL": bucket.url}) < 2
        (answer,) = answers(bucket)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "ecr-access-check-d1")
    assert aws.requests == []


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_an_aws_that_answers_nobody_is_undetermined_in_time(aws: Misbehaving, kind: str) -> None:
    """The answer leaves before Lambda ends the function, with what is known; what was proved last stays remembered."""
    seconds = 12.0
    with Misbehaving([200]) as bucket:
        assert _handled(_event(bucket.url, kind), seconds=seconds) < seconds - 1
        (answer,) = answers(bucket)
    assert answer["Status"] == "FAILED"
    assert "could not determine" in answer["Reason"]
    assert "nothing was proved wrong" in answer["Reason"]
    assert "may not ecr:" not in answer["Reason"].splitlines()[0]
    assert answer["PhysicalResourceId"] == "ecr-access-check-d1"
    assert aws.requests != []
