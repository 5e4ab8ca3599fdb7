"""Answers in three values: yes, no, and None for what the deployment decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Whether one is true; None if that depends."""
    found = set(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Whether all are true; None if that depends."""
    found = set(values)
    return False if False in found else None if None in found else True


def opposite(value: bool | None) -> bool | None:  # noqa: FBT001 -- three values
    """The other answer; what depends stays so."""
    return None if value is None else not value
