"""A server on loopback in the place of CloudFormation's bucket, or of AWS, that misbehaves as it is told."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

HANG, CLOSE = "hang", "close"
"""To take a request and say nothing; to close the connection without a word."""


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

    def __enter__(self) -> Misbehaving:  # noqa: PYI034 -- typing.Self needs Python 3.11
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
        """Stop listening and let go of whoever still waits."""
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
        line, body = _read(connection)
        self.lines.append(line)
        self.requests.append(body)
        behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
        if behaviour == HANG:
            return
        if isinstance(behaviour, int):
            if behaviour == 200:
                self.accepted.append(body)
            head = f"HTTP/1.1 {behaviour} Told\r\nContent-Length: {len(self._body)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + self._body)
        connection.close()


def _read(connection: socket.socket) -> tuple[str, bytes]:
    """Read a whole request; return its first line and its body."""
    connection.settimeout(5)
    received = b""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        head, separator, body = received.partition(b"\r\n\r\n")
        first = head.decode("latin-1").split("\r\n")[0]
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next((int(one.split(":")[1]) for one in lines if one.startswith("content-length:")), 0)
        if separator and len(body) >= length:
            return first, body
        if "expect: 100-continue" in lines and separator and not body:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        chunk = connection.recv(65536)
        if not chunk:
            return first, body
        received += chunk
    return "", b""


def answers(server: Misbehaving) -> list[dict[str, Any]]:
    """Read the answers that were accepted."""
    return [json.loads(body) for body in server.accepted]
