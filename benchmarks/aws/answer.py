"""What an emulated service answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Names that begin so are not there, or are allowed nothing; all others are there and are allowed everything.
ABSENT: Final = "absent"
DENIED: Final = "denied"


@dataclass(frozen=True)
class Answer:
    """One response of HTTP."""

    status: int
    content_type: str
    body: bytes
