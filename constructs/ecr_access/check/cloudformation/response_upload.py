"""Brings an answer to CloudFormation: a PUT to a presigned URL.

The URL is a credential. It is never logged, nor is an exception's text, which may quote it.
"""

from __future__ import annotations

import http.client
import random
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ecr_access.check import log

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS: Final = 5
_TIMEOUT: Final = 5.0
_RESERVE: Final = 0.25
_CONNECTIONS: Final = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}


def usable_url(value: object) -> str | None:
    """Return a URL that an answer can be brought to, or None: https on AWS, http in tests, and nothing else."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in _CONNECTIONS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return value if usable else None


def put(url: str, body: bytes, *, remaining: Callable[[], float], sleep: Callable[[float], None] = time.sleep) -> bool:
    """Deliver a body; tell whether it was accepted, which 2xx alone means."""
    failure = "no time was left"
    attempts = 0
    while attempts < _ATTEMPTS and remaining() > _RESERVE:
        attempts += 1
        try:
            status = _put_once(url, body, timeout=max(min(_TIMEOUT, remaining() - _RESERVE), _RESERVE))
        except (ValueError, http.client.InvalidURL) as error:
            failure = type(error).__name__
            break
        except (OSError, http.client.HTTPException) as error:
            failure = type(error).__name__
        else:
            if 200 <= status < 300:  # noqa: PLR2004
                return True
            # Any refusal may pass: S3 says 403 for a clock that is off and 400 for a request that came too slowly.
            failure = f"HTTP status {status}"
        if attempts < _ATTEMPTS:
            pause = random.uniform(0, 0.2 * 2**attempts)  # noqa: S311 -- jitter, no secret
            # Lambda must not end the function in a pause: it would call it again.
            sleep(max(min(pause, remaining() - _RESERVE), 0))
    log.line(error=f"the answer could not be delivered: {failure}", attempts=attempts)
    return False


def _put_once(url: str, body: bytes, *, timeout: float) -> int:
    parts = urlsplit(url)
    connection = _CONNECTIONS[parts.scheme](parts.hostname or "", parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # The URL's signature covers an empty content type.
        connection.request("PUT", path, body, {"Content-Type": "", "Content-Length": str(len(body))})
        # The body says nothing more; were it waited for, one that breaks off would have the answer given twice.
        status: int = connection.getresponse().status
        return status
    finally:
        connection.close()
