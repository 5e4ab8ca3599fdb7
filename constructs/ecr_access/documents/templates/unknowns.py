"""How unknown parts of texts are written for a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.unknown_text import MARK, SCOPED

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK: Final = re.compile(MARK)
_SHOWN: Final = 120


def shown(text: str) -> str:
    """Write a text for a person, an unknown part as ``${Name}``, shortened if that is a value of many lines."""
    return _MARK.sub(lambda mark: f"${{{_short(_name(mark[0]))}}}", text)


def named(text: str) -> str:
    """Write a text with the whole names of its unknown parts, to tell it from others."""
    return _MARK.sub(lambda mark: f"${{{_name(mark[0])}}}", text)


def _name(mark: str) -> str:
    return mark[1:-1].partition(SCOPED)[2]


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."


def called(text: str, name_of: Callable[[str, str], str | None]) -> str:
    """Write names in the place of unknown parts, as far as there are any.

    Args:
        text: with unknown parts.
        name_of: tells what to call a part, by its scope and its own name; None leaves it unknown.
    """

    def of(mark: re.Match[str]) -> str:
        scope, _, name = mark[0][1:-1].partition(SCOPED)
        return name_of(scope, name) or mark[0]

    return _MARK.sub(of, text)
