"""Makes the signals that end a process unwind its ``with`` blocks first."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

INTERRUPTED = 128 + signal.SIGINT
"""The exit code of a program that Ctrl-C ended, by the shells' convention."""


@contextlib.contextmanager
def unwinding_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit with the shells' exit code, as Python turns SIGINT into one.

    What is ignored stays so: ``nohup`` has SIGHUP ignored, and a shell has SIGINT for what it runs in the background.
    """

    def unwind(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    heeded = [one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, unwind) for number in heeded}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
