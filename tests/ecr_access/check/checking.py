"""Runs the whole check on an account in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ecr_access.check import invocation
from tests.ecr_access.check.conftest import Context

if TYPE_CHECKING:
    import pytest

    from ecr_access.check.cloudformation.protocol import Answer
    from tests.ecr_access.check.fakes import Aws, Clock


def run(aws: Aws, clock: Clock, *requirements: dict[str, Any], **properties: object) -> Answer:
    """Check requirements, with each finding in the log."""
    given = aws.properties(*requirements, **{"LogAllowed": "true", **properties})
    event = {"RequestType": "Create", "ResourceProperties": given}
    return invocation.run(event, Context(), clock.left, **_in_memory(aws, clock))


def _in_memory(aws: Aws, clock: Clock) -> dict[str, Any]:
    # One call at a time, so that a test can tell the order in which errors are met.
    return {"clients": aws, "clock": clock, "sleep": clock.sleep, "jitter": clock.jitter, "workers": 1}


def log_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Read the lines of the log."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def findings_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Read the findings in the log."""
    return [line["finding"] for line in log_of(capsys) if "finding" in line]


def summary_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Read the one summary in the log."""
    (summary,) = [line["summary"] for line in log_of(capsys) if "summary" in line]
    return dict(summary)


def allow(principal: object, actions: list[str], **more: object) -> dict[str, Any]:
    """Make a repository policy of one statement."""
    return {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": actions, **more}]}
