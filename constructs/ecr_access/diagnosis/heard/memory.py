"""What a warm function remembers of what it has told, so that a million failures are a few messages.

Nothing is stored. A function that Lambda starts anew has forgotten, and tells a failure once more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecr_access.diagnosis.heard.failure import Failure, Times

HOUR: Final = 3600.0
MESSAGES_AN_HOUR: Final = 6
"""Of each warm function, of which there are two at most."""

_REMEMBERED: Final = 1_000


@dataclass
class Memory:
    """What was told in the last hour, and what was only counted since."""

    _sent: list[float] = field(default_factory=list)
    _told: dict[Failure, float] = field(default_factory=dict)
    withheld: int = 0
    """Failures that were heard since the last message, and not told."""

    def due(self, heard: dict[Failure, Times], now: float) -> dict[Failure, Times]:
        """Return what is told now: failures that were not told in the last hour, if the hour has a message left."""
        self._sent = [one for one in self._sent if now - one < HOUR]
        if len(self._sent) >= MESSAGES_AN_HOUR:
            return {}
        return {one: times for one, times in heard.items() if now - self._told.get(one, -HOUR) >= HOUR}

    def told(self, named: tuple[Failure, ...], now: float, *, sent: bool) -> None:
        """Remember what a message named, or would have: what it only counted is named by the next.

        Args:
            named: the failures.
            now: when.
            sent: whether there was a message.
        """
        for one in named:
            self._told.pop(one, None)
            self._told[one] = now
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        if sent:
            self._sent.append(now)
            self.withheld = 0
