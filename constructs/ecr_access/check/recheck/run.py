"""A recheck, from its event to the answer: by the schedule of a stack, or by ``ecr-access check --stack``."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check import log, log_findings
from ecr_access.check.aws.calling import Calling
from ecr_access.check.aws.parallel import WORKERS
from ecr_access.check.finding import Verdict
from ecr_access.check.findings import Check
from ecr_access.check.recheck import publish, terms
from ecr_access.check.request import RequestError, parse
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.finding import Finding
    from ecr_access.check.request import Request

_RESERVE: Final = 20.0
"""Seconds that are kept for publishing, which must be done whatever else was not."""

_PROPAGATION: Final = 5.0
"""Seconds after which a denial is believed: a policy that was changed a moment ago will be proved the next time."""


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
) -> dict[str, Any]:
    """Prove again what a deployment proved; tell what was found, and publish it where ``Publish`` names the stack.

    Changes nothing, so that it may run twice. Never raises: Lambda would repeat it.

    Args:
        event: the properties of the custom resource, under ``Recheck``.
        context: Lambda's.
        left: returns the seconds until all must be done.
        clients: makes the AWS clients. Default: botocore's.
        clock: tells seconds. Default: the monotonic clock.
        sleep: waits so many seconds. Default: really.
        jitter: draws from 0 to 1. Default: at random.
        workers: how many calls are made at a time.
    """
    calling = Calling.of(left, clients=clients, clock=clock, sleep=sleep, jitter=jitter)
    properties, stack = event.get(terms.RECHECK), ""
    if isinstance(properties, dict):
        stack = str(properties.get(terms.PUBLISH) or "")
        # Of a deployment alone: it is what the physical id remembers.
        properties = {"Digest": "unchanged", **properties}
    try:
        request = parse({"ResourceProperties": properties}, context)
        answer, counts, findings = _proved(request, calling, clock, workers)
    except RequestError as error:
        log.line(error=str(error))
        answer, findings = {"error": Code.CHECK_EVENT.ends(str(error))}, []
        counts = {terms.UNDETERMINED: 1, terms.NOT_PROVED: 1}
    except Exception as error:  # noqa: BLE001 -- see above
        log.trouble(error)
        what = f"the check itself failed, so that nothing is proved: {type(error).__name__}"
        answer, findings = {"error": Code.CHECK_FAILED.ends(f"{what}; the function's log has the trace")}, []
        counts = {terms.UNDETERMINED: 1, terms.NOT_PROVED: 1}
    if stack:
        publish.metrics(counts, stack, calling)
        publish.events(findings, stack, calling)
    return {"stack": stack, **answer}


def _proved(
    request: Request, calling: Calling, clock: Callable[[], float], workers: int
) -> tuple[dict[str, Any], dict[str, int], list[Finding]]:
    started = clock()
    check = Check(request, calling.clients, calling.budget.until(_RESERVE), workers=workers)
    patience = min(request.propagation, _PROPAGATION)
    findings = check.findings(lambda: started + patience - clock())
    log_findings.write(
        findings, calling.usage, unseen=check.unseen, seconds=clock() - started, log_allowed=request.log_allowed
    )
    summary = {verdict.value: sum(one.verdict is verdict for one in findings) for verdict in Verdict}
    summary["not_verifiable"] = len(check.unseen) + sum(bool(one.elsewhere) for one in findings)
    answer = {
        "summary": summary,
        "findings": [_entry(one) for one in findings],
        "unseen": [one.arn for one in check.unseen],
    }
    return answer, publish.counts(findings), findings


def _entry(one: Finding) -> dict[str, str]:
    return log_findings.entry(one) | ({"elsewhere": one.elsewhere} if one.elsewhere else {})
