"""A batch of events from the queue: equal failures counted together, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ecr_access.diagnosis.heard import caches, calls, tasks, values
from ecr_access.diagnosis.heard.failure import Failure, Times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_READERS: Final[dict[str, Callable[[Mapping[str, Any]], tuple[Failure, str | None] | None]]] = {
    calls.DETAIL_TYPE: calls.failed_call,
    tasks.DETAIL_TYPE: tasks.failed_task,
    caches.DETAIL_TYPE: caches.failed_cache,
}


@dataclass
class Batch:
    """What was read of a batch.

    Attributes:
        failures: how often each was heard, and when.
        unread: the ids of the messages that are none of the events that are asked for; they go back to the queue,
            which moves them to its dead-letter queue.
        new_unread: how many of them are here for the first time.
    """

    failures: dict[Failure, Times] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    new_unread: int = 0


def read(records: Sequence[Mapping[str, Any]]) -> Batch:
    """Read the records of a batch; each by itself, so that one that cannot be read keeps none from being heard."""
    batch = Batch()
    for record in records:
        found = _failure(values_of(record))
        if found:
            failure, when = found
            batch.failures.setdefault(failure, Times()).add(when)
        else:
            batch.unread.append(str(record.get("messageId", "")))
            received = values.text(record, "attributes", "ApproximateReceiveCount")
            batch.new_unread += received in ("", "1")
    return batch


def values_of(record: Mapping[str, Any]) -> object:
    """Return the event that a record of the queue holds; None if it holds no JSON."""
    body = record.get("body")
    try:
        return json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        return None


def _failure(event: object) -> tuple[Failure, str | None] | None:
    reader = _READERS.get(values.text(event, "detail-type"))
    return reader(event) if reader and isinstance(event, Mapping) else None
