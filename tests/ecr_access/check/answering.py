"""Servers on loopback in the place of CloudFormation's bucket, and of AWS, that misbehave as they are told."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

from benchmarks.aws import ecr, iam
from benchmarks.aws.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import Message
    from types import TracebackType

HANG, CLOSE, CUT = "hang", "close", "cut"
"""To take a request and say nothing; to close the connection without a word; to do so in the middle of a 200."""

Server = TypeVar("Server", bound="Misbehaving")

_PROMISED: Final = 9
"""Bytes of a body that is cut off before the first."""

_NAMESPACE: Final = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


class Misbehaving:
    """``with Misbehaving([500, HANG]) as server``: each request gets the next behaviour, then the last one for ever.

    Attributes:
        url: where it is, with something that must never be told.
        lines: the first lines of the requests.
        requests: the bodies that came, whatever was answered.
        accepted: the bodies that were answered with 200.
    """

    def __init__(self, behaviours: Iterable[int | str], *, body: bytes = b"") -> None:
        """Take the behaviours, and the body of every answer."""
        self._behaviours = [*behaviours]
        self._body = body
        self.lines: list[str] = []
        self.requests: list[bytes] = []
        self.accepted: list[bytes] = []
        self._open: list[socket.socket] = []

    def __enter__(self: Server) -> Server:  # noqa: PYI019 -- typing.Self needs Python 3.11
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"{self.address}/bucket/key?X-Amz-Signature=s3cr3t"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop listening and let go of callers that still wait."""
        # Closing alone does not wake who accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            one.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        line, headers, body = _request(connection)
        self.lines.append(line)
        self.requests.append(body)
        behaviour = self._behaviour(headers, body)
        if behaviour == HANG:
            return
        if behaviour in (200, CUT):
            self.accepted.append(body)
        if isinstance(behaviour, int):
            behaviour = Answer(behaviour, "text/plain", self._body)
        # The caller may be gone, and so may the test.
        with contextlib.suppress(OSError):
            if isinstance(behaviour, Answer):
                connection.sendall(_head(behaviour, len(behaviour.body)) + behaviour.body)
            elif behaviour == CUT:
                connection.sendall(_head(Answer(200, "text/plain", b""), _PROMISED))
        connection.close()

    def _behaviour(self, headers: Message, body: bytes) -> int | str | Answer:  # noqa: ARG002 -- AWS's depends on them
        return self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]


class Aws(Misbehaving):
    """An AWS whose services misbehave each for itself. A service that is not given works.

    Attributes:
        calls: the operations that were called.
    """

    def __init__(self, *, stack: str = "UPDATE_IN_PROGRESS", **services: str | Answer) -> None:
        """Take the status of every stack; and what ``ecr``, ``iam`` and ``cloudformation`` do.

        ``HANG`` and ``CLOSE`` are that, a code is an error's, and an Answer is given in the place of AWS's.
        """
        super().__init__([])
        self._stack = stack
        self._services = services
        self.calls: list[str] = []

    def _behaviour(self, headers: Message, body: bytes) -> int | str | Answer:
        if target := headers["X-Amz-Target"]:
            operation, values = ecr.read(target, body)
            return self._called("ecr", operation) or ecr.answer(operation, values)
        operation, fields = iam.read(body)
        if operation == "DescribeStacks":
            return self._called("cloudformation", operation) or _stacks(self._stack)
        return self._called("iam", operation) or iam.answer(operation, fields)

    def _called(self, service: str, operation: str) -> str | Answer:
        self.calls.append(operation)
        behaviour = self._services.get(service, "")
        if behaviour in ("", HANG, CLOSE) or isinstance(behaviour, Answer):
            return behaviour
        return ecr.error(behaviour, "no") if service == "ecr" else iam.error(behaviour, "no")


def answers(server: Misbehaving) -> list[dict[str, Any]]:
    """Read the answers that were accepted."""
    return [json.loads(body) for body in server.accepted]


def _request(connection: socket.socket) -> tuple[str, Message, bytes]:
    """Read a whole request: its first line, its headers and its body."""
    connection.settimeout(5)
    with connection.makefile("rb") as received:
        line = received.readline().decode("latin-1").strip()
        headers = http.client.parse_headers(received)
        if headers["Expect"] == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return line, headers, received.read(int(headers["Content-Length"] or 0))


def _head(answer: Answer, length: int) -> bytes:
    lines = f"Content-Type: {answer.content_type}", f"Content-Length: {length}", "Connection: close"
    return "\r\n".join([f"HTTP/1.1 {answer.status} Told", *lines, "", ""]).encode()


def _stacks(status: str) -> Answer:
    stack = "<StackName>app</StackName><CreationTime>2026-11-22T00:00:00Z</CreationTime>"
    members = f"<Stacks><member>{stack}<StackStatus>{status}</StackStatus></member></Stacks>"
    result = f"<DescribeStacksResult>{members}</DescribeStacksResult>"
    text = f'<DescribeStacksResponse xmlns="{_NAMESPACE}">{result}</DescribeStacksResponse>'
    return Answer(200, "text/xml", text.encode())
