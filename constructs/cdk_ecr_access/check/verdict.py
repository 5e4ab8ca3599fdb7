"""Runs the check as the deployed function does, except that no stack waits for it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from access_check import failures
from access_check.clients import BotocoreClients
from access_check.findings import Check
from access_check.ledger import Ledger
from access_check.pacing import Paces
from access_check.retry import Patience
from access_check.together import WORKERS

if TYPE_CHECKING:
    from access_check.finding import Finding
    from access_check.request import Request
    from cdk_ecr_access.check.caller import Caller

_REMEDY: Final = "ask for that permission, or run this as somebody who has it"


def findings_on(request: Request, caller: Caller, *, timeout: float) -> list[Finding]:
    """Find out what is asked.

    Args:
        request: what is asked.
        caller: whose credentials to use.
        timeout: seconds after which what is not known is undetermined.
    """
    started = time.monotonic()

    def left(seconds: float) -> float:
        return started + seconds - time.monotonic()

    ledger = Ledger()
    patience = Patience(
        left=lambda: left(timeout),
        # The caller's permissions are no minute old.
        settled_in=lambda: 0.0,
        ledger=ledger,
        caller=failures.Caller(caller.arn, _REMEDY),
    )
    paces = Paces(clock=time.monotonic, sleep=time.sleep, jitter=random.random, left=patience.left, ledger=ledger)
    check = Check(request, BotocoreClients(paces, caller.session), patience, workers=WORKERS)
    return check.findings(lambda: left(request.propagation))
