"""Values out of an event, each None unless it is written as such a value: nothing else of an event is ever shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ecr_access.diagnosis.patterns import PRINCIPAL
from ecr_access.ecr.names import REPOSITORY_NAME_PATTERN

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9.]{1,80}")
"""An operation, or the code of an error."""

REPOSITORY: Final = re.compile(REPOSITORY_NAME_PATTERN)
ACCOUNT: Final = re.compile(r"[0-9]{12}", re.ASCII)
REGION: Final = re.compile(r"[a-z]{2,5}(?:-[a-z]+){1,3}-[0-9]{1,2}", re.ASCII)
TAG: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,127}", re.ASCII)
TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,9})?Z", re.ASCII)
SERVICE: Final = re.compile(r"[a-z0-9-]{2,40}\.amazonaws\.com", re.ASCII)
HOST: Final = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}", re.ASCII)
_LONGEST: Final = 4_000
"""Characters that are read of a text, from its beginning."""


def part(event: object, *keys: str) -> Mapping[str, Any]:
    """Return an object within an event; an empty one if there is none."""
    found = _at(event, keys)
    return found if isinstance(found, Mapping) else {}


def items(event: object, *keys: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list within an event."""
    found = _at(event, keys)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text(event: object, *keys: str) -> str:
    """Return a text within an event, to be diagnosed and not to be shown; empty if there is none."""
    found = _at(event, keys)
    return found[:_LONGEST] if isinstance(found, str) else ""


def value(pattern: re.Pattern[str], event: object, *keys: str) -> str | None:
    """Return a text within an event that is written as a pattern wants it."""
    found = text(event, *keys)
    return found if pattern.fullmatch(found) else None


def principal(event: object, *keys: str) -> str | None:
    """Return the ARN of a principal within an event."""
    found = PRINCIPAL.fullmatch(text(event, *keys))
    return found["arn"] if found else None


def _at(event: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        event = event.get(key) if isinstance(event, Mapping) else None
    return event
