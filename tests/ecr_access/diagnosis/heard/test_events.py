"""Events of the recorded shape become sentences; what is not of the shape is counted and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from ecr_access.diagnosis.heard import batch
from ecr_access.diagnosis.heard.message import message

EVENTS: Final[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "events.yaml").read_text(encoding="utf-8"))
HEARD: Final = [name for name, one in EVENTS.items() if one["heard"]]


def records(*events: object) -> list[dict[str, Any]]:
    """A batch of the queue, of events or of texts."""
    return [
        {
            "messageId": f"m{number}",
            "body": event if isinstance(event, str) else json.dumps(event),
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        for number, event in enumerate(events)
    ]


def told(*names: str) -> str:
    """The message about some of the events."""
    written = message(batch.read(records(*(EVENTS[name]["event"] for name in names))).failures)
    assert len(written.subject) < 100
    return f"{written.subject}\n\n{written.text}"


SAID: Final = {
    "denied-pull": (
        "ECR: 403 not authorized: team/app",
        (
            "arn:aws:iam::111122223333:role/teams/ci failed to call BatchGetImage on repository team/app "
            "(account 111122223333, Region eu-west-1), once at 2026-11-27T10:00:00Z."
        ),
        "no policy allows it",
        "repository.grant_pull(principal)",
    ),
    "denied-pull-without-parameters": ("on repository team/app (account 111122223333", "grant_pull"),
    "denied-token": (
        "role/teams/ci failed to call GetAuthorizationToken (account",
        "so it cannot sign in to the registry",
        "ecr.AuthorizationToken.grant_read(principal)",
    ),
    "denied-account": ("A principal of account 444455556666 failed", "role/task may not", "the repository policy"),
    "denied-service": ("The service lambda.amazonaws.com failed to call GetDownloadUrlForLayer", "team/app"),
    "push-to-missing": (
        "404 not found",
        "repository team/app does not exist in account 111122223333",
        "Ci",
        "team/app",
    ),
    "throttled-token": ("429 throttled", "too many calls to one API", "AWS_RETRY_MODE=adaptive"),
    "throttled-pull": ("429 throttled", "on repository team/app", "--region eu-west-1"),
    "task-cannot-pull": (
        "The ECS task web:7 of cluster prod could not pull its image from repository team/app",
        "404 not found: team/app:1.4 does not exist",
        "2026-11-27T10:00:59.123Z",
    ),
    "task-cannot-sign-in": ("The ECS task web:7", "role/exec may not ecr:GetAuthorizationToken"),
    "cache-failed": (
        (
            "The pull through cache could not take the tag 1.27 from registry-1.docker.io for repository "
            "docker-hub/library/nginx"
        ),
        "the upstream registry refused",
    ),
}


@pytest.mark.parametrize("name", HEARD)
def test_an_event_becomes_a_sentence_with_its_cause_and_fix(name: str) -> None:
    """Who, what, which repository, when; a failure of another service is none of ECR's and makes no message."""
    if name == "task-without-secret":
        assert message(batch.read(records(EVENTS[name]["event"])).failures).text == ""
        return
    text = told(name)
    assert [one for one in SAID[name] if one.lower() not in text.lower()] == []


@pytest.mark.parametrize("name", HEARD)
def test_nothing_of_an_event_is_shown_but_names(name: str) -> None:
    """No line of the event is copied: a secret anywhere in it stays there, pre-signed URLs and keys too."""
    secret = "https://bucket.s3.amazonaws.com/x?X-Amz-Signature=5eC-rEt0123456789abcdef ASIASECRET"  # noqa: S105
    text = json.dumps(EVENTS[name]["event"])
    for word in ("AWS Internal", "ASIAEXAMPLE", "AROAEXAMPLE", "build-17"):
        text = text.replace(word, secret) if word != "build-17" else text
    event = json.loads(text)
    for key in ("errorMessage", "stoppedReason", "failure-reason"):
        if isinstance(event["detail"].get(key), str):
            event["detail"][key] += f" {secret}"
    written = message(batch.read(records(event)).failures)
    shown = f"{written.subject}{written.text}"
    assert not any(word in shown for word in ("5eC-rEt", "ASIASECRET", "X-Amz", "66666666-7777"))


MALFORMED: Final = (
    "", "not JSON", "null", "[]", "7", '"text"', "{}", "[" * 100_000,
    {"detail-type": "AWS API Call via CloudTrail"},
    {"detail-type": "AWS API Call via CloudTrail", "detail": []},
    {"detail-type": ["AWS API Call via CloudTrail"], "detail": {}},
    {"detail-type": "ECS Task State Change", "detail": {"stopCode": "TaskFailedToStart", "containers": "none"}},
    {"detail-type": "ECR Pull Through Cache Action", "detail": {"repository-name": 7}},
    {"detail-type": "Something Else", "detail": {}},
    {**EVENTS["denied-pull"]["event"], "detail": {**EVENTS["denied-pull"]["event"]["detail"], "errorCode": "<b>"}},
)  # fmt: skip


@pytest.mark.parametrize("event", MALFORMED, ids=lambda one: str(one)[:40])
def test_an_event_that_is_not_of_the_shape_goes_back(event: object) -> None:
    """It is counted once, and keeps no other from being heard."""
    found = batch.read(records(event, EVENTS["denied-pull"]["event"]))
    assert (found.unread, found.new_unread, len(found.failures)) == (["m0"], 1, 1)


@pytest.mark.parametrize(
    "part", ["userIdentity", "requestParameters", "resources", "errorMessage", "awsRegion", "eventTime"]
)
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [None], {"arn": 7, "ARN": []}])
def test_a_part_of_another_type_costs_that_part_alone(part: str, value: object) -> None:
    """CloudTrail may leave out, or write otherwise, what is not known of a call."""
    event = EVENTS["denied-pull"]["event"]
    found = batch.read(records({**event, "detail": {**event["detail"], part: value}}))
    assert found.unread == []
    assert message(found.failures).text


def test_sessions_of_one_role_are_one_failure() -> None:
    """A crash loop has a session of its own each time, and is one line with a number."""
    event = json.dumps(EVENTS["denied-pull"]["event"])
    events = [event.replace("build-17", f"build-{n}").replace("10:00:00Z", f"10:00:{n:02}Z") for n in range(50)]
    found = batch.read(records(*events))
    written = message(found.failures)
    assert "50 times, from 2026-11-27T10:00:00Z to 2026-11-27T10:00:49Z." in written.text


def test_repositories_are_told_apart_by_the_error_alone() -> None:
    """Where a denied call has no parameters."""
    event = json.dumps(EVENTS["denied-pull-without-parameters"]["event"])
    found = batch.read(records(event, event.replace("team/app", "team/other")))
    assert {one.repository for one in found.failures} == {"team/app", "team/other"}
