"""Tests of sharing one budget of requests.

AWS throttles with a token bucket that fills at a steady rate; the endpoint here is one, in memory and in its own time.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from ecr_access.check.aws.api_usage import ApiUsage
from ecr_access.check.aws.rate_limit import OutOfTimeError, RateLimiter, RateLimiters
from tests.ecr_access.check.fakes import Clock


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


def _limiter(clock: Clock, *, drawn: float = 0.5) -> RateLimiter:
    """Make a pace whose pauses last as long as they should."""

    def sleep(seconds: float) -> None:
        clock.now += seconds

    return RateLimiter(clock=clock, sleep=sleep, jitter=lambda: drawn, left=clock.left)


def _send(bucket: Bucket, clock: Clock, requests: int, *, latency: float = 0.005) -> None:
    """Send requests one after another at their pace until all are accepted."""
    limiter = _limiter(clock)
    with contextlib.suppress(OutOfTimeError):
        while bucket.accepted < requests and clock.left() > 0:
            limiter.wait()
            clock.now += latency
            limiter.answered(throttled=not bucket.takes())


def test_no_call_waits_before_one_is_refused() -> None:
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
    assert clock.now < 1.05 * (requests - 200) / 20
    assert bucket.refused < requests / 20


@pytest.mark.parametrize("rate", [5, 20, 50, 100])
def test_a_bucket_without_a_burst_is_survived(rate: int) -> None:
    """Whatever its rate: what comes a moment too early is refused, and the moment lost."""
    clock = Clock()
    bucket = Bucket(clock, rate=rate, burst=0)
    _send(bucket, clock, 10 * rate)
    assert bucket.accepted == 10 * rate
    assert clock.now < 1.25 * 10
    assert bucket.refused < 30


def test_who_is_always_refused_asks_ever_more_slowly() -> None:
    """Down to one request in two seconds, for all threads together."""
    clock = Clock(total=100)
    bucket = Bucket(clock, rate=0, burst=0)
    _send(bucket, clock, 1)
    assert 48 < bucket.refused < 60


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


def _limiters(clock: Clock, usage: ApiUsage) -> RateLimiters:
    return RateLimiters(clock=clock, sleep=clock.sleep, jitter=clock.jitter, left=clock.left, usage=usage)


def test_every_request_is_counted_and_the_refused_ones_slow_the_others_down() -> None:
    """Botocore's repeated requests among them; no answer at all says nothing about the rate."""
    clock, usage = Clock(), ApiUsage()
    client = _Client()
    _limiters(clock, usage).keep(client)
    for answer in (_OK, None, _REFUSED, _OK, _OK):
        client.request(answer)
    entries = usage.entries()
    assert entries["calls"] == {"iam:Simulate": 5}
    assert entries["throttled"] == 1
    assert clock.now > 0


def test_another_region_has_a_budget_of_its_own() -> None:
    """AWS throttles by account and Region."""
    clock = Clock()
    limiters = _limiters(clock, ApiUsage())
    here, there = _Client(), _Client("us-east-1")
    for client in (here, there):
        limiters.keep(client)
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
    _limiters(clock, ApiUsage()).keep(client)
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
    _limiters(clock, ApiUsage()).keep(client)
    for _ in range(5):
        client.request(_REFUSED)
    now = clock.now
    client.request(_OK, other)
    client.request(_OK, other)
    assert clock.now == now


def _interval(limiter: RateLimiter) -> float:
    """Tell the seconds from one turn to the next."""
    limiter.wait()
    return limiter.wait()


@pytest.mark.parametrize(("drawn", "part"), [(0.0, 0.98), (0.5, 1.0), (1.0, 1.02)])
def test_the_first_refusal_keeps_to_the_lowest_rate_that_is_documented(drawn: float, part: float) -> None:
    """20 a second, whatever was accepted before; jitter changes each turn by a fiftieth at most."""
    clock = Clock()
    limiter = _limiter(clock, drawn=drawn)
    assert limiter.wait() == 0
    limiter.answered(throttled=False)
    limiter.answered(throttled=True)
    assert limiter.wait() == pytest.approx(part / 20)
    assert limiter.wait() == pytest.approx(part / 20)


def _halved() -> tuple[RateLimiter, Clock]:
    """Make a pace that was refused at 20 a second, and keeps to 10."""
    clock = Clock()
    limiter = _limiter(clock)
    for _ in range(2):
        clock.now += 0.1
        limiter.answered(throttled=True)
    return limiter, clock


def test_another_refusal_keeps_to_half_where_none_was_accepted_since() -> None:
    """Far too much was sent."""
    limiter, clock = _halved()
    assert _interval(limiter) == pytest.approx(1 / 10)
    clock.now += 0.1
    limiter.answered(throttled=True)
    assert _interval(limiter) == pytest.approx(1 / 5)


def test_another_refusal_keeps_to_nine_tenths_where_one_was_accepted() -> None:
    """A little too much was sent."""
    limiter, clock = _halved()
    limiter.answered(throttled=False)
    clock.now += 0.1
    limiter.answered(throttled=True)
    assert _interval(limiter) == pytest.approx(1 / (10 * 1.05 * 0.9))


def test_refusals_that_were_on_their_way_say_nothing_new() -> None:
    """For a tenth of a second."""
    limiter, clock = _halved()
    clock.now += 0.099
    limiter.answered(throttled=True)
    limiter.answered(throttled=True)
    assert _interval(limiter) == pytest.approx(1 / 10)


def test_what_was_accepted_before_a_cut_is_forgotten_with_it() -> None:
    """The next cut is about what came since."""
    limiter, clock = _halved()
    limiter.answered(throttled=False)
    for _ in range(2):
        clock.now += 0.11
        limiter.answered(throttled=True)
    assert _interval(limiter) == pytest.approx(1 / (10 * 1.05 * 0.9 * 0.5))


def test_a_rate_far_below_what_was_refused_grows_with_each_request() -> None:
    """By a twentieth, and by half a request a second each second for every second since the last refusal."""
    limiter, clock = _halved()
    limiter.answered(throttled=False)
    assert _interval(limiter) == pytest.approx(1 / 10.5)
    clock.now += 4 - 2 / 10.5
    limiter.answered(throttled=False)
    rate = 10.5 * 1.05 + 0.5 * 4 / 10.5
    assert _interval(limiter) == pytest.approx(1 / rate, rel=0.001)


def test_a_rate_near_what_was_refused_grows_with_the_time_alone() -> None:
    """From three quarters of it on: the longer nothing was refused, the faster."""
    limiter, clock = _halved()
    for _ in range(20):
        limiter.answered(throttled=False)
    near = 10 * 1.05**9
    assert near > 15
    assert _interval(limiter) == pytest.approx(1 / near)
    clock.now += 4 - 2 / near
    limiter.answered(throttled=False)
    assert _interval(limiter) == pytest.approx(1 / (near + 0.5 * 4 / near), rel=0.001)


def test_the_second_in_the_row_waits_as_the_newest_answer_says() -> None:
    """Turns that were given long before would go on being refused, and cost another cut each."""
    pauses: list[float] = []
    asleep, refused = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        asleep.set()
        assert refused.wait(5)

    clock = Clock()
    limiter = RateLimiter(clock=clock, sleep=sleep, jitter=clock.jitter, left=clock.left)
    limiter.answered(throttled=True)
    row = [threading.Thread(target=limiter.wait, daemon=True) for _ in range(2)]
    row[0].start()
    assert asleep.wait(5)
    row[1].start()
    clock.now += 0.1
    limiter.answered(throttled=True)
    refused.set()
    for one in row:
        one.join(5)
    assert pauses == pytest.approx([1 / 20, 1 / 10])


def test_a_row_that_does_not_move_is_left_at_the_deadline() -> None:
    """However long the first in it sleeps."""
    asleep, done = threading.Event(), threading.Event()

    def sleep(_: float) -> None:
        asleep.set()
        done.wait(5)

    left = 5.0
    clock = Clock()
    limiter = RateLimiter(clock=clock, sleep=sleep, jitter=clock.jitter, left=lambda: left)
    limiter.wait()
    limiter.answered(throttled=True)
    threading.Thread(target=limiter.wait, daemon=True).start()
    assert asleep.wait(5)
    left = 0.05
    with pytest.raises(OutOfTimeError):
        limiter.wait()
    done.set()


@pytest.mark.parametrize(("left", "in_time"), [(0.04, False), (0.05, True)])
def test_a_turn_at_the_deadline_is_waited_for_and_no_later_one(left: float, in_time: bool) -> None:  # noqa: FBT001
    """A turn in a twentieth of a second, where less is left: there is no time for it, nor is any spent."""
    clock = Clock(total=left)
    limiter = _limiter(clock)
    limiter.answered(throttled=True)
    with contextlib.nullcontext() if in_time else pytest.raises(OutOfTimeError):
        limiter.wait()
    assert clock.now == (0.05 if in_time else 0)
