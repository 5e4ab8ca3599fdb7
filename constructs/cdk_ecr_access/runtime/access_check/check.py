"""The access check: from an event to the answer."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from access_check import log, message, proof, report, rollback
from access_check.aftermath import aftermath_of
from access_check.attributes import attributes
from access_check.clients import BotocoreClients
from access_check.findings import Check
from access_check.ledger import Ledger
from access_check.pacing import Paces
from access_check.protocol import Answer
from access_check.request import RequestError, parse
from access_check.retry import Patience
from access_check.together import WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from access_check.clients import Clients

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
        left: tells the seconds until somebody else will answer.
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
        return Answer(succeeded=False, reason=str(error))
    started = clock()

    def within(seconds: float) -> Callable[[], float]:
        return lambda: started + seconds - clock()

    ledger = Ledger()
    patience = Patience(
        left=lambda: left() - _RESERVE,
        settled_in=within(max(request.propagation, _ROLE_IS_SEEN)),
        sleep=sleep,
        jitter=jitter,
        ledger=ledger,
    )
    paces = Paces(clock=clock, sleep=sleep, jitter=jitter, left=patience.left, ledger=ledger)
    clients = clients or BotocoreClients(paces)
    if rollback.is_under_way(event, clients, patience):
        log.line(rollback="the stack goes back to what was there before, and nothing is checked")
        return proof.rolled_back(event, context)
    check = Check(request, clients, patience, workers=workers)
    findings = [*check.sign_in(), *check.findings(within(request.propagation))]
    report.write(findings, ledger, unseen=check.unseen, seconds=clock() - started, log_allowed=request.log_allowed)
    wrong = message.text(findings, aftermath_of(event, context))
    data = attributes(findings, unseen=len(check.unseen), endpoint=check.endpoint or request.place.endpoint)
    if wrong and not request.passes(findings):
        return Answer(succeeded=False, reason=wrong)
    if wrong:
        log.line(warning=wrong)
    return Answer(succeeded=True, physical_id=proof.physical_id(request.digest), data=data)
