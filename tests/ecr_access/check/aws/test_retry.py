"""Tests of calling AWS inside a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import (
    ChecksumError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    UnknownEndpointError,
)
from botocore.parsers import ResponseParserError

from ecr_access.check.aws.errors import Failure, UndeterminedError, failure_of
from ecr_access.check.aws.rate_limit import OutOfTimeError
from ecr_access.check.aws.retry import RetryBudget
from tests.ecr_access.check.fakes import error

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ecr_access.check.fakes import Clock

_URL = "https://api.ecr.eu-west-1.amazonaws.com"


def _budget(clock: Clock, settled_in: float = 60) -> RetryBudget:
    return RetryBudget(clock.left, lambda: settled_in - clock.now, clock.sleep, clock.jitter)


def _failing(*failures: Exception) -> Callable[[], str]:
    queue = list(failures)

    def call() -> str:
        if queue:
            raise queue.pop(0)
        return "done"

    return call


@pytest.mark.parametrize(
    ("failed", "failure"),
    [
        # Throttling comes at status 400 as well as at 429, with several names: the code is looked at first.
        (error("ThrottlingException"), Failure.THROTTLED),
        (error("Throttling"), Failure.THROTTLED),
        (error("TooManyRequestsException", status=429), Failure.THROTTLED),
        (error("RequestLimitExceeded", status=503), Failure.THROTTLED),
        (error("429", status=429), Failure.THROTTLED),
        (error("ServiceUnavailable", status=503), Failure.TRANSIENT),
        (error("ServerException", status=500), Failure.TRANSIENT),
        (error("Unheard", status=502), Failure.TRANSIENT),
        (EndpointConnectionError(endpoint_url=_URL), Failure.UNREACHABLE),
        (ConnectTimeoutError(endpoint_url=_URL), Failure.UNREACHABLE),
        (ReadTimeoutError(endpoint_url=_URL), Failure.UNREACHABLE),
        (error("AccessDenied", status=403), Failure.FORBIDDEN),
        (error("AccessDeniedException"), Failure.FORBIDDEN),
        (error("ValidationError"), Failure.FINAL),
        (NoCredentialsError(), Failure.FINAL),
        (ParamValidationError(report=""), Failure.FINAL),
        (UnknownEndpointError(service_name="ecr", region_name="eu-west-1"), Failure.FINAL),
        # What botocore raises of an answer that it cannot parse.
        (ResponseParserError(), Failure.UNREADABLE),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), Failure.UNREADABLE),
        (ChecksumError(checksum_type="crc32", expected_checksum="1", actual_checksum="2"), Failure.UNREADABLE),
        (FlexibleChecksumError(error_msg=""), Failure.UNREADABLE),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, ""), Failure.UNREADABLE),
        (KeyError("DescribeStacksResult"), Failure.UNREADABLE),
        (AttributeError(), Failure.UNREADABLE),
        (RecursionError(), Failure.UNREADABLE),
    ],
)
def test_failures_are_told_apart(failed: Exception, failure: Failure) -> None:
    """What a failure says about the next call."""
    assert failure_of(failed) is failure


def test_a_service_that_keeps_failing_is_called_until_the_deadline(clock: Clock) -> None:
    """No pause is longer than 20 seconds, and none goes past the deadline."""
    with pytest.raises(UndeterminedError, match="iam:X failed, 32 times"):
        _budget(clock).call(_failing(*[error("InternalFailure")] * 99), action="iam:X")
    assert clock.now == pytest.approx(clock.total, abs=0.1)


def test_throttling_that_ends_is_survived(clock: Clock) -> None:
    """The pauses stay short: how often requests are sent is for their pace to say."""
    do = _failing(*[error("ThrottlingException")] * 4)
    assert _budget(clock).call(do, action="ecr:X") == "done"
    assert clock.now == pytest.approx(4 * (0.125 + 0.01))


@pytest.mark.parametrize("failed", [error("InternalFailure"), ResponseParserError("Unable to parse response")])
def test_a_failure_that_passes_is_survived(clock: Clock, failed: Exception) -> None:
    """The pauses double."""
    assert _budget(clock).call(_failing(*[failed] * 4), action="ecr:X") == "done"
    assert clock.now == pytest.approx(0.5 + 1 + 2 + 4, abs=0.1)


def test_an_answer_that_stays_unreadable_is_undetermined(clock: Clock) -> None:
    """A proxy's page, say; after five of them, so that what is asked elsewhere has time."""
    failed = ResponseParserError("Unable to parse response, invalid XML received: <html>")
    words = r"the answer to iam:X on role could not be read, 5 times .*<html>"
    with pytest.raises(UndeterminedError, match=words) as caught:
        _budget(clock).call(_failing(*[failed] * 5), action="iam:X", on="role")
    assert clock.now == pytest.approx(0.5 + 1 + 2 + 4, abs=0.1)
    assert "such as a proxy" in caught.value.fix


def test_throttling_until_the_deadline_is_undetermined(clock: Clock) -> None:
    """No pause goes past the deadline."""
    with pytest.raises(UndeterminedError, match=r"AWS throttled iam:X until the deadline .*, \d+ times") as caught:
        _budget(clock).call(_failing(*[error("Throttling")] * 9999), action="iam:X")
    assert clock.now == pytest.approx(clock.total, abs=0.1)
    assert "ask for a higher quota" in caught.value.fix


def test_a_service_that_stays_away_is_undetermined(clock: Clock) -> None:
    """The error's text says how, and the fix what a VPC lacks most often."""
    with pytest.raises(UndeterminedError, match=r"could not be reached, .*Could not connect to the endpoint") as caught:
        _budget(clock).call(_failing(*[EndpointConnectionError(endpoint_url=_URL)] * 99), action="ecr:X")
    assert all(one in caught.value.fix for one in ("ecr.api", "ecr.dkr", "S3", "IAM"))


def test_a_role_whose_policy_is_not_seen_yet_is_tried_again(clock: Clock) -> None:
    """The check's role was made a moment ago."""
    assert _budget(clock).call(_failing(*[error("AccessDenied")] * 6), action="iam:X") == "done"


def test_a_role_that_may_not_is_undetermined_once_it_must_be_seen(clock: Clock) -> None:
    """Never "denied": it says nothing about the principal."""
    budget = _budget(clock)
    with pytest.raises(UndeterminedError, match="the check's own role may not iam:X on arn:a"):
        budget.call(_failing(*[error("AccessDenied", "m " * 500)] * 99), action="iam:X", on="arn:a")
    assert clock.now == pytest.approx(60, abs=0.1)
    with pytest.raises(UndeterminedError, match="may not iam:X"):
        budget.call(_failing(error("AccessDenied")), action="iam:X")
    assert clock.now == pytest.approx(60, abs=0.1)


def test_any_other_error_is_undetermined_at_once(clock: Clock) -> None:
    """To repeat it would not help."""
    with pytest.raises(UndeterminedError, match=r"iam:X failed .*ValidationError"):
        _budget(clock).call(_failing(error("ValidationError")), action="iam:X")
    assert clock.now == 0


def test_an_expected_error_is_an_answer(clock: Clock) -> None:
    """It is raised as it is."""
    expected = error("NoSuchEntity")
    with pytest.raises(type(expected)):
        _budget(clock).call(_failing(expected), action="iam:X", expected=frozenset({"NoSuchEntity"}))


def test_without_time_nothing_is_called(clock: Clock) -> None:
    """What is left to say is said in time."""
    clock.now = clock.total
    with pytest.raises(UndeterminedError, match="no time was left to call iam:X"):
        _budget(clock).call(lambda: pytest.fail("called"), action="iam:X")


@pytest.mark.parametrize("before", [[], [error("Throttling")], [error("InternalFailure")]])
def test_a_turn_after_the_deadline_is_throttling(clock: Clock, before: list[Exception]) -> None:
    """Only who was throttled has to wait for a turn, and the wait is no error of AWS's; what AWS said last is told."""
    words = "failed, 2 times" if before and "Internal" in str(before[0]) else "throttled iam:X until the deadline"
    with pytest.raises(UndeterminedError, match=words):
        _budget(clock).call(_failing(*before, OutOfTimeError(), error("ValidationError")), action="iam:X")


@pytest.mark.parametrize(("seconds", "left"), [(2, 2), (5, 5), (20, 5)])
def test_so_many_seconds_are_given_at_most(clock: Clock, seconds: float, left: float) -> None:
    """And no more than there are."""
    clock.total = 5
    brief = _budget(clock).within(seconds)
    assert brief.left() == left
    clock.now = 1
    assert brief.left() == left - 1


@pytest.mark.parametrize(("part", "left"), [(1 / 4, 2), (1 / 2, 4), (1, 8)])
def test_a_part_of_the_time_is_given(clock: Clock, part: float, left: float) -> None:
    """The rest is kept for the others."""
    clock.total = 8
    assert _budget(clock).share(part).left() == left


def test_a_call_is_made_while_there_is_any_time(clock: Clock) -> None:
    """Half a second may be enough."""
    clock.total = 0.5
    assert _budget(clock).call(lambda: "done", action="iam:X") == "done"


def test_a_turn_that_never_came_is_told_as_too_many_requests(clock: Clock) -> None:
    """As AWS would have said, had it been asked."""
    with pytest.raises(UndeterminedError) as caught:
        _budget(clock).call(_failing(OutOfTimeError()), action="iam:X")
    said = "An error occurred (Throttling) when calling the iam:X operation: too many requests"
    assert said in caught.value.cause
