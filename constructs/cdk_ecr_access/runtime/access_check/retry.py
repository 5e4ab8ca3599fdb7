"""Calls AWS inside a deadline: backs off with jitter, and tells "could not find out" from an answer.

https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/retry-backoff.html
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_BASE: Final = 0.5
_CAP: Final = 20.0
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500

# Both come with HTTP status 400 as well: the code says more than the status.
_THROTTLED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_TRANSIENT: Final = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "PriorRequestNotComplete",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServerException",
        "ServiceFailure",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


class Failure(Enum):
    """What a failed call says about the next one."""

    THROTTLED = auto()
    TRANSIENT = auto()
    FORBIDDEN = auto()
    FINAL = auto()


class UndeterminedError(Exception):
    """It could not be found out, which is never the same as "denied"."""

    def __init__(self, cause: str, fix: str) -> None:
        """Say why not, and what to do."""
        super().__init__(cause)
        self.cause = cause
        self.fix = fix


def failure_of(error: Exception) -> Failure:
    """Tell what a failed call says about the next one: by the error's code first, then by the HTTP status."""
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Failure.TRANSIENT
    if not isinstance(error, ClientError):
        return Failure.FINAL
    code = code_of(error)
    for codes, failure in (
        (_THROTTLED, Failure.THROTTLED),
        (_TRANSIENT, Failure.TRANSIENT),
        (_FORBIDDEN, Failure.FORBIDDEN),
    ):
        if code in codes:
            return failure
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == _TOO_MANY:
        return Failure.THROTTLED
    return Failure.TRANSIENT if status >= _SERVER_ERROR else Failure.FINAL


def code_of(error: ClientError) -> str:
    """Return the error's code, such as ``ThrottlingException``."""
    return str(error.response.get("Error", {}).get("Code", ""))


@dataclass(frozen=True)
class Patience:
    """How long calls are tried.

    ``left`` tells the seconds until the answer must be written. ``settled_in`` tells those until the policies of
    the check's own role, made a moment ago, must have been seen everywhere: until then a refusal proves nothing.
    """

    left: Callable[[], float]
    settled_in: Callable[[], float]
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def share(self, part: float) -> Patience:
        """Give a part of the time that is left, so that one API which does not answer leaves some for the others."""
        kept = self.left() * (1 - part)
        return replace(self, left=lambda: self.left() - kept)

    def call(self, do: Callable[[], T], *, action: str, on: str = "", expected: frozenset[str] = frozenset()) -> T:
        """Make one call, again and again while that may help.

        Args:
            do: makes the call.
            action: its IAM action, for the message.
            on: the resource, for the message.
            expected: error codes that are answers: raised as they are.

        Raises:
            ClientError: of an expected code.
            UndeterminedError: if there was no answer.
        """
        attempts = 0
        last: Exception | None = None
        while self.left() > 0:
            attempts += 1
            try:
                return do()
            except (BotoCoreError, ClientError) as error:
                if isinstance(error, ClientError) and code_of(error) in expected:
                    raise
                last = error
            failure = failure_of(last)
            if failure is Failure.FINAL or (failure is Failure.FORBIDDEN and self.settled_in() <= 0):
                break
            # Full jitter: callers that were refused together do not come back together.
            pause = self.jitter() * min(_CAP, _BASE * 2**attempts)
            settled_in = self.settled_in() if failure is Failure.FORBIDDEN else pause
            self.sleep(max(min(pause, settled_in, self.left()), 0))
        raise _undetermined(last, attempts, action, f"{action} on {on}" if on else action)


def _undetermined(error: Exception | None, attempts: int, action: str, what: str) -> UndeterminedError:
    if error is None:
        return UndeterminedError(
            f"no time was left to call {what}", "deploy again; if it stays so, check less in one stack"
        )
    failure = failure_of(error)
    if failure is Failure.THROTTLED:
        return UndeterminedError(
            f"AWS throttled {action} ({_text(error)}) in each of {attempts} attempts",
            f"deploy again when fewer callers in this account use {action}, or ask for a higher quota",
        )
    if failure is Failure.FORBIDDEN:
        return UndeterminedError(
            f"the check's own role may not {what} ({_text(error)})",
            "look for a service control policy or a permissions boundary that keeps the check's role from it",
        )
    if failure is Failure.TRANSIENT:
        return UndeterminedError(f"{action} failed in each of {attempts} attempts ({_text(error)})", "deploy again")
    return UndeterminedError(f"{what} failed ({_text(error)})", "see the error; if it stays, report it with the log")


def _text(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:300]}..."  # noqa: PLR2004
