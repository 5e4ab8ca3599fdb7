"""The figures of many comparisons, as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ecr_access.check.finding import Verdict
from tests.ecr_access.check.differential.comparison import Compared, Outcome
from tests.ecr_access.check.differential.kinds import reason
from tests.ecr_access.check.differential.truth import Can

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADERS: Final = ("combinations", "allowed", "denied", "undetermined", "false allowed", "false denied", "residual")
_REASONS: Final = 20


class Tally:
    """Counts comparisons, and keeps the ones whose verdict is false."""

    def __init__(self, comparisons: Iterable[Compared] = ()) -> None:
        """Count comparisons."""
        self.outcomes: Counter[tuple[str, Outcome]] = Counter()
        self.verdicts: Counter[tuple[str, Verdict]] = Counter()
        self.reasons: Counter[tuple[str, Can]] = Counter()
        self.residuals: Counter[str] = Counter()
        self.false: list[Compared] = []
        for one in comparisons:
            self.add(one)

    def add(self, found: Compared) -> None:
        """Count one."""
        for kind in (found.one.kind, "all"):
            self.outcomes[kind, found.outcome] += 1
            self.verdicts[kind, found.verdict] += 1
        if found.outcome is Outcome.UNDETERMINED:
            self.reasons[reason(found.why), found.truth] += 1
        if found.outcome is Outcome.RESIDUAL:
            self.residuals.update(found.why.split("; "))
        if found.outcome in (Outcome.FALSE_ALLOWED, Outcome.FALSE_DENIED):
            self.false.append(found)

    @property
    def count(self) -> int:
        """How many were counted."""
        return sum(number for (kind, _), number in self.outcomes.items() if kind == "all")

    def of(self, outcome: Outcome) -> list[Compared]:
        """List the false verdicts of one outcome."""
        return [one for one in self.false if one.outcome is outcome]

    def lines(self) -> list[str]:
        """Write the table, the reasons of what is undetermined, and the kinds of residuals."""
        kinds = sorted({kind for kind, _ in self.outcomes} - {"all"})
        rows = [self._row(kind) for kind in (*kinds, "all")]
        lines = ["| principal | " + " | ".join(_HEADERS) + " |", "|---" * (len(_HEADERS) + 1) + "|"]
        lines += [f"| {kind} | " + " | ".join(row) + " |" for kind, row in zip((*kinds, "all"), rows, strict=True)]
        return [*lines, "", *self._undetermined(), "", *self._residual()]

    def _row(self, kind: str) -> list[str]:
        count = sum(number for (one, _), number in self.outcomes.items() if one == kind)
        undetermined = self.verdicts[kind, Verdict.UNDETERMINED]
        return [
            f"{count:,}",
            f"{self.verdicts[kind, Verdict.ALLOWED]:,}",
            f"{self.verdicts[kind, Verdict.DENIED]:,}",
            f"{undetermined:,} ({undetermined / count:.1%})",
            *(
                f"{self.outcomes[kind, one]:,}"
                for one in (Outcome.FALSE_ALLOWED, Outcome.FALSE_DENIED, Outcome.RESIDUAL)
            ),
        ]

    def _undetermined(self) -> list[str]:
        by_reason = Counter[str]()
        for (why, _), number in self.reasons.items():
            by_reason[why] += number
        lines = ["| undetermined because | count | allowed in truth | denied | mixed |", "|---" * 5 + "|"]
        for why, number in by_reason.most_common(_REASONS):
            truths = " | ".join(f"{self.reasons[why, can]:,}" for can in (Can.YES, Can.NO, Can.SOMETIMES))
            lines.append(f"| {why} | {number:,} | {truths} |")
        return lines

    def _residual(self) -> list[str]:
        lines = ["| residual: allowed, but calls are denied by | combinations |", "|---|---|"]
        return [*lines, *(f"| {why} | {number:,} |" for why, number in self.residuals.most_common())]
