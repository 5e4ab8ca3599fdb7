"""One budget of requests for all calls of one operation, shared by every thread: fifty principals are one caller.

Unlimited until AWS throttles. From then on requests are sent one after another, at a rate that grows while they are
accepted and is cut when one is refused, so that nearly all of what AWS allows is used and little is refused. Each
request counts, the repeated ones as well. botocore's ``adaptive`` mode does the same, but finds a low rate too slowly,
and waits beyond the deadline: ``benchmarks/README.md``.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html#throttling-how explains such a token bucket.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError

from ecr_access.check.aws.errors import is_throttling
from ecr_access.check.aws.rates import LOWEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.check.aws.api_usage import ApiUsage

_SETTLING: Final = 0.1
"""Seconds after a cut in which further refusals say nothing new: their requests were on their way."""

_CUT: Final = 0.9
_DEEP_CUT: Final = 0.5
"""The part kept to where no request was accepted since the cut before."""

_NEAR: Final = 0.75
"""The part of the rate refused last from which on it is approached slowly."""

_FAST: Final = 0.05
"""Growth with each accepted request, below that."""

_EASE: Final = 0.5
"""Growth in requests a second each second, for every second since the last refusal: the same for all who share a
quota, whatever their rates, so that these become alike."""

_SLOWEST: Final = 0.5


class OutOfTimeError(BotoCoreError):
    """The next request would have to be sent after the deadline."""

    fmt = "its turn would come after the deadline"


class RateLimiter:
    """When the next request of one operation may be sent."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        left: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._left = left
        self._gate = threading.Lock()
        self._lock = threading.Lock()
        self._rate: float | None = None
        self._refused = math.inf
        self._next = 0.0
        self._since = clock()
        self._accepted = 0

    def wait(self) -> float:
        """Wait for the next turn; return the seconds that it took.

        Only the first in the row waits for a time, and so for one that the newest answers determine.

        Raises:
            OutOfTimeError: it would come after the deadline.
        """
        began = self._clock()
        if not self._gate.acquire(timeout=max(self._left(), 0)):
            raise OutOfTimeError
        try:
            seconds = self._next - self._clock()
            if seconds > max(self._left(), 0):
                raise OutOfTimeError
            if seconds > 0:
                self._sleep(seconds)
            with self._lock:
                self._take_turn()
        finally:
            self._gate.release()
        return self._clock() - began

    def answered(self, *, throttled: bool) -> None:
        """Learn from an answer."""
        with self._lock:
            now = self._clock()
            if throttled:
                self._cut(now)
                return
            self._accepted += 1
            if self._rate is not None:
                growth = self._rate * _FAST if self._rate < _NEAR * self._refused else 0
                self._rate += growth + _EASE * (now - self._since) / self._rate

    def _take_turn(self) -> None:
        if self._rate is not None:
            # Jitter, so that the checks of several stacks do not march in step.
            self._next = self._clock() + (0.98 + self._jitter() / 25) / self._rate

    def _cut(self, now: float) -> None:
        if self._rate is None:
            # Others are found from there.
            self._rate = LOWEST.a_second
            self._take_turn()
        elif now - self._since < _SETTLING:
            return
        else:
            self._refused = self._rate
            self._rate = max(self._rate * (_CUT if self._accepted else _DEEP_CUT), _SLOWEST)
        self._since, self._accepted = now, 0


class RateLimiters:
    """The rate limits of all operations, kept by the requests of botocore's clients."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        left: Callable[[], float],
        usage: ApiUsage,
    ) -> None:
        """Pace nothing yet; ``left`` tells the seconds until no request may be sent any more."""
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._left = left
        self._usage = usage
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, str], RateLimiter] = {}

    def keep(self, client: Any) -> None:
        """Have each request of a client wait for its turn."""
        region = client.meta.region_name
        client.meta.events.register(
            "before-send.*.*", lambda event_name, **_: self._before(self._limiter(region, event_name), event_name)
        )
        client.meta.events.register(
            "response-received.*.*",
            lambda event_name, parsed_response, **_: self._after(self._limiter(region, event_name), parsed_response),
        )

    def _limiter(self, region: str, event_name: str) -> RateLimiter:
        operation = event_name.partition(".")[2]
        with self._lock:
            if (region, operation) not in self._limiters:
                self._limiters[region, operation] = RateLimiter(
                    clock=self._clock, sleep=self._sleep, jitter=self._jitter, left=self._left
                )
            return self._limiters[region, operation]

    def _before(self, limiter: RateLimiter, event_name: str) -> None:
        self._usage.waited(limiter.wait())
        self._usage.called(event_name.partition(".")[2].replace(".", ":"))

    def _after(self, limiter: RateLimiter, answer: dict[str, Any] | None) -> None:
        if answer is None:
            # No answer at all says nothing about the rate.
            return
        throttled = is_throttling(answer)
        if throttled:
            self._usage.throttled()
        limiter.answered(throttled=throttled)
