"""Reads the templates that a command line names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.rules.acknowledged import Reasons, Synthesized, in_metadata, problems_in_metadata
from ecr_access.documents.document import DocumentError, TextProblem
from ecr_access.documents.templates.assembly import Placed, broken_in, template_of, templates_in
from ecr_access.documents.templates.text import parse_template
from ecr_access.documents.text import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.documents.document import Lines
    from ecr_access.documents.templates.template import Template

_PART: Final = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")
"""A key or an index of a path such as ``Properties.Policies[0].PolicyDocument``."""
_RESOURCE: Final = 2  # so many keys lead to one


@dataclass(frozen=True)
class Source:
    """A template, its lines, and what is acknowledged in it."""

    template: Template
    lines: Lines
    reasons: Reasons = field(default_factory=dict)

    def line_of(self, resource: str, path: str) -> int:
        """Find the line of what a finding is about; 0 if there is none.

        Args:
            resource: its logical id.
            path: of the value, from the resource. Of one that is not written, the nearest that holds it counts, and
                the resource where it would be one of its properties.
        """
        parts = [int(index) if index else name for index, name in _PART.findall(path)]
        found = self.lines.along(("Resources", resource, *parts))
        return found[_RESOURCE - 1] if len(found) == _RESOURCE + 1 and parts[0] == "Properties" else (found or [0])[-1]


def read(names: Sequence[str], *, account: str = "", region: str = "") -> tuple[list[Source], list[str]]:
    """Read all templates.

    Args:
        names: files, or folders such as ``cdk.out``.
        account: where templates are deployed of which no assembly says it.
        region: the same.

    Returns:
        The templates, each once, and what is wrong with those that cannot be read: ``stack.yaml:3: what is wrong``.
    """
    files: dict[Path, Placed] = {}  # by where each is, as a file has many names
    wrong: list[str] = []
    for path in map(Path, names):
        # The assembly around a single file knows where it is deployed.
        known = {one.path: one for one in templates_in(path if path.is_dir() else path.parent)}
        broken = [f"{file}: {why}" for file, why in broken_in(path)] if path.is_dir() else []
        wrong += broken
        if path.is_dir() and not known and not broken:
            wrong.append(f"{path}: no file in this folder is called *.template.json; name the templates themselves")
        for one in known.values() if path.is_dir() else [known.get(path, Placed(path))]:
            files.setdefault(_place(one.path), one)
    synthesized = Synthesized()
    sources = [_source(one, account, region, synthesized, wrong) for one in files.values()]
    return [one for one in sources if one], wrong


def _place(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # no file, which is told where it is read
        return path


def _source(one: Placed, account: str, region: str, synthesized: Synthesized, wrong: list[str]) -> Source | None:
    try:
        return _read(replace(one, account=one.account or account, region=one.region or region), synthesized)
    except DocumentError as error:
        wrong += [problem.at(str(one.path)) for problem in error.problems]
        return None


def _read(one: Placed, synthesized: Synthesized) -> Source:
    document = parse_template(read_text(one.path))
    reasons = synthesized.of(one.path) | in_metadata(document.value)
    source = Source(template_of(one, document.value), document.lines, reasons)
    wrong = problems_in_metadata(document.value)
    problems = [TextProblem(document.lines.of(place) or 0, why) for place, why in wrong]
    if problems:
        raise DocumentError(*problems)
    return source
