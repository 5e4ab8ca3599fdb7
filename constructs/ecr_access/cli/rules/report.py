"""What a check of templates comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecr_access.documents.templates.template import Template
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
        line: of the statement or property in the template; 0 where that is not known.
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


@dataclass(frozen=True)
class Checked:
    """What the command has to write.

    Attributes:
        entries: all findings.
        templates: how many were read.
        failures: why the findings are not complete; empty if they are.
    """

    entries: Sequence[Entry]
    templates: int
    failures: tuple[str, ...] = ()


def entries_of(sources: Sequence[Source], existing: Sequence[str] = (), *, are_all: bool = True) -> list[Entry]:
    """Check templates as one app.

    Args:
        sources: the templates.
        existing: the names of repositories that exist already.
        are_all: whether these are all templates of the app: what others may hold is not known then.
    """
    by_path = {one.template.path: one for one in sources}
    others = [] if are_all else [Template("", {}, is_read=False)]
    app = Application([*(one.template for one in sources), *others], existing=existing)
    return [_entry(rule, finding, by_path[finding.resource.template.path]) for rule, finding in findings_of(app)]


def counted(entries: Sequence[Entry]) -> dict[Severity, int]:
    """Count the findings of each severity that are not acknowledged."""
    return {one: sum(entry.rule.severity is one and not entry.reason for entry in entries) for one in Severity}


def _entry(rule: Rule, finding: RuleFinding, source: Source) -> Entry:
    name = finding.resource.logical_id
    reason = source.reasons.get((name, rule.id)) or source.reasons.get(("", rule.id), "")
    return Entry(rule, finding, source.line_of(name, finding.path), reason)
