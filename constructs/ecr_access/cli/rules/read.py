"""Reads the templates that a command line names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ecr_access.cli.rules.acknowledged import Reasons, Synthesized, in_metadata, problems_in_metadata
from ecr_access.documents.templates import json_text, yaml_text
from ecr_access.documents.templates.assembly import Placed, broken_in, template_of, templates_in
from ecr_access.documents.templates.unreadable import TextProblem, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.documents.templates.template import Template

_SECTIONS: Final = frozenset({"AWSTemplateFormatVersion", "Description", "Parameters", "Rules", "Conditions"})
_KINDS: Final[dict[type, str]] = {str: "a text", list: "a list", bool: "a truth value"}


@dataclass(frozen=True)
class Source:
    """A template, its text, and what is acknowledged in it."""

    template: Template
    text: str
    reasons: Reasons = field(default_factory=dict)

    @cached_property
    def lines(self) -> dict[str, int]:
        """The line of each resource."""
        return json_text.resource_lines(self.text) if _is_json(self.text) else yaml_text.resource_lines(self.text)


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
        place = replace(one, account=one.account or account, region=one.region or region)
        return _read(place, synthesized)
    except UnreadableError as error:
        wrong += [problem.at(str(one.path)) for problem in error.problems]
        return None


def _read(one: Placed, synthesized: Synthesized) -> Source:
    text = _text(one.path)
    document = parse(text)
    source = Source(template_of(one, document), text, synthesized.of(one.path) | in_metadata(document))
    problems = [*problems_in_metadata(document)]
    if problems:
        raise UnreadableError(TextProblem(source.lines.get(holder, 0), message) for holder, message in problems)
    return source


def parse(text: str) -> dict[str, Any]:
    """Read a template, JSON or YAML by its content.

    Raises:
        UnreadableError: with everything that is wrong.
    """
    document = json_text.parse(text) if _is_json(text) else yaml_text.parse(text)
    if not isinstance(document, dict):
        kind = "nothing" if document is None else _KINDS.get(type(document), "a number")
        raise UnreadableError(
            [TextProblem(0, f"it holds {kind}; a template is an object with the section 'Resources'")]
        )
    # The CDK writes a stack without resources so; with another key it is some other document.
    is_empty = "Resources" not in document and document.keys() <= _SECTIONS
    if not (is_empty or isinstance(document.get("Resources"), dict)):
        raise UnreadableError([TextProblem(0, "no template of CloudFormation: it has no object 'Resources'")])
    return document


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text: {error.reason} at byte {error.start}"
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        problem = f"cannot be read: {getattr(error, 'strerror', None) or error}".lower()
    raise UnreadableError([TextProblem(0, problem)])
