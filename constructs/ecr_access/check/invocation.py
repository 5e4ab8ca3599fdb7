"""The access check: from an event to the answer."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from ecr_access.check import failure_message, log, log_findings
from ecr_access.check.aftermath import aftermath_of
from ecr_access.check.attributes import attributes
from ecr_access.check.aws.calling import Calling
from ecr_access.check.aws.parallel import WORKERS
from ecr_access.check.cloudformation import physical_id, rollback
from ecr_access.check.cloudformation.protocol import Answer
from ecr_access.check.findings import Check
from ecr_access.check.recheck import publish
from ecr_access.check.request import RequestError, parse
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecr_access.check.aws.clients import Clients

_RESERVE: Final = 5.0
"""Seconds that are kept for writing the findings."""

_ROLE_IS_SEEN: Final = 60.0
"""Seconds after which the policies of the check's own role, made just before it, are believed to be seen."""


def run(
    event: Mapping[str, object],
    context: object,
    left: Callable[[], float],
    *,
    clients: Clients | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
    workers: int = WORKERS,
) -> Answer:
    """Check all that an event asks for.

    Args:
        event: CloudFormation's, a Create or an Update.
        context: Lambda's.
        left: returns the seconds until the watchdog answers in its place.
        clients: makes the AWS clients. Default: botocore's.
        clock: tells seconds. Default: the monotonic clock.
        sleep: waits so many seconds. Default: really.
        jitter: draws from 0 to 1. Default: at random.
        workers: how many calls are made at a time.
    """
    try:
        request = parse(event, context)
    except RequestError as error:
        log.line(error=str(error))
        return Answer(succeeded=False, reason=str(error), code=Code.CHECK_EVENT)
    started = clock()

    def within(seconds: float) -> Callable[[], float]:
        return lambda: started + seconds - clock()

    calling = Calling.of(
        lambda: left() - _RESERVE,
        settled_in=within(max(request.propagation, _ROLE_IS_SEEN)),
        clients=clients,
        clock=clock,
        sleep=sleep,
        jitter=jitter,
    )
    if rollback.is_under_way(event, calling.clients, calling.budget):
        log.line(rollback="the stack goes back to what was there before, and nothing is checked")
        return physical_id.rolled_back(event, context)
    check = Check(request, calling.clients, calling.budget, workers=workers)
    findings = [*check.sign_in(), *check.findings(within(request.propagation))]
    log_findings.write(
        findings, calling.usage, unseen=check.unseen, seconds=clock() - started, log_allowed=request.log_allowed
    )
    wrong = failure_message.text(findings, aftermath_of(event, context))
    data = attributes(findings, unseen=len(check.unseen), endpoint=check.endpoint or request.place.endpoint)
    if wrong and not request.passes(findings):
        return Answer(succeeded=False, reason=wrong, code=failure_message.code(findings))
    if wrong:
        log.line(warning=wrong)
    if request.publish:
        # The alarm of a new schedule would miss a first value otherwise.
        publish.metrics(publish.counts(findings), request.publish, calling)
    return Answer(succeeded=True, physical_id=physical_id.physical_id(request.digest), data=data)
