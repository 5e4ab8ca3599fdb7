"""Which of the errors it is."""

from __future__ import annotations

from enum import Enum


class ErrorKind(str, Enum):
    """The three errors of ECR, what is none of them, and what is not ECR's; the value is how the first line starts."""

    NOT_FOUND = "404 not found"
    DENIED = "403 not authorized"
    THROTTLED = "429 throttled"
    NOT_FOUND_OR_DENIED = "404 or 403"
    NONE_OF_THEM = "neither 404 nor 403 nor 429"
    NOT_ECR = "another service"
