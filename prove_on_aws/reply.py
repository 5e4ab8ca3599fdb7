"""The answer to a call, refused or not, as a value that a verdict can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException"})
_THROTTLED: Final = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})


@dataclass(frozen=True)
class Reply:
    """What AWS answered: a body, or an error's code and message."""

    body: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the call succeeded."""
        return not self.code

    @property
    def forbidden(self) -> bool:
        """Whether the caller may not make the call; any other error comes after authorization."""
        return self.code in _FORBIDDEN

    def __str__(self) -> str:
        """Describe the answer for a note."""
        return f"{self.code}: {self.message}"[:200] if self.code else "accepted"


def ask(call: Callable[[], Mapping[str, Any]]) -> Reply:
    """Make a call; an error of AWS is an answer too.

    Raises:
        ClientError: if AWS throttled the call, which answers nothing.
    """
    try:
        return Reply(call())
    except ClientError as error:
        found = error.response.get("Error", {})
        if found.get("Code") in _THROTTLED:
            raise
        return Reply(code=str(found.get("Code", "")) or "unknown", message=str(found.get("Message", "")))
