"""Findings as text, and as plain JSON."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import failure, painted
from ecr_access.cli.rules.report import counted
from ecr_access.documents.document import MOST
from ecr_access.rules.finding import Severity

if TYPE_CHECKING:
    from ecr_access.cli.rules.report import Checked, Entry, Place

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def as_text(checked: Checked) -> str:
    """Write a paragraph a finding, with the file and the line as editors know them, and how many there are."""
    parts = [_paragraph(one) for one in checked.entries if not one.reason]
    numbers = " and ".join(_number(count, severity.value) for severity, count in counted(checked.entries).items())
    acknowledged = len(checked.entries) - len(parts)
    more = f", {acknowledged} acknowledged" if acknowledged else ""
    more += "; incomplete, as not all of the templates could be read" if checked.failures else ""
    return "\n".join([*parts, f"{numbers} in {_number(checked.templates, 'template')}{more}", ""])


def as_json(checked: Checked) -> str:
    """Write an object a finding, the acknowledged ones too, how many of the others there are, and what failed."""
    counts = {f"{severity.value}s": count for severity, count in counted(checked.entries).items()}
    document = {"findings": [_fields(one) for one in checked.entries], "templates": checked.templates, **counts}
    failed = failure(checked.failures) if checked.failures else {}
    return json.dumps({**document, **failed}, indent=2) + "\n"


def _paragraph(one: Entry) -> str:
    first, *others = one.places
    severity = painted(first.rule.severity.value, _COLOURS[first.rule.severity], sys.stdout)
    head = f"{_where(first)}: {severity} {first.rule.id}: {first.finding.text}"
    lines = [head, f"at {first.name}", *map(partial(_also, first), others[: MOST - 1])]
    if len(one.places) > MOST:
        lines.append(f"and at {len(one.places) - MOST:,} more places")
    return "\n    ".join([*lines, f"fix: {one.fix}", f"see {first.rule.page}\n"])


def _also(first: Place, one: Place) -> str:
    """Write another place, with its problem where that is of another rule."""
    why = f": {one.rule.id}: {one.finding.text}" if one.rule is not first.rule else ""
    return f"also at {_where(one)} {one.name}{why}"


def _where(one: Place) -> str:
    return f"{one.file}:{one.line}" if one.line else one.file


def _fields(one: Entry) -> dict[str, object]:
    first, *others = map(_place_fields, one.places)
    return {
        **first,
        "fix": one.fix,
        "page": one.rule.page,
        "acknowledged": one.reason or None,
        "places": [first, *others],
    }


def _place_fields(one: Place) -> dict[str, object]:
    return {
        "rule": one.rule.id,
        "severity": one.rule.severity.value,
        "file": one.file,
        "line": one.line or None,
        "resource": one.finding.resource.logical_id,
        "path": one.finding.path,
        "problem": one.finding.text,
    }


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
