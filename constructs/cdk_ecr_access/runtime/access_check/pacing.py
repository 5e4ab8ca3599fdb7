"""One budget of requests for all calls of one operation, shared by every thread: fifty principals are one caller.

Unlimited until AWS throttles. Then the rate at which requests were accepted is kept to, and probed upwards slowly, so
that nearly all of what AWS allows is used and little is refused. Each request counts, the repeated ones as well.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html#throttling-how explains such a token bucket.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError

from access_check.failures import is_throttling

if TYPE_CHECKING:
    from collections.abc import Callable

    from access_check.ledger import Ledger

_SETTLING: Final = 0.5
"""Seconds after a cut in which further refusals say nothing new: their requests were on their way."""

_CUT: Final = 0.8
_FAST, _SLOW = 1.0, 0.1
"""Requests a second that each accepted one adds to the rate: it doubles in a second where it is far below what was
refused last, and grows by a tenth near that."""

_NEAR: Final = 0.75
_SLOWEST: Final = 0.5
_HEADROOM: Final = 1.1


class OutOfTimeError(BotoCoreError):
    """The next request would have to be sent after the deadline."""

    fmt = "its turn would come after the deadline"


class Pace:
    """When the next request of one operation may be sent."""

    def __init__(self, *, clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        """Send as fast as one likes, until somebody is refused."""
        self._clock = clock
        self._jitter = jitter
        self._lock = threading.Lock()
        self._rate: float | None = None
        self._refused = math.inf
        self._next = 0.0
        self._since = clock()
        self._accepted = 0

    def turn(self) -> float:
        """Take the next turn; return the seconds until then."""
        with self._lock:
            now = self._clock()
            if self._rate is None:
                return 0.0
            at = max(now, self._next)
            # Jitter, so that the checks of several stacks do not march in step.
            self._next = at + (0.95 + self._jitter() / 10) / self._rate
            return at - now

    def answered(self, *, throttled: bool) -> None:
        """Learn from an answer."""
        with self._lock:
            if throttled:
                self._cut()
                return
            self._accepted += 1
            if self._rate is not None:
                self._rate += _FAST if self._rate < _NEAR * self._refused else _SLOW

    def _cut(self) -> None:
        now = self._clock()
        lasted = now - self._since
        if self._rate is not None and lasted < _SETTLING:
            return
        accepted = self._accepted / max(lasted, _SETTLING)
        self._refused = self._rate or math.inf
        self._rate = max(min(accepted * _HEADROOM, (self._rate or accepted) * _CUT), _SLOWEST)
        self._since, self._accepted = now, 0


class Paces:
    """The paces of all operations, kept by the requests of botocore's clients, its own retries among them."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        left: Callable[[], float],
        ledger: Ledger,
    ) -> None:
        """Pace nothing yet; ``left`` tells the seconds until no request may be sent any more."""
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._left = left
        self._ledger = ledger
        self._lock = threading.Lock()
        self._paces: dict[tuple[str, str], Pace] = {}

    def keep(self, client: Any) -> None:  # noqa: ANN401 -- botocore has no type for its clients
        """Have each request of a client wait for its turn."""
        region = client.meta.region_name
        client.meta.events.register(
            "before-send.*.*", lambda event_name, **_: self._before(self._pace(region, event_name), event_name)
        )
        client.meta.events.register(
            "response-received.*.*",
            lambda event_name, parsed_response, **_: self._after(self._pace(region, event_name), parsed_response),
        )

    def _pace(self, region: str, event_name: str) -> Pace:
        operation = event_name.partition(".")[2]
        with self._lock:
            return self._paces.setdefault((region, operation), Pace(clock=self._clock, jitter=self._jitter))

    def _before(self, pace: Pace, event_name: str) -> None:
        wait = pace.turn()
        if wait > max(self._left(), 0):
            raise OutOfTimeError
        if wait:
            self._ledger.waited(wait)
            self._sleep(wait)
        self._ledger.called(event_name.partition(".")[2].replace(".", ":"))

    def _after(self, pace: Pace, answer: dict[str, Any] | None) -> None:
        if answer is None:
            # No answer at all says nothing about the rate.
            return
        throttled = is_throttling(answer)
        if throttled:
            self._ledger.throttled()
        pace.answered(throttled=throttled)
