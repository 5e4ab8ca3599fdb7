"""Progress of work that may take seconds or minutes."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY: Final = 3.0
"""Seconds: what takes less needs no word."""


class Progress:
    """Writes lines to standard error, a line in three seconds at most, in a log too; and none in the first three."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the time."""
        self._clock = clock
        self._first = self._next = clock() + _EVERY

    def __call__(self, line: str, *, is_long: bool = False) -> None:
        """Report what is done now; what takes long by itself is told also soon after another line."""
        if (now := self._clock()) >= (self._first if is_long else self._next):
            self._next = now + _EVERY
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
