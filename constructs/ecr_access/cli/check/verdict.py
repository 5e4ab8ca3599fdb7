"""Runs the check as the deployed function does, except that no stack waits for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from ecr_access.check.aws import errors
from ecr_access.check.aws.calling import Calling
from ecr_access.check.aws.parallel import WORKERS
from ecr_access.check.findings import Check

if TYPE_CHECKING:
    from ecr_access.check.finding import Finding
    from ecr_access.check.request import Request
    from ecr_access.cli.check.caller import Caller

_REMEDY: Final = "ask for that permission, or run this as a principal that has it"


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

    # The caller's permissions are no minute old.
    calling = Calling.of(
        lambda: left(timeout), caller=errors.CallingIdentity(caller.arn, _REMEDY), session=caller.session
    )
    check = Check(request, calling.clients, calling.budget, workers=WORKERS)
    return check.findings(lambda: left(request.propagation))
