"""Tests of doing several things at a time."""

from __future__ import annotations

import threading
import time

import pytest

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each


def _long() -> float:
    return 5.0


def test_each_item_has_its_result() -> None:
    """An item that comes twice is done once; what could not be found out is a result like any other."""
    unknown = UndeterminedError("cause", "fix")
    done: list[int] = []

    def double(number: int) -> int:
        done.append(number)
        if number == 2:
            raise unknown
        return 2 * number

    assert each(double, [1, 2, 3, 1], left=_long, workers=2) == {1: 2, 2: unknown, 3: 6}
    assert sorted(done) == [1, 2, 3]


def test_nothing_is_nothing() -> None:
    """No thread is started for it."""
    before = threading.active_count()
    assert each(str, [], left=_long, workers=8) == {}
    assert threading.active_count() == before


def test_never_more_than_so_many_at_a_time() -> None:
    """And no fewer where there is enough to do."""
    running: list[int] = []
    most: list[int] = []
    together = threading.Barrier(3, timeout=5)

    def work(number: int) -> None:
        running.append(number)
        most.append(len(running))
        if number < 3:
            together.wait()
        time.sleep(0.005)
        running.remove(number)

    each(work, range(20), left=_long, workers=3)
    assert max(most) == 3


def test_what_is_late_is_not_waited_for() -> None:
    """A call that hangs is undetermined, and what was found out is kept."""
    release = threading.Event()

    def work(number: int) -> int:
        if number == 1:
            release.wait(10)
        return number

    started = time.monotonic()
    found = each(work, [1, 2], left=lambda: 0.3 - (time.monotonic() - started), workers=2)
    release.set()
    assert time.monotonic() - started < 5
    assert found[2] == 2
    late = found[1]
    assert isinstance(late, UndeterminedError)
    assert late.cause == "there was no answer before the deadline"


def test_a_time_that_is_over_is_not_waited_for() -> None:
    """Nor a second for each thread; none of them keeps the process from its end."""
    release = threading.Event()
    daemons: list[bool] = []

    def work(_: int) -> None:
        daemons.append(threading.current_thread().daemon)
        release.wait(30)

    started = time.monotonic()
    found = each(work, range(8), left=lambda: -1, workers=8)
    took = time.monotonic() - started
    release.set()
    assert took < 6
    assert all(isinstance(one, UndeterminedError) for one in found.values())
    assert daemons == [True] * 8


def test_threads_end_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace in the log would look like a failure."""
    said: list[object] = []
    monkeypatch.setattr(threading, "excepthook", said.append)
    assert each(str, [1, 2, 3], left=_long, workers=2) == {1: "1", 2: "2", 3: "3"}
    assert said == []


@pytest.mark.parametrize("failure", [KeyError, MemoryError, RecursionError, ZeroDivisionError])
def test_an_unexpected_error_costs_its_item_alone(failure: type[Exception], capsys: pytest.CaptureFixture[str]) -> None:
    """One garbled answer must not end the check; nor does it pass for an answer."""

    def work(number: int) -> int:
        if number == 1:
            raise failure
        return number

    found = each(work, range(3), left=_long, workers=1)
    assert (found.pop(0), found.pop(2)) == (0, 2)
    (broken,) = found.values()
    assert isinstance(broken, UndeterminedError)
    assert failure.__name__ in broken.cause
    assert failure.__name__ in capsys.readouterr().err


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_what_ends_a_process_is_raised_where_it_can_be_answered(end: type[BaseException]) -> None:
    """The protocol answers that, too; what is left is not begun."""
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        raise end

    with pytest.raises(end):
        each(work, range(100), left=_long, workers=1)
    assert begun == [0]
