"""Does many things at a time, but not too many, and waits for none beyond the deadline."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

from ecr_access.check.aws.errors import UndeterminedError, unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

Item = TypeVar("Item", bound="Hashable")
Result = TypeVar("Result")

WORKERS: Final = 8
"""Threads: with 50 ms a call, more requests a second than ECR or IAM allow for long."""


def each(
    do: Callable[[Item], Result], items: Iterable[Item], *, left: Callable[[], float], workers: int
) -> dict[Item, Result | UndeterminedError]:
    """Do something with each item, in threads that are not waited for once the time is over.

    Args:
        do: called with each item, in their order.
        items: which.
        left: tells the seconds until what is not done counts as undetermined.
        workers: how many at a time, at most.

    An item whose ``do`` raises has an UndeterminedError for its result, so that one unforeseen answer costs one
    finding.

    Raises:
        BaseException: what ends a process, such as SystemExit.
    """
    todo = deque(dict.fromkeys(items))
    everything = tuple(todo)
    results: dict[Item, Result | UndeterminedError] = {}
    broken: list[BaseException] = []

    def work() -> None:
        with contextlib.suppress(IndexError):
            while not broken:
                item = todo.popleft()
                try:
                    results[item] = do(item)
                except UndeterminedError as error:
                    results[item] = error
                except Exception as error:  # noqa: BLE001 -- see above
                    results[item] = unexpected(error)
                except BaseException as error:  # noqa: BLE001 -- raised again by the caller's thread
                    broken.append(error)

    # Daemons: a call that hangs must not keep a process from its end.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, len(everything)))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(max(left(), 0))
    if broken:
        raise broken[0]
    late = UndeterminedError("there was no answer before the deadline", "deploy again; if it stays so, see the log")
    # A thread that is late writes into a dictionary that is not read any more.
    return {item: results.get(item, late) for item in everything}
