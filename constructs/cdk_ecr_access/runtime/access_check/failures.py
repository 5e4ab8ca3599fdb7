"""What a failed call says about the next one, and in which words it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

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
    UNREACHABLE = auto()
    FORBIDDEN = auto()
    FINAL = auto()


@dataclass(frozen=True)
class Caller:
    """Who makes the calls, and what helps if those are refused."""

    noun: str
    remedy: str


THE_CHECK: Final = Caller(
    "the check's own role",
    "look for a service control policy or a permissions boundary that keeps the check's role from it",
)


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
        return Failure.UNREACHABLE
    if not isinstance(error, ClientError):
        return Failure.FINAL
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
    error: Exception | None, *, action: str, on: str, attempts: int, caller: Caller = THE_CHECK
) -> UndeterminedError:
    """Word why there was no answer, and what to do; no error is that there was no time."""
    what = f"{action} on {on}" if on else action
    if error is None:
        return UndeterminedError(
            f"no time was left to call {what}", "deploy again; if it stays so, check less in one stack"
        )
    text, failure = text_of(error), failure_of(error)
    if failure is Failure.THROTTLED:
        return UndeterminedError(
            f"AWS throttled {action} until the deadline ({text}), {attempts} times",
            f"deploy again when fewer callers in this account use {action}, or ask for a higher quota",
        )
    if failure is Failure.FORBIDDEN:
        return UndeterminedError(
            f"{caller.noun} may not {what} ({text})",
            caller.remedy,
        )
    if failure is Failure.UNREACHABLE:
        return UndeterminedError(
            f"the endpoint of {action} could not be reached, {attempts} times ({text})",
            "let the function reach it; from a VPC without internet that takes the interface endpoints ecr.api and "
            "ecr.dkr, the gateway endpoint of S3, and a way to the endpoint of IAM",
        )
    if failure is Failure.TRANSIENT:
        return UndeterminedError(f"{action} failed, {attempts} times ({text})", "deploy again")
    return UndeterminedError(f"{what} failed ({text})", "see the error; if it stays, report it with the log")


def text_of(error: Exception) -> str:
    """Write an error on one line."""
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _status(response: Mapping[str, Any]) -> int:
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
