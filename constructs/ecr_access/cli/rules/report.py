"""What a check of templates comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.causes import by_cause, fix_of
from ecr_access.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.rules.read import Source
    from ecr_access.rules.finding import Rule, RuleFinding


@dataclass(frozen=True)
class Place:
    """One place of a finding.

    Attributes:
        rule: that is broken there.
        finding: where, and how.
        line: of the statement or property in the template; 0 where that is not known.
    """

    rule: Rule
    finding: RuleFinding
    line: int

    @property
    def file(self) -> str:
        """The template's file, as it was named."""
        return self.finding.resource.template.path

    @property
    def name(self) -> str:
        """The path of the value, from its resource."""
        return f"{self.finding.resource.logical_id}.{self.finding.path}"


@dataclass(frozen=True)
class Entry:
    """A finding: one cause, with all its places.

    Attributes:
        places: from where the app breaks to what has to be mended.
        fix: what to do, what is unknown written as ``${Name}``.
        reason: why all of them were acknowledged; empty if none was.
    """

    places: Sequence[Place]
    fix: str
    reason: str = ""

    @property
    def first(self) -> Place:
        """The place that is reported first."""
        return self.places[0]

    @property
    def rule(self) -> Rule:
        """The rule that is broken there."""
        return self.first.rule


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

    def reason(rule: Rule, finding: RuleFinding) -> str:
        given = by_path[finding.resource.template.path].reasons
        return given.get((finding.resource.logical_id, rule.id)) or given.get(("", rule.id), "")

    def place(rule: Rule, finding: RuleFinding) -> Place:
        source = by_path[finding.resource.template.path]
        return Place(rule, finding, source.line_of(finding.resource.logical_id, finding.path))

    # Only what is acknowledged by itself is: the other places of the cause are reported.
    causes = by_cause(findings_of(app), reason)
    return [Entry([place(*one) for one in found], shown(fix_of(found)), reason(*found[0])) for found in causes]


def counted(entries: Sequence[Entry]) -> dict[Severity, int]:
    """Count the findings of each severity that are not acknowledged, by the rule that each reports first."""
    return {one: sum(entry.rule.severity is one and not entry.reason for entry in entries) for one in Severity}
