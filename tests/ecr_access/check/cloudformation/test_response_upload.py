"""Tests of bringing an answer to CloudFormation."""

from __future__ import annotations

import random
import socket
import time
from typing import TYPE_CHECKING

import pytest

from ecr_access.check.cloudformation import response_upload
from tests.ecr_access.check.answering import HANG, Misbehaving
from tests.ecr_access.check.checking import log_of

if TYPE_CHECKING:
    from tests.ecr_access.check.conftest import Presigned
    from tests.ecr_access.check.fakes import Clock


@pytest.mark.parametrize(
    "url",
    [
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=s",
        "http://127.0.0.1:8080/k",
        "https://localhost:4566/k",
        "https://[::1]/",
    ],
)
def test_a_url_of_http_or_https_is_usable(url: str) -> None:
    """AWS uses https, and so does the embedded cloud."""
    assert response_upload.usable_url(url) == url


@pytest.mark.parametrize(
    "value",
    [None, 1, "", [], {}, "file:///etc/passwd", "ftp://host/k", "https://", "https:///k", "//host/k", "host/k",
     "http://host:port/", "http://host:99999/", "http://host:0/", "http://[::1/"],
)  # fmt: skip
def test_anything_else_is_not(value: object) -> None:
    """No other scheme is ever opened."""
    assert response_upload.usable_url(value) is None


def test_a_body_is_put_with_an_empty_content_type(presigned: Presigned) -> None:
    """The signature of a presigned URL covers the content type, which CloudFormation leaves empty."""
    assert response_upload.put(presigned.url, b"body", remaining=lambda: 10)
    assert presigned.bodies == [b"body"]
    assert presigned.headers[0]["Content-Type"] == ""


def test_a_refusal_that_passes_is_survived(presigned: Presigned, clock: Clock) -> None:
    """A bucket answers 503 now and then, and 403 while a clock is off."""
    presigned.statuses = [500, 503, 403]
    assert response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=clock.sleep)
    assert presigned.bodies == [b"body"]
    assert clock.now > 0


@pytest.mark.parametrize("status", [201, 204, 299])
def test_every_2xx_is_a_delivery(presigned: Presigned, clock: Clock, status: int) -> None:
    """And is not tried again."""
    presigned.statuses = [status, 500]
    assert response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=clock.sleep)
    assert presigned.statuses == [500]


def test_the_whole_path_and_query_are_requested() -> None:
    """The signature is in the query; without a path it is the root."""
    for url, path in (
        ("/bucket/key?X-Amz-Signature=s&a=b", "/bucket/key?X-Amz-Signature=s&a=b"),
        ("", "/"),
        ("/k", "/k"),
    ):
        with Misbehaving([200]) as server:
            assert response_upload.put(server.address + url, b"body", remaining=lambda: 10)
        assert server.lines == [f"PUT {path} HTTP/1.1"]


@pytest.mark.parametrize("status", [300, 307, 400, 403, 404, 429, 503])
def test_every_refusal_is_tried_again_and_no_delivery(
    presigned: Presigned, clock: Clock, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    """Five times: only 2xx is a delivery, and any other answer may pass."""
    presigned.statuses = [status] * 9
    assert not response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=clock.sleep)
    assert len(presigned.statuses) == 4
    out = capsys.readouterr().out
    assert f"HTTP status {status}" in out
    assert "s3cr3t" not in out


def test_it_gives_up_after_five_attempts(
    presigned: Presigned, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Retries are bounded."""
    presigned.statuses = [500] * 9
    assert not response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=clock.sleep)
    assert len(presigned.statuses) == 4
    assert 'HTTP status 500", "attempts": 5' in capsys.readouterr().out


def test_a_refused_connection_is_tried_again_and_logged_without_the_url(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection that is refused says so in the log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/?X-Amz-Signature=s3cr3t"
        assert not response_upload.put(url, b"body", remaining=clock.left, sleep=clock.sleep)
    out = capsys.readouterr().out
    assert 'ConnectionRefusedError", "attempts": 5' in out
    assert "s3cr3t" not in out


def test_it_stops_when_the_time_is_over(presigned: Presigned, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """Lambda would end the function in the middle of it."""
    presigned.statuses = [500] * 9
    clock.total = 0.3
    assert not response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=lambda _: clock.sleep(1))
    assert '"attempts": 1' in capsys.readouterr().out
    assert not response_upload.put(presigned.url, b"body", remaining=lambda: 0)
    assert "no time was left" in capsys.readouterr().out


def test_it_pauses_between_attempts_alone(presigned: Presigned, clock: Clock) -> None:
    """A pause after the last attempt would only waste time."""
    presigned.statuses = [500] * 9
    pauses: list[float] = []
    assert not response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=pauses.append)
    assert len(pauses) == 4
    assert all(0 <= pause <= 0.2 * 2**number for number, pause in enumerate(pauses, start=1))
    assert presigned.bodies == []


def test_a_pause_leaves_the_function_time_to_return(presigned: Presigned) -> None:
    """Lambda calls a function again that it had to end."""
    presigned.statuses = [500] * 9
    pauses: list[float] = []
    assert not response_upload.put(presigned.url, b"body", remaining=lambda: 0.26, sleep=pauses.append)
    assert max(pauses) <= 0.011


@pytest.mark.parametrize("tail", ["a b", "ä", "\x7f"])
def test_a_url_that_cannot_be_requested_is_not_tried_again(
    presigned: Presigned, capsys: pytest.CaptureFixture[str], tail: str
) -> None:
    """The error's text quotes the URL, so that only its name is logged."""
    assert not response_upload.put(presigned.url + tail, b"body", remaining=lambda: 10)
    out = capsys.readouterr().out
    assert '"attempts": 1' in out
    assert "s3cr3t" not in out


def test_pauses_grow_twofold(presigned: Presigned, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """By full jitter: what is drawn here is always the most."""
    monkeypatch.setattr(random, "uniform", max)
    presigned.statuses = [500] * 9
    pauses: list[float] = []
    assert not response_upload.put(presigned.url, b"body", remaining=clock.left, sleep=pauses.append)
    assert pauses == pytest.approx([0.4, 0.8, 1.6, 3.2])


def test_a_server_that_says_nothing_is_left_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    """A quarter of a second is kept, in which the function returns."""
    with Misbehaving([HANG]) as server:
        ends = time.monotonic() + 0.65
        assert not response_upload.put(server.url, b"body", remaining=lambda: ends - time.monotonic())
        assert time.monotonic() < ends
    assert log_of(capsys) == [{"error": "the answer could not be delivered: TimeoutError", "attempts": 1}]


@pytest.mark.parametrize(
    ("url", "left", "failure", "attempts"),
    [
        ("http://127.0.0.1:9/a b", 10.0, "InvalidURL", 1),
        ("http://127.0.0.1:99999/", 10.0, "ValueError", 1),
        ("http://127.0.0.1:9/", 0.25, "no time was left", 0),
    ],
)
def test_what_went_wrong_is_logged(
    capsys: pytest.CaptureFixture[str], url: str, left: float, failure: str, attempts: int
) -> None:
    """By its name alone."""
    assert not response_upload.put(url, b"body", remaining=lambda: left)
    assert log_of(capsys) == [{"error": f"the answer could not be delivered: {failure}", "attempts": attempts}]
