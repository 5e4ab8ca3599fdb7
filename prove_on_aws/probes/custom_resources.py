"""What a custom resource is sent when its stack rolls back, and what CloudFormation accepts as an answer.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.probe import Probe
from prove_on_aws.stacks import Echo, Stack, deploy_echo
from prove_on_aws.verdicts import stacks
from prove_on_aws.verdicts.stacks import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding

_LIMIT: Final = 4096
_TIMEOUT: Final = 8
_SLACK: Final = 60.0


def _rollbacks(lab: Lab) -> Iterator[tuple[str, Finding]]:
    echo, stack = deploy_echo(lab, "echo"), Stack(lab, "rollbacks")
    stack.create({"Check": echo.resource("1")})
    stack.update({"Check": echo.resource("2", Fail="yes")})
    repeated = stack.sent(echo, "Check", after=Sent("Update", "2"))
    yield "rollback-repeats-digest", stacks.repeats_digest(repeated, digest="1", physical_id="probe-1")
    yield "rollback-status", stacks.shows_rollback(repeated)

    later = echo.resource("later", Fail="yes", DependsOn="Check")
    stack.update({"Check": echo.resource("3"), "Later": later})
    undone = stack.sent(echo, "Check", after=Sent("Update", "3"))
    yield "rollback-deletes-new-id", stacks.deletes_new(undone, new="probe-3")

    other = Echo(f"{echo.arn}:$LATEST", echo.log_group)
    stack.update({"Check": other.resource("1")})
    yield (
        "service-token-fixed",
        stacks.keeps_service_token(*stack.resource("Check", "UPDATE_FAILED", "UPDATE_COMPLETE")),
    )


def _answers(lab: Lab) -> Iterator[tuple[str, Finding]]:
    echo, stack = deploy_echo(lab, "answers"), Stack(lab, "answers")
    stack.create(
        {"Whole": echo.resource("w", Bytes=_LIMIT), "Longer": echo.resource("l", Bytes=_LIMIT + 1, DependsOn="Whole")}
    )
    ends = ("CREATE_COMPLETE", "CREATE_FAILED")
    beyond, reason = stack.resource("Longer", *ends)
    yield "answer-limit", stacks.response_limit(stack.resource("Whole", *ends)[0], beyond, reason)

    silent = Stack(lab, "silent")
    begin = time.monotonic()
    unanswered: dict[str, Any] = echo.resource("s", Silent="yes", ServiceTimeout=_TIMEOUT)
    silent.create({"Silent": unanswered})
    seconds = time.monotonic() - begin
    status = silent.resource("Silent", *ends)[0]
    yield "service-timeout", stacks.service_timeout(status, seconds, limit=_TIMEOUT, slack=_SLACK)


ROLLBACKS: Final = Probe(
    "what a rollback sends",
    ("rollback-repeats-digest", "rollback-status", "rollback-deletes-new-id", "service-token-fixed"),
    makes="a stack of two custom resources, a function, its role and log group",
    usual=150,
    at_most=420,
    run=_rollbacks,
)
ANSWERS: Final = Probe(
    "which answers CloudFormation accepts",
    ("answer-limit", "service-timeout"),
    makes="two stacks of custom resources, a function, its role and log group",
    usual=120,
    at_most=360,
    run=_answers,
)
