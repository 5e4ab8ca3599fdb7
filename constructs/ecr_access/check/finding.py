"""What the check found out about one requirement."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verdict(Enum):
    """Whether a principal can do what it must be able to do."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Explanation:
    """Why some actions are not allowed, in words that hold for every repository of which they are true.

    ``{actions}`` and ``{resources}`` in the fix stand for the ones that it concerns, as JSON. ``unconfirmed`` says why
    a later look could not confirm it.
    """

    cause: str
    fix: str
    actions: tuple[str, ...] = ()
    unconfirmed: str = ""

    @property
    def text(self) -> str:
        """The cause, and whether it was confirmed."""
        return f"{self.cause} (not confirmed by a later look: {self.unconfirmed})" if self.unconfirmed else self.cause

    def fix_for(self, resources: Sequence[str]) -> str:
        """Word the fix for some resources."""
        return self.fix.replace("{actions}", _json(self.actions)).replace("{resources}", _json(resources))


@dataclass(frozen=True)
class Finding:
    """The verdict on one requirement.

    ``problems`` are the causes, where it is not allowed; ``note`` is what an allowed one rests on. ``missing`` says
    that there is no such repository for any principal; ``final`` that to look again would not change it; ``elsewhere``
    which side is another account's to prove. ``awaited`` says that a policy which IAM does not know everywhere yet may
    be the cause; ``unanswered`` that AWS gave no answer.
    """

    principal: str
    access: str
    repository: str
    verdict: Verdict
    problems: tuple[Explanation, ...] = ()
    note: str = ""
    missing: bool = False
    final: bool = False
    elsewhere: str = ""
    awaited: bool = False
    unanswered: bool = False

    @property
    def cause(self) -> str:
        """Every cause, with the actions that it concerns."""
        causes = [f"{', '.join(one.actions)}: {one.text}" if one.actions else one.text for one in self.problems]
        return "; ".join(causes or filter(None, (self.note, self.elsewhere)))

    @property
    def fix(self) -> str:
        """Every fix."""
        return "; ".join(dict.fromkeys(one.fix_for([self.repository or "*"]) for one in self.problems))

    def not_confirmed(self, later: Finding) -> Finding:
        """Return the finding, with why a later look could not confirm it."""
        why = "; ".join(dict.fromkeys(one.cause for one in later.problems))
        return replace(self, problems=tuple(replace(one, unconfirmed=why) for one in self.problems))


def _json(values: Sequence[str]) -> str:
    return json.dumps(values[0] if len(values) == 1 else list(values), separators=(",", ":"))
