"""What a failed call says about the next one, and in which words it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    ConnectionError,  # noqa: A004 -- botocore's
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from ecr_access.check import log

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_LONGEST: Final = 300

# Both come with HTTP status 400 as well: the code says more than the status.
_THROTTLED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottleException",
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
_INCOMPLETE: Final = (ChecksumError, FlexibleChecksumError, IncompleteReadError)
_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


class Failure(Enum):
    """What a failed call says about the next one."""

    THROTTLED = auto()
    TRANSIENT = auto()
    UNREACHABLE = auto()
    UNREADABLE = auto()
    FORBIDDEN = auto()
    FINAL = auto()


@dataclass(frozen=True)
class CallingIdentity:
    """The identity that makes the calls, and the remedy if AWS refuses them."""

    noun: str
    remedy: str


_REACH: Final = (
    "let the function reach it; from a VPC without internet that takes the interface endpoints ecr.api and ecr.dkr, "
    "the gateway endpoint of S3, and a way to the endpoint of IAM"
)

GARBLED: Final = "deploy again; if it stays so, look for what answers in the place of AWS, such as a proxy"

THE_CHECK: Final = CallingIdentity(
    "the check's own role",
    "look for a service control policy or a permissions boundary that keeps the check's role from it",
)


class UnreadableError(Exception):
    """An answer lacks what such an answer always has; the next one may have it."""


class UndeterminedError(Exception):
    """It could not be found out, which is never the same as "denied"."""

    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.fix = fix


def failure_of(error: Exception) -> Failure:
    """Tell what a failed call says about the next one: by the error's code first, then by the HTTP status.

    botocore raises errors of its own for what is wrong with a request, its settings or its credentials, which no
    repetition mends; of an answer that it can't parse it raises whatever it meets: ``ResponseParserError``, which is
    none of its own, ``KeyError``, ``AttributeError``, ``ValueError``, ``RecursionError``.
    """
    if isinstance(error, ClientError):
        return _failure_told(error)
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Failure.UNREACHABLE
    lasting = isinstance(error, BotoCoreError) and not isinstance(error, _INCOMPLETE)
    return Failure.FINAL if lasting else Failure.UNREADABLE


def _failure_told(error: ClientError) -> Failure:
    if is_throttling(error.response):
        return Failure.THROTTLED
    code = code_of(error)
    if code in _TRANSIENT:
        return Failure.TRANSIENT
    if code in _FORBIDDEN:
        return Failure.FORBIDDEN
    return Failure.TRANSIENT if _status(error.response) >= _SERVER_ERROR else Failure.FINAL


def is_throttling(response: Mapping[str, Any]) -> bool:
    """Whether an answer says that there were too many requests."""
    code = str(response.get("Error", {}).get("Code", ""))
    return code in _THROTTLED or (_status(response) == _TOO_MANY and code not in _TRANSIENT and code not in _FORBIDDEN)


def code_of(error: ClientError) -> str:
    """Return the error's code, such as ``ThrottlingException``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def undetermined(
    error: Exception | None, *, action: str, on: str, attempts: int, caller: CallingIdentity = THE_CHECK
) -> UndeterminedError:
    """Word why there was no answer, and what to do; no error is that there was no time."""
    what = f"{action} on {on}" if on else action
    if error is None:
        return UndeterminedError(
            f"no time was left to call {what}", "deploy again; if it stays so, check less in one stack"
        )
    text = text_of(error)
    words = {
        Failure.THROTTLED: (
            f"AWS throttled {action} until the deadline ({text}), {attempts} times",
            f"deploy again when fewer callers in this account use {action}, or ask for a higher quota",
        ),
        Failure.FORBIDDEN: (f"{caller.noun} may not {what} ({text})", caller.remedy),
        Failure.UNREACHABLE: (
            f"the endpoint of {action} could not be reached, {attempts} times ({text})",
            _REACH,
        ),
        Failure.UNREADABLE: (f"the answer to {what} could not be read, {attempts} times ({text})", GARBLED),
        Failure.TRANSIENT: (f"{action} failed, {attempts} times ({text})", "deploy again"),
        Failure.FINAL: (f"{what} failed ({text})", "see the error; if it stays, report it with the log"),
    }
    return UndeterminedError(*words[failure_of(error)])


def unexpected(error: Exception) -> UndeterminedError:
    """Word that this check cannot handle something, and log where; its other findings stand."""
    log.trouble(error)
    return UndeterminedError(
        f"the check itself failed at it ({type(error).__name__})", "report it, with the trace in the function's log"
    )


def text_of(error: Exception) -> str:
    """Write an error on one line; Python's own by its name, because it may quote what could not be read, a token."""
    said = type(error).__name__ if type(error).__module__ == "builtins" else str(error)
    text = " ".join(said.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _status(response: Mapping[str, Any]) -> int:
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
