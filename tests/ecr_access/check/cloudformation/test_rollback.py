"""Tests of recognising a rollback by the stack's status, and of what every answer has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import ResponseParserError

from ecr_access.check import invocation
from tests.ecr_access.check.checking import allow, log_of, run
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ENDPOINT, PULL, REGION

if TYPE_CHECKING:
    from ecr_access.check.cloudformation.protocol import Answer
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"
_ATTRIBUTES = {"Verified", "Allowed", "Denied", "Undetermined", "NotVerifiable", "TokenEndpoint"}


def _update(aws: Aws, clock: Clock, **changes: object) -> Answer:
    """Update a check to a role that may do nothing, of which another thing was proved last."""
    event: dict[str, Any] = {
        "RequestType": "Update",
        "StackId": f"arn:aws:cloudformation:{REGION}:111122223333:stack/app/5d4d2b20",
        "PhysicalResourceId": "ecr-access-check-d0",
        "ResourceProperties": aws.properties(aws.requires(aws.role("ci")), PropagationSeconds="0"),
        **changes,
    }
    return invocation.run(
        event, Context(), clock.left, clients=aws, clock=clock, sleep=clock.sleep, jitter=clock.jitter, workers=1
    )


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])
def test_a_rollback_succeeds_although_the_permission_is_missing(aws: Aws, clock: Clock, status: str) -> None:
    """CloudFormation's event does not say that it is one; failing it would need a person."""
    aws.status = status
    answer = _update(aws, clock)
    assert answer.succeeded
    assert answer.physical_id == "ecr-access-check-d1"
    assert aws.count() == {"DescribeStacks": 1}
    assert answer.data.keys() == _ATTRIBUTES
    assert answer.data["Verified"] == "false"
    assert answer.data["TokenEndpoint"] == ENDPOINT


def test_a_rollback_is_logged_and_has_an_endpoint(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """That of the function, where neither its own ARN nor the stack's was sent."""
    aws.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    answer = _update(aws, clock, StackId="app", ResourceProperties=aws.properties(ServiceToken=None))
    assert answer.data["TokenEndpoint"] == ENDPOINT
    (said,) = log_of(capsys)
    assert "nothing is checked" in said["rollback"]


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS", ""])
def test_any_other_update_is_checked(aws: Aws, clock: Clock, status: str) -> None:
    """And fails."""
    aws.status = status
    assert "role ci may not ecr:GetAuthorizationToken" in _update(aws, clock).reason


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling", "ValidationError", "ServiceUnavailable"])
def test_a_status_that_cannot_be_read_is_no_rollback(aws: Aws, clock: Clock, code: str) -> None:
    """Then what was proved last decides, which is another digest here; the rest of the time is the check's."""
    aws.always["DescribeStacks"] = aws.error(code)
    assert "role ci may not ecr:GetAuthorizationToken" in _update(aws, clock).reason
    assert clock.now < 25


@pytest.mark.parametrize("changes", [{"RequestType": "Create"}, {"StackId": None}])
def test_a_create_is_no_rollback(aws: Aws, clock: Clock, changes: dict[str, object]) -> None:
    """CloudFormation never creates on its way back."""
    aws.status = "ROLLBACK_IN_PROGRESS"
    assert not _update(aws, clock, **changes).succeeded
    assert "DescribeStacks" not in aws.count()


def test_what_was_found_is_told_in_attributes(aws: Aws, clock: Clock) -> None:
    """The side that another account has to prove is counted once, and fails nothing."""
    there = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app"
    answer = run(aws, clock, aws.requires(aws.puller("ci", there), there), Existing=[there])
    assert answer.succeeded
    assert answer.data == {
        "Verified": "true",
        "Allowed": "2",
        "Denied": "0",
        "Undetermined": "0",
        "NotVerifiable": "2",
        "TokenEndpoint": ENDPOINT,
    }


def test_a_check_that_only_reports_lets_everything_pass(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """For teams that bring it into a running system; the log has the message as a warning."""
    answer = run(aws, clock, aws.requires(aws.role("ci")), ReportOnly="true")
    assert answer.succeeded
    assert answer.data["Verified"] == "false"
    assert answer.data["Denied"] == "1"
    assert '"warning": "role ci may not ecr:GetAuthorizationToken on *' in capsys.readouterr().out


def test_a_doubt_passes_where_that_is_allowed_and_a_denial_never(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was proved wrong, and the app's author decided that this is enough."""
    aws.always["GetAuthorizationToken"] = aws.error("AccessDenied")
    aws.repository("app")
    requirement = aws.requires(aws.puller("ci"))
    assert not run(aws, clock, requirement).succeeded
    answer = run(aws, clock, requirement, AllowUndetermined="true")
    assert answer.succeeded
    assert answer.data["Undetermined"] == "1"
    assert answer.data["TokenEndpoint"] == ENDPOINT
    assert '"warning": "could not determine whether the access check can get a token' in capsys.readouterr().out
    assert not run(aws, clock, requirement, aws.requires(aws.role("web")), AllowUndetermined="true").succeeded


def test_a_check_without_a_warning_does_not_log_one(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """All was proved."""
    assert run(aws, clock, aws.requires(aws.puller("ci")), ReportOnly="true", AllowUndetermined="true").succeeded
    assert "warning" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ReportOnly", "AllowUndetermined"])
def test_a_flag_that_is_none_is_refused(aws: Aws, clock: Clock, name: str) -> None:
    """CloudFormation writes booleans as text."""
    answer = run(aws, clock, aws.requires(aws.puller("ci")), **{name: "yes"})
    assert f"{name}: got 'yes', allowed is true or false" in answer.reason


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Stacks": []},
        {"Stacks": [{}]},
        {"Stacks": None},
        {"Stacks": {"StackStatus": "ROLLBACK_IN_PROGRESS"}},
        {"Stacks": "ROLLBACK_IN_PROGRESS"},
        {"Stacks": ["ROLLBACK_IN_PROGRESS"]},
        {"Stacks": [{"StackStatus": None}]},
        {"Stacks": [{"StackStatus": ["ROLLBACK_IN_PROGRESS"]}]},
    ],
)
def test_an_answer_without_a_status_is_asked_for_again(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    """And if none comes, what was proved last decides, which is another digest here."""
    real, answers = aws.describe_stacks, [answer]
    aws.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    monkeypatch.setattr(aws, "describe_stacks", lambda **request: answers.pop(0) if answers else real(**request))
    assert _update(aws, clock).succeeded
    monkeypatch.setattr(aws, "describe_stacks", lambda **_: answer)
    began = clock.now
    assert "role ci may not ecr:GetAuthorizationToken" in _update(aws, clock).reason
    assert clock.now - began < 20


@pytest.mark.parametrize(
    "failure", [KeyError("DescribeStacksResult"), ResponseParserError("<html>"), RecursionError(), MemoryError()]
)
def test_a_status_that_botocore_cannot_parse_fails_no_rollback(aws: Aws, clock: Clock, failure: Exception) -> None:
    """The next answer may be AWS's; and if none is, the update is checked like one whose status is not known."""
    aws.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    aws.errors["DescribeStacks"] = [failure]
    assert _update(aws, clock).succeeded
    aws.always["DescribeStacks"] = failure
    assert "role ci may not ecr:GetAuthorizationToken" in _update(aws, clock).reason


def test_a_service_has_no_other_side_to_prove(aws: Aws, clock: Clock) -> None:
    """It has no policies of its own, in no account."""
    service = "codebuild.amazonaws.com"
    app = aws.repository("app", allow({"Service": service}, PULL))
    answer = run(aws, clock, aws.requires(service, app, token=False))
    assert (answer.data["Allowed"], answer.data["NotVerifiable"]) == ("1", "0")
