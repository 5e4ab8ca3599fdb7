"""Findings as text, and as plain JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import failure, painted
from ecr_access.cli.rules.report import counted
from ecr_access.rules.finding import Severity

if TYPE_CHECKING:
    from ecr_access.cli.rules.report import Checked, Entry

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def as_text(checked: Checked) -> str:
    """Write a paragraph a finding, with the file and the line as editors know them, and how many there are."""
    parts = [_paragraph(one) for one in checked.entries if not one.reason]
    numbers = " and ".join(_number(count, severity.value) for severity, count in counted(checked.entries).items())
    acknowledged = len(checked.entries) - len(parts)
    more = f", {acknowledged} acknowledged" if acknowledged else ""
    more += "; incomplete, as not all templates could be read" if checked.failures else ""
    return "\n".join([*parts, f"{numbers} in {_number(checked.templates, 'template')}{more}", ""])


def as_json(checked: Checked) -> str:
    """Write an object a finding, the acknowledged ones too, how many of the others there are, and what failed."""
    counts = {f"{severity.value}s": count for severity, count in counted(checked.entries).items()}
    document = {"findings": [_fields(one) for one in checked.entries], "templates": checked.templates, **counts}
    failed = failure(checked.failures) if checked.failures else {}
    return json.dumps({**document, **failed}, indent=2) + "\n"


def _paragraph(one: Entry) -> str:
    where = f"{one.file}:{one.line}" if one.line else one.file
    place = f"{one.finding.resource.logical_id}.{one.finding.path}"
    severity = painted(one.rule.severity.value, _COLOURS[one.rule.severity], sys.stdout)
    head = f"{where}: {severity} {one.rule.id}: {one.finding.text}"
    return f"{head}\n    at {place}\n    fix: {one.fix}\n    see {one.rule.page}\n"


def _fields(one: Entry) -> dict[str, object]:
    return {
        "rule": one.rule.id,
        "severity": one.rule.severity.value,
        "file": one.file,
        "line": one.line or None,
        "resource": one.finding.resource.logical_id,
        "path": one.finding.path,
        "problem": one.finding.text,
        "fix": one.fix,
        "page": one.rule.page,
        "acknowledged": one.reason or None,
    }


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
