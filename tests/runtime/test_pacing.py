"""Tests of sharing one budget of requests.

AWS throttles with a token bucket that fills at a steady rate; the endpoint here is one, in memory and in its own time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from access_check.ledger import Ledger
from access_check.pacing import OutOfTimeError, Pace, Paces
from tests.runtime.fakes import Clock


@dataclass
class Bucket:
    """Takes ``rate`` requests a second, and ``burst`` more at once."""

    clock: Clock
    rate: float
    burst: float
    tokens: float = field(init=False)
    since: float = 0.0
    accepted: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        """Start full."""
        self.tokens = self.burst

    def takes(self) -> bool:
        """Take one request, or refuse it."""
        now = self.clock()
        self.tokens = min(max(self.burst, 1), self.tokens + (now - self.since) * self.rate)
        self.since = now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.accepted += 1
        return True


def _send(bucket: Bucket, clock: Clock, requests: int, *, latency: float = 0.005) -> None:
    """Send requests one after another at their pace until all are accepted."""
    pace = Pace(clock=clock, jitter=clock.jitter)
    while bucket.accepted < requests and clock.left() > 0:
        clock.now += pace.turn() + latency
        pace.answered(throttled=not bucket.takes())


def test_nobody_waits_until_somebody_is_refused() -> None:
    """A quota that is not reached costs nothing."""
    clock = Clock()
    _send(Bucket(clock, rate=20, burst=200), clock, 200, latency=0)
    assert clock.now == 0


@pytest.mark.parametrize("requests", [500, 1000])
def test_a_bucket_is_used_up_but_hardly_knocked_at(requests: int) -> None:
    """20 a second and a burst of 200, which AWS documents for GetAuthorizationToken: near the least time there is."""
    clock = Clock()
    bucket = Bucket(clock, rate=20, burst=200)
    _send(bucket, clock, requests)
    assert bucket.accepted == requests
    assert clock.now < 1.15 * (requests - 200) / 20
    assert bucket.refused < requests / 5


def test_a_bucket_without_a_burst_is_survived() -> None:
    """More slowly than it might be, but nobody is left out."""
    clock = Clock()
    bucket = Bucket(clock, rate=20, burst=0)
    _send(bucket, clock, 400)
    assert bucket.accepted == 400
    assert clock.now < 2 * 400 / 20


def test_who_is_always_refused_asks_ever_more_slowly() -> None:
    """Down to one request in two seconds, for all threads together."""
    clock = Clock(total=100)
    bucket = Bucket(clock, rate=0, burst=0)
    _send(bucket, clock, 1)
    assert 40 < bucket.refused < 300


class _Events:
    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def register(self, name: str, handler: object) -> None:
        self.handlers[name] = handler


class _Client:
    """The part of a boto3 client that tells of its requests."""

    def __init__(self, region: str = "eu-west-1") -> None:
        self.meta = self
        self.region_name = region
        self.events = _Events()

    def request(self, answer: dict[str, Any] | None, operation: str = "iam.Simulate") -> None:
        self.events.handlers["before-send.*.*"](event_name=f"before-send.{operation}", request=None)
        self.events.handlers["response-received.*.*"](
            event_name=f"response-received.{operation}", parsed_response=answer, exception=None
        )


_OK: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": 200}}
_REFUSED: dict[str, Any] = {"Error": {"Code": "Throttling"}, "ResponseMetadata": {"HTTPStatusCode": 400}}


def _paces(clock: Clock, ledger: Ledger) -> Paces:
    return Paces(clock=clock, sleep=clock.sleep, jitter=clock.jitter, left=clock.left, ledger=ledger)


def test_every_request_is_counted_and_the_refused_ones_slow_the_others_down() -> None:
    """Botocore's repeated requests among them; no answer at all says nothing about the rate."""
    clock, ledger = Clock(), Ledger()
    client = _Client()
    _paces(clock, ledger).keep(client)
    for answer in (_OK, None, _REFUSED, _OK, _OK):
        client.request(answer)
    entries = ledger.entries()
    assert entries["calls"] == {"iam:Simulate": 5}
    assert entries["throttled"] == 1
    assert clock.now > 0


def test_another_region_has_a_budget_of_its_own() -> None:
    """AWS throttles by account and Region."""
    clock = Clock()
    paces = _paces(clock, Ledger())
    here, there = _Client(), _Client("us-east-1")
    for client in (here, there):
        paces.keep(client)
    for _ in range(5):
        here.request(_REFUSED)
    now = clock.now
    there.request(_OK)
    there.request(_OK)
    assert clock.now == now


def test_a_turn_after_the_deadline_is_not_waited_for() -> None:
    """The answer has to leave before."""
    clock = Clock(total=1)
    client = _Client()
    _paces(clock, Ledger()).keep(client)
    client.request(_REFUSED)
    with pytest.raises(OutOfTimeError):  # noqa: PT012 -- one of them
        for _ in range(9):
            client.request(_REFUSED)
    assert clock.left() >= 0


@pytest.mark.parametrize("other", ["iam.GetRole", "ecr.Simulate"])
def test_another_operation_has_a_budget_of_its_own(other: str) -> None:
    """AWS throttles each by itself."""
    clock = Clock()
    client = _Client()
    _paces(clock, Ledger()).keep(client)
    for _ in range(5):
        client.request(_REFUSED)
    now = clock.now
    client.request(_OK, other)
    client.request(_OK, other)
    assert clock.now == now


def _accepted(pace: Pace, clock: Clock, requests: int, seconds: float) -> None:
    """Have requests accepted, then let the time pass."""
    for _ in range(requests):
        pace.answered(throttled=False)
    clock.now += seconds


def _interval(pace: Pace) -> float:
    """Tell the seconds from one turn to the next."""
    first = pace.turn()
    return pace.turn() - first


@pytest.mark.parametrize(("drawn", "part"), [(0.0, 0.95), (0.5, 1.0), (1.0, 1.05)])
def test_the_first_refusal_keeps_to_most_of_what_was_accepted(drawn: float, part: float) -> None:
    """Four fifths of it: ten a second become eight; jitter changes each turn by a twentieth at most."""
    clock = Clock()
    pace = Pace(clock=clock, jitter=lambda: drawn)
    _accepted(pace, clock, 100, 10)
    pace.answered(throttled=True)
    assert _interval(pace) == pytest.approx(part / 8)


def test_another_refusal_keeps_to_a_little_more_than_was_accepted_since() -> None:
    """Never to more than four fifths of what was tried; refusals of the next half a second say nothing new."""
    clock = Clock()
    pace = Pace(clock=clock, jitter=clock.jitter)
    _accepted(pace, clock, 100, 10)
    pace.answered(throttled=True)
    _accepted(pace, clock, 50, 10)
    for _ in range(3):
        pace.answered(throttled=True)
    assert _interval(pace) == pytest.approx(1 / 5.5)
    _accepted(pace, clock, 2, 0.25)
    pace.answered(throttled=True)
    assert _interval(pace) < 1 / 5.5
    _accepted(pace, clock, 0, 0.25)
    pace.answered(throttled=True)
    assert _interval(pace) > 1 / 5.5


def test_a_short_wait_beyond_the_deadline_is_not_waited_for() -> None:
    """A turn in half a second, where a third is left: there is no time for it, nor is any spent."""
    clock = Clock(total=8.3)
    client = _Client()
    _paces(clock, Ledger()).keep(client)
    for _ in range(20):
        client.request(_OK)
    clock.now = 8.0
    client.request(_REFUSED)
    client.request(None)
    with pytest.raises(OutOfTimeError):
        client.request(None)
    assert clock.now == 8.0


def test_a_turn_at_the_deadline_is_waited_for() -> None:
    """It is the last one."""
    clock = Clock(total=8.5)
    client = _Client()
    _paces(clock, Ledger()).keep(client)
    for _ in range(20):
        client.request(_OK)
    clock.now = 8.0
    client.request(_REFUSED)
    client.request(None)
    client.request(None)
    assert clock.now >= 8.5
