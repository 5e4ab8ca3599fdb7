"""Answers that are none of AWS's, read by botocore itself, from servers on loopback in the check's own time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.aws.answer import Answer
from benchmarks.endpoint import aws_environment
from ecr_access.check import invocation
from tests.ecr_access.check.answering import Aws
from tests.ecr_access.check.checking import log_of
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION
from tests.ecr_access.check.fakes import Aws as Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.check.cloudformation.protocol import Answer as Told
    from tests.ecr_access.check.fakes import Clock

_BODIES = {
    "a page of a proxy": b"<html><body>Blocked by policy</body></html>",
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "an empty object": b"{}",
    "too deep": b"[" * 20_000,
    "too deep in XML": b"<a>" * 20_000 + b"</a>" * 20_000,
    "no text": b"\xff\xfe\x00",
    "cut off": b'{"repositories": [',
    "other types": b'{"repositories": 1, "policyText": {"a": 1}, "authorizationData": [{"expiresAt": "never"}]}',
}


@pytest.fixture
def check_it(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Run a check that takes a server for AWS."""

    def check_it(server: Aws, **changes: object) -> Told:
        for name, value in aws_environment(server.address).items():
            monkeypatch.setenv(name, value)
        role = f"arn:aws:iam::{ACCOUNT}:role/ci"
        properties = Account.properties(Account.requires(role, f"{PREFIX}app"), PropagationSeconds="0")
        event: dict[str, Any] = {"RequestType": "Create", "ResourceProperties": properties, **changes}
        return invocation.run(event, Context(), clock.left, clock=clock, sleep=clock.sleep, jitter=clock.jitter)

    return check_it


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize("service", ["ecr", "iam"])
@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_a_garbled_answer_is_never_a_denial_nor_the_end_of_the_check(
    check_it: Callable[..., Told], capsys: pytest.CaptureFixture[str], body: bytes, service: str, status: int
) -> None:
    """What depends on it is undetermined, and what the other service says stands."""
    garbled = Answer(status, "text/html", body)
    with Aws(ecr=garbled) if service == "ecr" else Aws(iam=garbled) as server:
        answer = check_it(server)
    assert not answer.succeeded
    assert "could not be determined" in answer.reason
    assert "the check itself failed" not in answer.reason
    lines = log_of(capsys)
    verdicts = {one["finding"]["access"]: one["finding"]["verdict"] for one in lines if "finding" in one}
    assert verdicts["PULL"] == "undetermined"
    assert "denied" not in verdicts.values()
    assert any("summary" in line for line in lines)


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_a_garbled_status_of_the_stack_fails_no_update(
    check_it: Callable[..., Told], clock: Clock, body: bytes
) -> None:
    """It is checked, as one whose status cannot be read."""
    stack = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/5d4d2b20"
    with Aws(cloudformation=Answer(200, "text/html", body)) as server:
        update = {"RequestType": "Update", "StackId": stack, "PhysicalResourceId": "ecr-access-check-d0"}
        answer = check_it(server, **update)
        assert server.calls.count("DescribeStacks") > 2
    assert answer.succeeded
    assert clock.now < 25
