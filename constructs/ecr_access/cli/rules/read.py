"""Reads the templates that a command line names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.rules.acknowledged import Reasons, Synthesized, in_metadata, problems_in_metadata
from ecr_access.documents.document import DocumentError, TextProblem
from ecr_access.documents.templates.assembly import Placed, broken_in, stacks_in, template_of, templates_in
from ecr_access.documents.templates.text import parse_template
from ecr_access.documents.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecr_access.documents.document import Lines
    from ecr_access.documents.templates.template import Template

_PART: Final = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")
"""A key or an index of a path such as ``Properties.Policies[0].PolicyDocument``."""
_RESOURCE: Final = 2  # so many keys lead to one


@dataclass(frozen=True)
class Source:
    """A template.

    Attributes:
        template: as it is read.
        lines: of its entries.
        reasons: what is acknowledged in it.
        problems: what of it is not known, as it is given twice.
    """

    template: Template
    lines: Lines
    reasons: Reasons = field(default_factory=dict)
    problems: tuple[str, ...] = ()

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
        The templates, each once, and what is wrong, also with those that are read: ``stack.yaml:3: what is wrong``.
    """
    files: dict[Path, Placed] = {}  # by where each is, as a file has many names
    wrong: list[str] = []
    # The assembly around a single file knows where it is deployed. Of many files it is read once.
    assembly = cache(lambda folder: {one.path: one for one in stacks_in(folder)})
    for path in map(Path, names):
        for one in _in_folder(path, wrong) if path.is_dir() else [assembly(path.parent).get(path, Placed(path))]:
            files.setdefault(_place(one.path), one)
    synthesized = Synthesized()
    sources = [_source(one, account, region, synthesized, wrong) for one in files.values()]
    return [one for one in sources if one], wrong


def _in_folder(path: Path, wrong: list[str]) -> list[Placed]:
    found = templates_in(path)
    broken = [f"{file}: {why}" for file, why in broken_in(path)]
    wrong += broken
    if not found and not broken:
        wrong.append(f"{path}: no file in this folder is called *.template.json; name the templates themselves")
    return found


def _place(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # no file, which is told where it is read
        return path


def _source(one: Placed, account: str, region: str, synthesized: Synthesized, wrong: list[str]) -> Source | None:
    try:
        source = _read(replace(one, account=one.account or account, region=one.region or region), synthesized)
    except DocumentError as error:
        wrong += _told(one, error.problems)
        return None
    wrong += source.problems
    return source


def _read(one: Placed, synthesized: Synthesized) -> Source:
    document = parse_template(read_text(one.path))
    reasons = synthesized.of(one.path) | in_metadata(document.value)
    told = _told(one, DocumentError(*document.problems).problems)
    source = Source(template_of(one, document.value), document.lines, reasons, told)
    wrong = problems_in_metadata(document.value)
    problems = [TextProblem(document.lines.of(place) or 0, why) for place, why in wrong]
    if problems:
        raise DocumentError(*document.problems, *problems)
    return source


def _told(one: Placed, problems: Iterable[TextProblem]) -> tuple[str, ...]:
    return tuple(problem.at(str(one.path)) for problem in problems)
