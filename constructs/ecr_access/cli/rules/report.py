"""What a check of templates comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.rules.read import Source
    from ecr_access.rules.finding import Rule, RuleFinding


@dataclass(frozen=True)
class Entry:
    """A finding.

    Attributes:
        rule: that is broken.
        finding: where, and how.
        line: of its resource in the template; 0 where that is not known.
        reason: why it was acknowledged; empty if it was not.
    """

    rule: Rule
    finding: RuleFinding
    line: int
    reason: str = ""

    @property
    def file(self) -> str:
        """The template's file, as it was named."""
        return self.finding.resource.template.path

    @property
    def fix(self) -> str:
        """What to do, what is unknown written as ``${Name}``."""
        return shown(self.finding.fix)


def entries_of(sources: Sequence[Source], existing: Sequence[str] = ()) -> list[Entry]:
    """Check templates as one app; repositories of some names exist already."""
    by_path = {one.template.path: one for one in sources}
    return [
        _entry(rule, finding, by_path[finding.resource.template.path])
        for rule, finding in findings_of(Application([one.template for one in sources], existing=existing))
    ]


def counted(entries: Sequence[Entry]) -> dict[Severity, int]:
    """Count the findings of each severity that nobody acknowledged."""
    return {one: sum(entry.rule.severity is one and not entry.reason for entry in entries) for one in Severity}


def _entry(rule: Rule, finding: RuleFinding, source: Source) -> Entry:
    name = finding.resource.logical_id
    reason = source.reasons.get((name, rule.id)) or source.reasons.get(("", rule.id), "")
    return Entry(rule, finding, source.line_of(name), reason)
