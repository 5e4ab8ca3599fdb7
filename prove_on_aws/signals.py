"""Ends a run by exception on the signals that end a process, and lets nothing end its cleaning up."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InterruptedRunError(BaseException):
    """A signal asked the run to end; not an Exception, so that no probe takes it for a failure of its own."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


@contextlib.contextmanager
def raising_signals() -> Iterator[None]:
    """Raise InterruptedRunError on SIGINT, SIGTERM and SIGHUP, also where the parent process ignores SIGINT."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise InterruptedRunError(number)

    with _handled(end):
        yield


@contextlib.contextmanager
def deferring_signals(message: str) -> Iterator[None]:
    """Print a message on the signals, and raise InterruptedRunError for the first of them at the end."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        sys.stderr.write(f"{message}\n")

    with _handled(note):
        yield
    if received:
        raise InterruptedRunError(received[0])


@contextlib.contextmanager
def _handled(handler: signal._HANDLER) -> Iterator[None]:
    previous = {number: signal.signal(number, handler) for number in _ENDING}
    try:
        yield
    finally:
        for number, earlier in previous.items():
            signal.signal(number, earlier)
