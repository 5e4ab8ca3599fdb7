"""Tests of what a run of the check hands to its parts: time, chance, the log, its name, and clients of botocore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.endpoint import aws_environment
from ecr_access.check import invocation
from ecr_access.check.cloudformation.protocol import Answer
from ecr_access.codes import Code
from tests.ecr_access.check.answering import Aws as Server
from tests.ecr_access.check.checking import log_of, run, summary_of
from tests.ecr_access.check.conftest import Context

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock


def test_properties_that_are_refused_are_logged(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The log has the same words as the answer."""
    answer = run(aws, clock, Digest="")
    assert answer == Answer(succeeded=False, reason=answer.reason, code=Code.CHECK_EVENT)
    assert answer.reason.endswith("Digest: got '', allowed is a text of 1 to 256 characters")
    assert log_of(capsys) == [{"error": answer.reason}]


def test_the_summary_counts_from_the_beginning(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """Of this run, whatever the clock said then; a pause is drawn, here an eighth of a second, and counted."""
    clock.now = 100
    aws.errors["GetAuthorizationToken"] = [aws.error("Throttling")]
    assert run(aws, clock).succeeded
    summary = summary_of(capsys)
    assert (summary["seconds"], summary["waited"]) == pytest.approx((0.135, 0.125))


@pytest.mark.parametrize(
    ("context", "named"),
    [(Context(), "/aws/lambda/check"), (Context(log_group_name=""), "of the check"), (object(), "of the check")],
)
def test_a_message_that_is_too_long_names_the_log_group(aws: Aws, clock: Clock, context: object, named: str) -> None:
    """Where all of it is; a terminal has no log group."""
    denied = [aws.requires(aws.role(f"ci{n}"), aws.repository(f"app{n}")) for n in range(100)]
    event = {"RequestType": "Create", "ResourceProperties": aws.properties(*denied, PropagationSeconds="0")}
    answer = invocation.run(
        event, context, clock.left, clients=aws, clock=clock, sleep=clock.sleep, jitter=clock.jitter, workers=1
    )
    assert answer.reason.endswith(f"in the log group {named}, which cdk deploy --no-rollback keeps")


@pytest.mark.parametrize("iam", ["", "Throttling"])
def test_the_clients_keep_the_pace_of_the_check(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], iam: str
) -> None:
    """Each request of botocore's is counted, and waits for its turn by the check's own clock, until its deadline."""
    event = {"RequestType": "Create", "ResourceProperties": aws.properties(aws.requires(aws.role("ci")))}
    clock.total = 12
    with Server(iam=iam) as server:
        for name, value in aws_environment(server.address).items():
            monkeypatch.setenv(name, value)
        answer = invocation.run(event, Context(), clock.left, clock=clock, sleep=clock.sleep, jitter=clock.jitter)
    summary = summary_of(capsys)
    assert summary["calls"].keys() == {"ecr:GetAuthorizationToken", "iam:SimulatePrincipalPolicy"}
    assert answer.succeeded is (iam == "")
    assert (summary["throttled"] > 0, summary["waited"] > 1) == (iam != "", iam != "")
