"""Calls AWS inside a deadline: backs off with jitter, and tells "could not find out" from an answer.

https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/retry-backoff.html
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from botocore.exceptions import ClientError

from ecr_access.check.aws.api_usage import ApiUsage
from ecr_access.check.aws.errors import THE_CHECK, CallingIdentity, Failure, code_of, failure_of, undetermined
from ecr_access.check.aws.rate_limit import OutOfTimeError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_BASE: Final = 0.5
_CAP: Final = 20.0
_THROTTLED: Final = 0.25
_READINGS: Final = 5
"""How often an answer that cannot be read is asked for: one that stays so must leave time for the others."""


@dataclass(frozen=True)
class RetryBudget:
    """How long calls are tried.

    ``left`` returns the seconds until the answer must be written. ``settled_in`` returns the seconds until IAM must
    know the policies of the check's own role, made a moment ago, everywhere: until then a refusal proves nothing.
    """

    left: Callable[[], float]
    settled_in: Callable[[], float]
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    usage: ApiUsage = field(default_factory=ApiUsage)
    caller: CallingIdentity = THE_CHECK

    def share(self, part: float) -> RetryBudget:
        """Give a part of the time that is left, so that one API which does not answer leaves some for the others."""
        kept = self.left() * (1 - part)
        return replace(self, left=lambda: self.left() - kept)

    def within(self, seconds: float) -> RetryBudget:
        """Give so many seconds, at most."""
        kept = max(self.left() - seconds, 0)
        return replace(self, left=lambda: self.left() - kept)

    def until(self, reserve: float) -> RetryBudget:
        """Keep so many seconds at the end for others."""
        return replace(self, left=lambda: self.left() - reserve)

    def call(self, do: Callable[[], T], *, action: str, on: str = "", expected: frozenset[str] = frozenset()) -> T:
        """Make one call, again and again while that may help.

        Args:
            do: makes the call, and raises UnreadableError if the answer lacks what it must have.
            action: its IAM action, for the message.
            on: the resource, for the message.
            expected: error codes that are answers: raised as they are.

        Raises:
            ClientError: of an expected code.
            UndeterminedError: if there was no answer.
        """
        attempts = 0
        last: Exception | None = None
        while self.left() > 0:
            attempts += 1
            try:
                return do()
            except OutOfTimeError:
                # Raised only after throttling.
                last = last or ClientError({"Error": {"Code": "Throttling", "Message": "too many requests"}}, action)
                break
            except Exception as error:
                if isinstance(error, ClientError) and code_of(error) in expected:
                    raise
                last = error
            failure = failure_of(last)
            if not self._may_pass(failure, attempts):
                break
            self._pause(failure, attempts)
        raise undetermined(last, action=action, on=on, attempts=attempts, caller=self.caller)

    def _may_pass(self, failure: Failure, attempts: int) -> bool:
        if failure is Failure.FORBIDDEN:
            return self.settled_in() > 0
        return failure is not Failure.FINAL and (failure is not Failure.UNREADABLE or attempts < _READINGS)

    def _pause(self, failure: Failure, attempts: int) -> None:
        # Full jitter: callers that were refused together do not come back together. A throttled caller waits for its
        # turn besides, and not longer than that.
        longest = _THROTTLED if failure is Failure.THROTTLED else min(_CAP, _BASE * 2**attempts)
        pause = self.jitter() * longest
        settled_in = self.settled_in() if failure is Failure.FORBIDDEN else pause
        seconds = max(min(pause, settled_in, self.left()), 0)
        self.usage.waited(seconds)
        self.sleep(seconds)
