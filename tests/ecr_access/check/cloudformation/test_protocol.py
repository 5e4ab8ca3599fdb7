"""Tests of the custom resource protocol: one answer to every event, whatever happens."""

from __future__ import annotations

import copy
import threading
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_access.check.cloudformation import protocol, response, response_upload
from tests.ecr_access.check.checking import log_of
from tests.ecr_access.check.conftest import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.ecr_access.check.conftest import Presigned

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)
_FIELDS = ["RequestType", "StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId", "ResourceProperties"]
_FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _proved(event: Mapping[str, object], context: object, left: Callable[[], float]) -> protocol.Answer:
    del event, context, left
    return protocol.Answer(succeeded=True, physical_id="proved", data={"a": "b"})


def _never(event: Mapping[str, object], context: object, left: Callable[[], float]) -> NoReturn:
    pytest.fail(f"work was done for {event} in {context} with {left} left")


def _serve(event: object, work: protocol.Work = _proved, context: object = None) -> None:
    protocol.serve(event, context or Context(), work, unproved_id="unproved")


def test_work_that_succeeds_is_answered(presigned: Presigned) -> None:
    """The answer carries the ids of the event and the physical id of the work."""
    event = presigned.event()
    _serve(event)
    assert presigned.answer == {
        "Status": "SUCCESS",
        "Reason": "",
        "PhysicalResourceId": "proved",
        "Data": {"a": "b"},
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }


@pytest.mark.parametrize("physical_id", ["proved", "unproved", "of a Create that failed"])
def test_a_delete_succeeds_without_work(presigned: Presigned, physical_id: str) -> None:
    """Whatever the physical id: also when a Create failed, or when the role has lost its policies."""
    _serve(presigned.event("Delete", PhysicalResourceId=physical_id), _never)
    assert presigned.answer["Status"] == "SUCCESS"
    assert presigned.answer["PhysicalResourceId"] == physical_id


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyError("x"), SystemExit(1), KeyboardInterrupt(), GeneratorExit(), MemoryError()]
)
def test_work_that_raises_is_answered(presigned: Presigned, error: BaseException) -> None:
    """A raised exception would make Lambda call again and leave CloudFormation waiting."""

    def work(*_: object) -> NoReturn:
        raise error

    _serve(presigned.event(), work)
    assert presigned.answer["Status"] == "FAILED"
    assert type(error).__name__ in presigned.answer["Reason"]
    assert presigned.answer["PhysicalResourceId"] == "unproved"


def test_a_failed_update_keeps_the_physical_id(presigned: Presigned) -> None:
    """What was proved last stays remembered."""
    _serve(
        presigned.event("Update", PhysicalResourceId="proved-before"),
        lambda *_: protocol.Answer(succeeded=False, reason="denied"),
    )
    assert presigned.answer["PhysicalResourceId"] == "proved-before"
    assert presigned.answer["Reason"] == "denied"


@pytest.mark.parametrize("kind", ["Move", "", None, 1, ["Create"], {}, "delete"])
def test_an_unknown_request_type_is_answered(presigned: Presigned, kind: Any) -> None:
    """The words name what came and what is allowed."""
    _serve(presigned.event(kind), _never)
    assert "allowed: Create, Update, Delete" in presigned.answer["Reason"]


@pytest.mark.parametrize("event", [None, 1, "text", [], {}, {"ResponseURL": "ftp://host"}, {"RequestType": "Delete"}])
def test_without_a_usable_url_nothing_is_done(event: object, capsys: pytest.CaptureFixture[str]) -> None:
    """It is logged, and not raised."""
    _serve(event, _never)
    assert log_of(capsys) == [{"error": "cannot answer: the event has no ResponseURL of http or https"}]


def test_a_deadline_about_to_pass_is_answered_once(presigned: Presigned) -> None:
    """The words say so, and what the work says later is not sent."""
    late = threading.Event()

    def work(*_: object) -> protocol.Answer:
        late.wait(5)
        return protocol.Answer(succeeded=True)

    thread = threading.Thread(target=_serve, args=(presigned.event(), work, Context(millis=5_020)))
    thread.start()
    while not presigned.bodies:
        time.sleep(0.005)
    late.set()
    thread.join()
    assert presigned.answer["Status"] == "FAILED"
    assert "not done before its function's timeout" in presigned.answer["Reason"]


def test_the_handler_waits_for_the_watchdog_to_deliver(presigned: Presigned) -> None:
    """Lambda freezes the process when the handler returns: an answer under way would be lost."""
    presigned.statuses = [500]

    def work(*_: object) -> protocol.Answer:
        time.sleep(0.1)
        return protocol.Answer(succeeded=True)

    _serve(presigned.event(), work, Context(millis=5_001))
    assert presigned.answer["Status"] == "FAILED"
    assert presigned.answer["Reason"] == (
        "the check was not done before its function's timeout, so that nothing is proved; its log tells how far it "
        "came; deploy again, or give the function more time [ECR-ACCESS-424]"
    )


def test_work_is_told_the_time_that_is_left(presigned: Presigned) -> None:
    """The last five seconds are the watchdog's."""
    told: list[float] = []

    def work(_event: object, _context: object, left: Callable[[], float]) -> protocol.Answer:
        told.append(left())
        return protocol.Answer(succeeded=True)

    _serve(presigned.event(), work, Context(millis=60_000))
    _serve(presigned.event(), work, object())
    assert told == [pytest.approx(55, abs=1), pytest.approx(55, abs=1)]


def test_the_response_url_is_never_told(presigned: Presigned, capsys: pytest.CaptureFixture[str]) -> None:
    """Not in an answer and not in the log, even if the work quotes it."""
    url = presigned.url

    def quote(*_: object) -> protocol.Answer:
        return protocol.Answer(succeeded=False, reason=f"cannot open {url}")

    def fail(*_: object) -> NoReturn:
        raise ValueError(url)

    _serve(presigned.event(), quote)
    _serve(presigned.event(), fail)
    told = str(presigned.bodies) + "".join(capsys.readouterr())
    assert "cannot open (the response URL)" in told
    assert "ValueError: (the response URL)" in told
    assert "s3cr3t" not in told


def test_an_answer_that_cannot_be_made_is_logged(presigned: Presigned, capsys: pytest.CaptureFixture[str]) -> None:
    """Raising would make Lambda call again."""
    wrong: Any = {"a": object()}
    _serve(presigned.event(), lambda *_: protocol.Answer(succeeded=True, data=wrong))
    assert "the answer could not be given: TypeError" in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "shown"), [("Move", "'Move'"), (None, "'None'"), ("x" * 101, f"'{'x' * 100}'")])
def test_an_unknown_request_type_fails_and_is_shown(presigned: Presigned, kind: object, shown: str) -> None:
    """Cut, since anything may stand there."""
    _serve(presigned.event(RequestType=kind), _never)
    assert presigned.answer["Status"] == "FAILED"
    assert presigned.answer["Reason"] == (
        f"malformed event: RequestType is {shown}; allowed: Create, Update, Delete [ECR-ACCESS-400]"
    )


def test_work_gets_the_event_and_the_context(presigned: Presigned) -> None:
    """Lambda's, which knows where the function runs and where it logs."""
    event, context = presigned.event(), Context()
    told: list[object] = []

    def work(*given: object) -> protocol.Answer:
        told.extend(given[:2])
        return protocol.Answer(succeeded=True)

    _serve(event, work, context)
    assert told == [event, context]


def test_work_that_raises_is_logged_with_its_trace(presigned: Presigned, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the URL, even where a line of the trace has it."""
    code = compile("raise ValueError('broken')", presigned.url, "exec")

    def work(*_: object) -> NoReturn:
        exec(code)  # noqa: S102 -- a line of ours
        pytest.fail("it did not raise")

    _serve(presigned.event(), work)
    (line,) = log_of(capsys)
    assert line["error"] == "ValueError: broken"
    assert 'File "(the response URL)", line 1' in line["trace"][-1]


def _checked(presigned: Presigned, event: object) -> None:
    presigned.bodies.clear()
    _serve(event)
    usable = isinstance(event, dict) and response_upload.usable_url(event.get("ResponseURL"))
    assert len(presigned.bodies) == (1 if usable else 0)
    assert all(len(body) <= response.LIMIT for body in presigned.bodies)


@_FAST
@given(event=_JSON)
def test_anything_at_all_is_survived(presigned: Presigned, event: object) -> None:
    """What is no event has no URL to answer to."""
    _checked(presigned, event)


@_FAST
@given(data=st.data())
def test_any_event_with_a_url_gets_exactly_one_answer(presigned: Presigned, data: st.DataObject) -> None:
    """A well-formed event, of which some fields are gone, are something else, or are very long."""
    event = copy.deepcopy(presigned.event(PhysicalResourceId="proved"))
    for name in data.draw(st.lists(st.sampled_from(_FIELDS), unique=True)):
        event[name] = data.draw(_JSON | st.text(min_size=1).map(lambda text: text * 500))
        if data.draw(st.booleans()):
            del event[name]
    _checked(presigned, event)
