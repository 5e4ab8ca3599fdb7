"""Findings as SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ecr_access.rules.catalogue import RULES
from ecr_access.rules.guard import NOT_APPLIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.rules.report import Checked, Entry, Place
    from ecr_access.rules.finding import Rule

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ALL: Final = (*RULES, NOT_APPLIED)
_PACKAGE: Final = "cdk-ecr-access"


def as_sarif(checked: Checked) -> str:
    """Write a log of one run, which did not succeed if something could not be read."""
    driver = {"name": _PACKAGE, **_version(), "rules": [_rule(one) for one in _ALL]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(checked.failures)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one) for one in checked.entries],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _invocation(failures: Sequence[str]) -> dict[str, Any]:
    told = [{"level": "error", "message": {"text": one}} for one in failures]
    return {"executionSuccessful": not failures, "toolExecutionNotifications": told}


def _version() -> dict[str, str]:
    try:
        return {"version": version(_PACKAGE)}
    except PackageNotFoundError:
        return {}


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": "".join(part.capitalize() for part in one.id.split("-")),
        "shortDescription": {"text": one.title},
        "help": {"text": f"{one.title}: {one.page}"},
        "helpUri": one.page,
        "defaultConfiguration": {"level": one.severity.value},
    }


def _result(one: Entry) -> dict[str, Any]:
    first, *others = one.places
    resource, path = first.finding.resource, first.finding.path
    place = f"{one.rule.id}|{Path(first.file).name}|{resource.logical_id}|{path}"
    # If one result has the property, all have: an empty one says that it is not suppressed.
    suppressions = [{"kind": "inSource", "justification": one.reason}] if one.reason else []
    return {
        "ruleId": one.rule.id,
        "ruleIndex": _ALL.index(one.rule),
        "level": one.rule.severity.value,
        "message": {"text": f"{first.finding.text}; fix: {one.fix}"},
        "locations": [_location(first)],
        "relatedLocations": [
            {"id": index, **_location(other), "message": {"text": f"{other.rule.id}: {other.finding.text}"}}
            for index, other in enumerate(others, 1)
        ],
        "suppressions": suppressions,
        # Stays the same when lines move, so that a finding that was dismissed stays so.
        "partialFingerprints": {"place/v1": hashlib.sha256(place.encode()).hexdigest()},
    }


def _location(one: Place) -> dict[str, Any]:
    region = {"region": {"startLine": one.line}} if one.line else {}
    logical = {"name": one.finding.resource.logical_id, "fullyQualifiedName": one.name, "kind": "resource"}
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(one.file)}, **region},
        "logicalLocations": [logical],
    }


def _uri(file: str) -> str:
    """Write a file relative to the working directory, as services want it, or else in full."""
    path = Path(file).absolute()
    try:
        return quote(path.relative_to(Path.cwd()).as_posix())
    except ValueError:
        return path.as_uri()
