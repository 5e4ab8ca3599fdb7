"""Whatever happens, CloudFormation gets one answer in time: through the handler, against real servers on loopback.

They stand for the presigned URL of CloudFormation's bucket and for the endpoints of AWS. What comes of it in a stack is
tested in the embedded cloud: ``tests/deploy/test_rollbacks.py``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.endpoint import aws_environment
from ecr_access.check import handler
from tests.ecr_access.check.answering import CLOSE, CUT, HANG, Aws, Misbehaving, answers
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/5d4d2b20"
_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"
_KEPT = 10
"""Seconds of a function's that it keeps for its answer."""

_BUSY = 2.0
"""Seconds that a busy machine may take beside; one attempt that knew no deadline would take five."""

_DENIED = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"


def _event(url: str, kind: str = "Delete", **changes: object) -> dict[str, Any]:
    role = f"arn:aws:iam::{ACCOUNT}:role/ci"
    lists = {"Principals": [role], "Repositories": "app"}
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
            "Requirements": {"PULL_AND_TOKEN": {"Others": [lists]}},
        },
        **changes,
    }


def _handled(event: dict[str, Any], seconds: float = 60) -> None:
    """Have an event handled before Lambda would end it; how shortly before is tested in ``test_delivery.py``."""
    started = time.monotonic()
    handler.handle(event, Context(millis=int(seconds * 1000)))
    assert time.monotonic() - started < seconds + _BUSY


def _longer(seconds: float) -> Iterator[float]:
    """Yield how long functions last whose check has so many seconds, then four times as many, then sixteen.

    The first is enough for an idle machine; the others are for one too busy to have asked anything by then.
    """
    return (_KEPT + seconds * times for times in (1, 4, 16))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Misbehaving], None]:
    """Have the check take a server for AWS."""

    def use(server: Misbehaving) -> None:
        for name, value in aws_environment(server.address).items():
            monkeypatch.setenv(name, value)

    return use


@pytest.fixture(params=[403, 500, CLOSE, HANG])
def aws(request: pytest.FixtureRequest, use: Callable[[Misbehaving], None]) -> Iterator[Misbehaving]:
    """An AWS that refuses, fails, or says nothing, to every caller and for ever."""
    with Misbehaving([request.param], body=_DENIED) as server:
        use(server)
        yield server


@pytest.mark.parametrize(("failure", "failures"), [(403, 1), (500, 2), (403, 4), (CLOSE, 1), (CLOSE, 3)])
def test_an_answer_that_is_not_taken_is_brought_again(failure: int | str, failures: int) -> None:
    """A bucket fails now and then; CloudFormation gets one answer, and not a second."""
    with Misbehaving([failure] * failures + [200]) as bucket:
        _handled(_event(bucket.url))
        assert [one["Status"] for one in answers(bucket)] == ["SUCCESS"]
        assert len(bucket.requests) == failures + 1


def test_an_answer_that_was_taken_is_not_brought_again() -> None:
    """The connection breaks after the status, which has said all that matters."""
    with Misbehaving([CUT]) as bucket:
        _handled(_event(bucket.url))
        assert len(bucket.requests) == 1


@pytest.mark.parametrize(("behaviour", "requests"), [(403, 5), (500, 5), (CLOSE, 5)])
def test_an_answer_that_is_not_taken_ends_the_function(
    behaviour: int | str, requests: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """After five attempts; the log says so without the URL."""
    with Misbehaving([behaviour]) as bucket:
        _handled(_event(bucket.url))
        assert len(bucket.requests) == requests
    out = capsys.readouterr().out
    assert "the answer could not be delivered" in out
    assert "s3cr3t" not in out


def test_a_bucket_that_says_nothing_does_not_keep_the_function(capsys: pytest.CaptureFixture[str]) -> None:
    """It returns before Lambda would end it, and says so without the URL."""
    with Misbehaving([HANG]) as bucket:
        _handled(_event(bucket.url), seconds=2)
        assert len(bucket.requests) == 1
    out = capsys.readouterr().out
    assert "the answer could not be delivered" in out
    assert "s3cr3t" not in out


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
        _handled(_event(bucket.url, PhysicalResourceId=physical_id))
        (answer,) = answers(bucket)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", physical_id)
    assert aws.requests == []


def test_a_rollback_to_what_was_proved_asks_nothing_of_aws(aws: Misbehaving) -> None:
    """The digest is the one that the physical id remembers."""
    event = _event("", "Update")
    event["ResourceProperties"]["Digest"] = "d1"
    with Misbehaving([200]) as bucket:
        _handled({**event, "ResponseURL": bucket.url})
        (answer,) = answers(bucket)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "ecr-access-check-d1")
    assert aws.requests == []


@pytest.mark.parametrize("aws", [HANG], indirect=True)
@pytest.mark.parametrize("seconds", [4, 5])
def test_a_function_without_time_gives_one_answer(aws: Misbehaving, seconds: float) -> None:
    """Whether the check says it or the watchdog, which comes at the same moment."""
    with Misbehaving([200]) as bucket:
        _handled(_event(bucket.url, "Create"), seconds=seconds)
        (answer,) = answers(bucket)
        assert len(bucket.requests) == 1
    assert answer["Status"] == "FAILED"
    assert aws.requests == []


def test_a_create_that_is_delivered_twice_gets_the_same_answer_twice(use: Callable[[Misbehaving], None]) -> None:
    """The physical id comes from what was proved, so that the second answer replaces nothing."""
    with Misbehaving([200]) as bucket, Aws() as aws:
        use(aws)
        for _ in range(2):
            _handled(_event(bucket.url, "Create", PhysicalResourceId=None), seconds=30)
        first, second = answers(bucket)
    assert first == second
    assert (first["Status"], first["PhysicalResourceId"]) == ("SUCCESS", "ecr-access-check-d2")


@pytest.mark.parametrize("iam", [HANG, CLOSE, "Throttling", "AccessDenied"])
def test_a_rollback_is_recognised_although_nothing_else_works(use: Callable[[Misbehaving], None], iam: str) -> None:
    """Something else failed after the proof, and CloudFormation sends the properties of before."""
    with Misbehaving([200]) as bucket, Aws(stack="UPDATE_ROLLBACK_IN_PROGRESS", iam=iam, ecr=iam) as aws:
        use(aws)
        _handled(_event(bucket.url, "Update"), seconds=30)
        (answer,) = answers(bucket)
        assert aws.calls == ["DescribeStacks"]
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "ecr-access-check-d2")


# These come last: they leave threads behind, which may still ask whatever the next test takes for AWS.


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_an_aws_that_does_not_answer_is_undetermined_in_time(aws: Misbehaving, kind: str) -> None:
    """The check says so itself, before its watchdog, with what is known; what was proved last stays remembered."""
    for seconds in _longer(1.5):
        with Misbehaving([200]) as bucket:
            _handled(_event(bucket.url, kind), seconds=seconds)
            (answer,) = answers(bucket)
        assert answer["Status"] == "FAILED"
        assert "could not determine" in answer["Reason"]
        assert "nothing was proved wrong" in answer["Reason"]
        assert "may not ecr:" not in answer["Reason"].splitlines()[0]
        assert answer["PhysicalResourceId"] == "ecr-access-check-d1"
        if aws.requests:
            break
    assert aws.requests != []


@pytest.mark.parametrize("aws", [HANG], indirect=True)
def test_a_bucket_and_an_aws_that_say_nothing_do_not_keep_the_function(aws: Misbehaving) -> None:
    """It returns before Lambda would end it, and has said the same whenever it tried."""
    for seconds in _longer(1):
        with Misbehaving([HANG]) as bucket:
            _handled(_event(bucket.url, "Create"), seconds=seconds)
            assert len(bucket.requests) > 1
            assert len({*bucket.requests}) == 1
        if aws.requests:
            break
    assert aws.requests != []


@pytest.mark.parametrize("cloudformation", [HANG, CLOSE, "Throttling", "AccessDenied"])
def test_a_status_that_cannot_be_read_wedges_nothing(use: Callable[[Misbehaving], None], cloudformation: str) -> None:
    """The update fails in time, and what was proved last stays remembered: going back to it succeeds."""
    update, going_back = _event("", "Update"), _event("", "Update")
    (lists,) = update["ResourceProperties"]["Requirements"]["PULL_AND_TOKEN"]["Others"]
    lists["Principals"] = [f"arn:aws:iam::{ACCOUNT}:role/denied"]
    going_back["ResourceProperties"]["Digest"] = "d1"
    with Aws(cloudformation=cloudformation) as aws:
        use(aws)
        for seconds in _longer(1):
            with Misbehaving([200]) as bucket:
                _handled({**update, "ResponseURL": bucket.url}, seconds=seconds)
                _handled({**going_back, "ResponseURL": bucket.url})
                failed, succeeded = answers(bucket)
            assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", "ecr-access-check-d1")
            assert "before its function's timeout" not in failed["Reason"]
            assert (succeeded["Status"], succeeded["PhysicalResourceId"]) == ("SUCCESS", "ecr-access-check-d1")
            if "DescribeStacks" in aws.calls:
                break
        assert "DescribeStacks" in aws.calls


@pytest.mark.parametrize("iam", [HANG, CLOSE, "Throttling"])
def test_an_iam_that_does_not_answer_leaves_time_to_tell_what_is_known(
    use: Callable[[Misbehaving], None], iam: str
) -> None:
    """A repository that is missing is told first; what IAM would say of the others is undetermined, never denied."""
    event = _event("", "Create")
    event["ResourceProperties"]["Existing"] = [f"{PREFIX}absent"]
    for seconds in _longer(3):
        with Misbehaving([200]) as bucket, Aws(iam=iam) as aws:
            use(aws)
            _handled({**event, "ResponseURL": bucket.url}, seconds=seconds)
            (answer,) = answers(bucket)
        head, reason = answer["Reason"].splitlines()[0], answer["Reason"]
        assert "could not be determined" in head
        assert "may not ecr:" not in reason
        if head.startswith("repository absent does not exist") and "SimulatePrincipalPolicy" in aws.calls:
            break
    assert head.startswith("repository absent does not exist")
    assert any(words in reason for words in ("no answer before the deadline", "could not be reached", "throttled"))
