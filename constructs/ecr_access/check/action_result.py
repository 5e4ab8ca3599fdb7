"""What the two sides say about one action, as long as no side has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.check.finding import Explanation

if TYPE_CHECKING:
    from ecr_access.check.finding import Verdict

ACCEPT: Final = "accept what no deployment can find out: AccessCheck(stack, allow_undetermined=True)"
CONDITION: Final = f"make sure that calls satisfy the condition, then {ACCEPT}"


@dataclass(frozen=True)
class ActionResult:
    """What the two sides say about one action; ``final`` if to look again would not change it.

    ``cause`` is what an allowed one rests on, or what keeps the principal from the action. ``awaited`` and
    ``unanswered`` have the same meaning as in a finding.
    """

    verdict: Verdict
    cause: str
    fix: str = ""
    final: bool = False
    awaited: bool = False
    unanswered: bool = False

    def problem(self, actions: tuple[str, ...]) -> Explanation:
        """Name the problem of some actions."""
        return Explanation(self.cause, self.fix, actions)
