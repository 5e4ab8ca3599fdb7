"""The function of RegistryWatch: one message a batch at most, and few an hour, whatever comes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import validate_parameters

from ecr_access.diagnosis.heard import handler
from ecr_access.diagnosis.heard.memory import HOUR, MESSAGES_AN_HOUR, Memory
from tests.ecr_access.diagnosis.heard.test_events import EVENTS, records


class Topic:
    """A client of SNS, whose requests are held against the SDK's model."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.fails = False

    def publish(self, **request: str) -> None:
        """Take a message."""
        shape = get_session().get_service_model("sns").operation_model("Publish").input_shape
        assert shape is not None
        validate_parameters(request, shape)
        if self.fails:
            raise ConnectionError
        self.sent.append(request)


class Clock:
    """A clock that is set."""

    now = 1000.0

    def time(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Topic:
    """The topic that the function sends to."""
    one = Topic()
    monkeypatch.setattr(handler, "_sns", lambda: one)
    monkeypatch.setenv(handler.TOPIC, "arn:aws:sns:eu-west-1:111122223333:alerts")
    return one


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The function's clock."""
    one = Clock()
    monkeypatch.setattr(handler, "time", one)
    return one


def batch(*events: object) -> dict[str, Any]:
    """A batch as Lambda hands it over."""
    return {"Records": records(*events)}


def of(name: str, repository: str = "team/app") -> str:
    """One of the events, about a repository."""
    return json.dumps(EVENTS[name]["event"]).replace("team/app", repository)


def test_equal_failures_are_a_message_an_hour(topic: Topic, clock: Clock) -> None:
    """Told once, counted after that, and told again with the number an hour later."""
    memory = Memory()
    hundred = batch(*[of("denied-pull")] * 100)
    for _ in range(100):
        clock.now += 1
        handler.handle(hundred, None, memory)
    assert len(topic.sent) == 1
    clock.now += HOUR
    handler.handle(hundred, None, memory)
    assert len(topic.sent) == 2
    assert "100 times" in topic.sent[1]["Message"]
    assert "that repeat, or were too many to tell: 9,900" in topic.sent[1]["Message"]


def test_failures_of_ever_other_repositories_are_few_messages(topic: Topic, clock: Clock) -> None:
    """Each is new; the hour's messages are used up and each is of bounded length."""
    memory = Memory()
    for number in range(30):
        clock.now += 1
        handler.handle(batch(*(of("push-to-missing", f"r/{number}-{one}") for one in range(200))), None, memory)
    assert len(topic.sent) == MESSAGES_AN_HOUR
    assert all(len(one["Message"]) < 30_000 for one in topic.sent)
    assert "Failures of other kinds that came with these: 180" in topic.sent[0]["Message"]
    assert memory.withheld == (30 - MESSAGES_AN_HOUR) * 200


def test_what_a_message_only_counted_is_named_by_the_next(topic: Topic, clock: Clock) -> None:
    """So that a person sees other repositories, and not the same number again."""
    memory = Memory()
    missing = [f"r/{number:02}" for number in range(60)]
    for _ in range(4):
        clock.now += 1
        handler.handle(batch(*(of("push-to-missing", one) for one in missing)), None, memory)
    assert len(topic.sent) == 3
    assert [one for one in missing if sum(f"repository {one} (" in sent["Message"] for sent in topic.sent) != 1] == []


def test_failures_of_other_services_leave_room_for_those_of_ecr(topic: Topic, clock: Clock) -> None:
    """They are diagnosed once an hour, however many there are."""
    memory = Memory()
    secrets = [of("task-without-secret").replace("web:7", f"web:{number}") for number in range(30)]
    for _ in range(3):
        clock.now += 1
        handler.handle(batch(*secrets * 2, of("denied-pull")), None, memory)
    assert [one["Subject"] for one in topic.sent] == ["ECR: 403 not authorized: team/app"]


def test_what_is_not_of_the_shape_goes_back_and_is_counted(topic: Topic, capsys: pytest.CaptureFixture[str]) -> None:
    """The others of its batch are told; the queue keeps it, and no attempt after the first is counted."""
    event = batch("{", of("denied-token"))
    assert handler.handle(event, None, Memory()) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert "Events of an unknown shape, which go to the dead-letter queue: 1" in topic.sent[0]["Message"]
    assert json.loads(capsys.readouterr().out)["heard"] == {"failures": 1, "kinds": 1, "told": True, "unread": 1}
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "2"
    handler.handle(event, None, Memory())
    assert "unknown shape" not in topic.sent[1]["Message"]


@pytest.mark.parametrize("event", [None, [], "x", {}, {"Records": None}, {"Records": [7, None]}])
def test_a_call_that_is_no_batch_does_nothing(topic: Topic, event: object) -> None:
    """Of whatever is given to the function by hand."""
    assert handler.handle(event, None, Memory()) == {"batchItemFailures": []}
    assert topic.sent == []


def test_a_message_that_cannot_be_sent_comes_again(topic: Topic) -> None:
    """The batch fails, the queue keeps it, and the next attempt tells it as new."""
    memory = Memory()
    topic.fails = True
    with pytest.raises(ConnectionError):
        handler.handle(batch(of("denied-pull")), None, memory)
    topic.fails = False
    handler.handle(batch(of("denied-pull")), None, memory)
    assert len(topic.sent) == 1


def test_a_failure_of_another_service_makes_no_message(topic: Topic) -> None:
    """And is not counted among those of ECR."""
    memory = Memory()
    handler.handle(batch(of("task-without-secret")), None, memory)
    assert (topic.sent, memory.withheld) == ([], 0)
