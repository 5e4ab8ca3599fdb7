"""Waiting no longer than a probe may take."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_FIRST: Final = 0.25
_LONGEST: Final = 4.0


class TookTooLongError(Exception):
    """What a probe waits for did not come."""


class Deadline:
    """The seconds that a probe may take."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Start now."""
        self._clock = clock
        self._sleep = sleep
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self._end - self._clock()

    def poll(
        self,
        look: Callable[[], T],
        until: Callable[[T], bool],
        *,
        what: str,
        at_most: float = float("inf"),
    ) -> T:
        """Look again and again until what is seen is what is waited for.

        Args:
            look: Looks.
            until: Tells whether that is it.
            what: What is waited for, for the error.
            at_most: Seconds, if fewer than the probe has left.

        Raises:
            TookTooLongError: It did not come in time.
        """
        begin, pause = self._clock(), _FIRST
        limit = min(at_most, self.left)
        while not until(seen := look()):
            if self._clock() - begin + pause > limit:
                raise TookTooLongError(f"waited {self._clock() - begin:.0f} s for {what}; last seen: {str(seen)[:200]}")
            self._sleep(pause)
            pause = min(pause * 1.5, _LONGEST)
        return seen

    def pause(self, seconds: float) -> None:
        """Wait."""
        self._sleep(max(min(seconds, self.left), 0))

    def settle(self, look: Callable[[], T], until: Callable[[T], bool], *, at_most: float) -> T:
        """Look until what is seen is what is waited for, or so many seconds passed; return what was seen last."""
        seen = [look()]

        def again() -> T:
            seen[0] = look()
            return seen[0]

        with contextlib.suppress(TookTooLongError):
            self.poll(again, until, what="the same", at_most=at_most)
        return seen[0]
