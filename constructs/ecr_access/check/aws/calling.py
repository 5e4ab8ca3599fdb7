"""What calls AWS: clients that keep to the rates of AWS, and how long they may try."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecr_access.check.aws.api_usage import ApiUsage
from ecr_access.check.aws.clients import BotocoreClients, Clients
from ecr_access.check.aws.errors import THE_CHECK, CallingIdentity
from ecr_access.check.aws.rate_limit import RateLimiters
from ecr_access.check.aws.retry import RetryBudget

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


@dataclass(frozen=True)
class Calling:
    """Clients, the budget of their calls, and what these have cost so far."""

    clients: Clients
    budget: RetryBudget
    usage: ApiUsage

    @classmethod
    def of(
        cls,
        left: Callable[[], float],
        *,
        settled_in: Callable[[], float] = lambda: 0.0,
        caller: CallingIdentity = THE_CHECK,
        session: Any = None,
        clients: Clients | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> Calling:
        """Make all of it for one run.

        Args:
            left: returns the seconds until no call may be made any more.
            settled_in: returns the seconds until IAM must know the caller's policies everywhere. Default: it does.
            caller: who calls, for messages. Default: the check's function.
            session: botocore's, whose credentials are used. Default: a new one.
            clients: makes the clients. Default: botocore's.
            clock: tells seconds. Default: the monotonic clock.
            sleep: waits so many seconds. Default: really.
            jitter: draws from 0 to 1. Default: at random.
        """
        usage = ApiUsage()
        budget = RetryBudget(left=left, settled_in=settled_in, sleep=sleep, jitter=jitter, usage=usage, caller=caller)
        limiters = RateLimiters(clock=clock, sleep=sleep, jitter=jitter, left=budget.left, usage=usage)
        return cls(clients or BotocoreClients(limiters, session), budget, usage)
