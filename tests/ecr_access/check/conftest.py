"""CloudFormation's side of the protocol, for the runtime's tests."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.ecr_access.check.fakes import ACCOUNT, REGION, Aws, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Context:
    """Lambda's context."""

    millis: int = 60_000
    log_group_name: str = "/aws/lambda/check"
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"

    def get_remaining_time_in_millis(self) -> int:
        """Tell the time left."""
        return self.millis


@dataclass
class Presigned:
    """A server in the place of CloudFormation's bucket; ``statuses`` are answered first, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def event(self, kind: str = "Create", **changes: object) -> dict[str, Any]:
        """Make an event as CloudFormation sends it."""
        return {
            "RequestType": kind,
            "ResponseURL": self.url,
            "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/5d4d2b20",
            "RequestId": "c0ffee",
            "LogicalResourceId": "EcrAccessCheck",
            "ResourceType": "Custom::EcrAccessCheck",
            **changes,
        }

    @property
    def answer(self) -> dict[str, Any]:
        """The one answer that came."""
        assert len(self.bodies) == 1
        found: dict[str, Any] = json.loads(self.bodies[0])
        return found


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[ThreadingHTTPServer, list[Presigned]]]:
    current: list[Presigned] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = current[0].statuses.pop(0) if current[0].statuses else 200
            if status == 200:
                current[0].bodies.append(body)
                current[0].headers.append(dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server, current
    server.shutdown()
    server.server_close()


@pytest.fixture
def presigned(_server: tuple[ThreadingHTTPServer, list[Presigned]]) -> Presigned:
    """Serve a presigned URL on loopback."""
    server, current = _server
    made = Presigned(f"http://127.0.0.1:{server.server_address[1]}/bucket/key?X-Amz-Signature=s3cr3t")
    current[:] = [made]
    return made


@pytest.fixture
def aws() -> Aws:
    """An account without roles or repositories."""
    return Aws()


@pytest.fixture
def clock() -> Clock:
    """Time that passes only when the code under test sleeps."""
    return Clock()
