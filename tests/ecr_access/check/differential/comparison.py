"""Compares the check's verdict with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ecr_access.check.finding import Verdict
from tests.ecr_access.check.differential import product
from tests.ecr_access.check.differential.calls import calls_of, members_of
from tests.ecr_access.check.differential.residuals import DECLARED, excuse_of
from tests.ecr_access.check.differential.rules.decision import decide
from tests.ecr_access.check.differential.truth import Can, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.simulator import Answer
    from tests.ecr_access.check.differential.world import Combination


class Outcome(Enum):
    """How a verdict compares with the truth."""

    RIGHT = "right"
    UNDETERMINED = "undetermined"
    FALSE_ALLOWED = "false allowed"
    FALSE_DENIED = "false denied"
    RESIDUAL = "residual"


@dataclass(frozen=True)
class Compared:
    """One comparison; ``why`` is the finding's cause, or the kind of residual."""

    one: Combination
    outcome: Outcome
    verdict: Verdict
    truth: Can
    why: str


def compare(one: Combination) -> Compared:
    """Check a combination, and hold the verdict against the truth.

    "Allowed" is false if AWS denies one of the calls, unless that is excused: ``residuals``. "Denied" is false if no
    member is denied an action in all of its calls. "Undetermined" is never false.
    """
    finding, answers = product.run(one)
    can, outcome, why = truth(one), Outcome.RIGHT, finding.cause
    if finding.verdict is Verdict.UNDETERMINED:
        outcome = Outcome.UNDETERMINED
    elif finding.verdict is Verdict.DENIED and can is not Can.NO:
        outcome = Outcome.FALSE_DENIED
    elif finding.verdict is Verdict.ALLOWED and can is not Can.YES:
        excuses = {*_excuses(one, answers)} - {DECLARED}
        if excuses:
            outcome = Outcome.FALSE_ALLOWED if None in excuses else Outcome.RESIDUAL
        why = why if outcome is not Outcome.RESIDUAL else "; ".join(sorted(map(str, excuses)))
    return Compared(one, outcome, finding.verdict, can, why)


def _excuses(one: Combination, answers: list[Answer]) -> Iterator[str | None]:
    for member in members_of(one):
        for action in one.actions:
            for call in calls_of(one, member, action):
                if not decide(call.request, call.policies, call.reading):
                    yield excuse_of(one, member, call, answers)
