"""The server, in a process of its own: ``python -m benchmarks.aws.server RATE BURST LATENCY`` prints its port.

It ends when its standard input does, and so with whoever started it.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from benchmarks.aws import ecr, iam
from benchmarks.aws.bucket import TokenBucket

if TYPE_CHECKING:
    from benchmarks.aws.answer import Answer

_REFUSAL: Final = "Rate exceeded"


class Services:
    """IAM and ECR, each behind a bucket of its own; every call is counted."""

    def __init__(self, *, rate: float, burst: float, latency: float) -> None:
        """Open both, their buckets full."""
        self._buckets = {service: TokenBucket(rate=rate, burst=burst) for service in ("iam", "ecr")}
        self._latency = latency
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Fill the buckets and forget what was counted."""
        for bucket in self._buckets.values():
            bucket.fill()
        with self._lock:
            self._accepted: Counter[str] = Counter()
            self._refused: Counter[str] = Counter()
            self._first: dict[str, float] = {}

    def counts(self) -> dict[str, dict[str, float]]:
        """Tell what was counted."""
        with self._lock:
            return {"accepted": {**self._accepted}, "refused": {**self._refused}, "first": {**self._first}}

    def call(self, target: str | None, body: bytes) -> Answer:
        """Answer one call, or refuse it."""
        arrived = time.monotonic()
        if target is None:
            operation, fields = iam.read(body)
            service, refusal = "iam", iam.error(iam.THROTTLED, _REFUSAL)
        else:
            operation, values = ecr.read(target, body)
            service, refusal = "ecr", ecr.error(ecr.THROTTLED, _REFUSAL)
        accepted = self._buckets[service].take()
        with self._lock:
            (self._accepted if accepted else self._refused)[operation] += 1
            self._first.setdefault(operation, arrived)
        if self._latency:
            time.sleep(self._latency)
        if not accepted:
            return refusal
        return iam.answer(operation, fields) if target is None else ecr.answer(operation, values)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, services: Services) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.services = services


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, and without Nagle's delay.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        """Answer AWS's calls."""
        answer = self.server.services.call(self.headers["X-Amz-Target"], self._body())
        self._write(answer.status, answer.content_type, answer.body)

    def do_GET(self) -> None:
        """Tell the counts."""
        self._write(200, "application/json", json.dumps(self.server.services.counts()).encode())

    def do_DELETE(self) -> None:
        """Start counting anew."""
        self.server.services.reset()
        self._write(200, "application/json", b"{}")

    def do_PUT(self) -> None:
        """Take an answer to CloudFormation, whose presigned URL this may be."""
        self._body()
        self._write(200, "text/plain", b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Keep quiet."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _write(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(rate: float, burst: float, latency: float) -> None:
    """Serve until standard input ends."""
    with _Server(Services(rate=rate, burst=burst, latency=latency)) as server:
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        sys.stdin.buffer.read()
        server.shutdown()


if __name__ == "__main__":
    main(*(float(argument) for argument in sys.argv[1:4]))
