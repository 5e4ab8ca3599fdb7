"""CloudFormation's custom resource protocol: every event gets exactly one answer, whatever happens.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ecr_access.check import log
from ecr_access.check.cloudformation import response, response_upload
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MARGIN: Final = 5.0
"""Seconds before the end of the function at which an answer is given in place of work that is not done."""

_NO_CLOCK: Final = 60.0
"""Seconds that are assumed to be left where the context does not tell."""

_TYPES: Final = ("Create", "Update")


@dataclass(frozen=True)
class Answer:
    """What CloudFormation is told; without a physical id, the event's stays. The code ends the reason."""

    succeeded: bool
    reason: str = ""
    code: Code | None = None
    physical_id: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


if TYPE_CHECKING:
    Work = Callable[[Mapping[str, object], object, Callable[[], float]], Answer]


def serve(event: object, context: object, work: Work, *, unproved_id: str) -> None:
    """Do the work that an event asks for and answer it.

    Never raises: a function that fails is called again by Lambda, and would answer again.

    Args:
        event: what CloudFormation sent, or anything else.
        context: Lambda's.
        work: called for Create and Update with the event, the context and a function that tells the seconds
            left. A Delete succeeds without it.
        unproved_id: the physical id of a resource that never got one.
    """
    url = response_upload.usable_url(event.get("ResponseURL")) if isinstance(event, dict) else None
    if url is None or not isinstance(event, dict):
        log.line(error="cannot answer: the event has no ResponseURL of http or https")
        return
    left = remaining(context)
    desk = _Desk(event, url, left, unproved_id)
    if event.get("RequestType") == "Delete":
        desk.answer(Answer(succeeded=True))
        return
    watchdog = threading.Timer(max(left() - MARGIN, 0), desk.answer, [_out_of_time()])
    watchdog.daemon = True
    watchdog.start()
    desk.answer(_attempt(event, context, work, lambda: left() - MARGIN, url))
    watchdog.cancel()
    # Lambda freezes the process when the handler returns, the watchdog's delivery with it.
    desk.wait()


class _Desk:
    """Answers one event once, and turns a second answer away."""

    def __init__(self, event: Mapping[str, object], url: str, remaining: Callable[[], float], unproved_id: str) -> None:
        self._event = event
        self._url = url
        self._remaining = remaining
        self._unproved_id = unproved_id
        self._claim = threading.Lock()
        self._done = threading.Event()

    def answer(self, answer: Answer) -> None:
        if not self._claim.acquire(blocking=False):
            return
        try:
            body = response.body(
                self._event,
                succeeded=answer.succeeded,
                reason=answer.reason.replace(self._url, "(the response URL)"),
                code=answer.code,
                physical_id=answer.physical_id or self._event.get("PhysicalResourceId") or self._unproved_id,
                data=answer.data,
            )
            response_upload.put(self._url, body, remaining=self._remaining)
        except Exception as error:  # noqa: BLE001 -- see serve: raising would make Lambda call again
            log.line(error=f"the answer could not be given: {type(error).__name__}")
        finally:
            self._done.set()

    def wait(self) -> None:
        self._done.wait(max(self._remaining(), 0))


def _attempt(event: Mapping[str, object], context: object, work: Work, left: Callable[[], float], url: str) -> Answer:
    kind = event.get("RequestType")
    if kind not in _TYPES:
        return Answer(
            succeeded=False,
            reason=f"malformed event: RequestType is {str(kind)[:100]!r}; allowed: Create, Update, Delete",
            code=Code.CHECK_EVENT,
        )
    try:
        return work(event, context, left)
    except BaseException as error:  # noqa: BLE001 -- SystemExit, too, must not leave the stack waiting for an hour
        import traceback  # needed only when something is broken

        # The URL is a credential: a process that has it can answer in the function's place.
        trace = [entry.replace(url, "(the response URL)") for entry in traceback.format_tb(error.__traceback__)]
        text = f"{type(error).__name__}: {error}".replace(url, "(the response URL)")
        log.line(error=text, trace=trace)
        return Answer(
            succeeded=False,
            reason=f"the check itself failed, so that nothing is proved: {text}; the function's log has the trace",
            code=Code.CHECK_FAILED,
        )


def _out_of_time() -> Answer:
    return Answer(
        succeeded=False,
        reason=(
            "the check was not done before its function's timeout, so that nothing is proved; its log tells how far "
            "it came; deploy again, or give the function more time"
        ),
        code=Code.UNDETERMINED,
    )


def remaining(context: object) -> Callable[[], float]:
    """Tell the seconds until Lambda ends the function."""
    started = time.monotonic()
    try:
        left = context.get_remaining_time_in_millis() / 1000  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 -- a context like no other is no reason to leave the stack waiting
        left = _NO_CLOCK
    return lambda: started + left - time.monotonic()
