"""A token bucket, as AWS throttles with.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class TokenBucket:
    """Fills by its rate, up to its burst; each call takes one token."""

    def __init__(self, *, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Make a full bucket.

        Args:
            rate: tokens a second; with 0 there is never one.
            burst: how many are saved up at most; with less than 1 one is, as otherwise no call would ever pass.
            clock: tells seconds. Default: the monotonic clock.
        """
        self._rate = rate
        self._capacity = capacity(rate=rate, burst=burst)
        self._clock = clock
        self._lock = threading.Lock()
        self.fill()

    def fill(self) -> None:
        """Fill it to the brim."""
        with self._lock:
            self._tokens, self._seen = self._capacity, self._clock()

    def take(self) -> bool:
        """Take a token, if there is one."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._tokens + (now - self._seen) * self._rate, self._capacity)
            self._seen = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


def capacity(*, rate: float, burst: float) -> float:
    """Tell how many calls pass at once."""
    return max(burst, 1.0) if rate > 0 else 0.0


def lower_bound(calls: int, *, rate: float, burst: float) -> float:
    """Tell the seconds before which nobody can have made so many calls, however they are made."""
    beyond = calls - capacity(rate=rate, burst=burst)
    if beyond <= 0:
        return 0.0
    return beyond / rate if rate > 0 else float("inf")
