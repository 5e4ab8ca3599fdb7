"""``ecr-access manifest explain``: what a repository ends up with, and which line says so."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import table, write_errors
from ecr_access.cli.manifest.validate import NAMED_BY, problems_of, report
from ecr_access.cli.progress import Progress
from ecr_access.cli.statuses import DONE, FOUND, WRONG
from ecr_access.manifest import ManifestError, read_file
from ecr_access.manifest.explain import explain, no_such_repository

if TYPE_CHECKING:
    from ecr_access.manifest.explain import Explanation, Setting
    from ecr_access.manifest.model import Environment

_APP: Final = Path("cdk.json")
_COLUMNS: Final = ("key", "value", "written at", "by")
_NONE: Final = (
    "no manifest is named; give --file FILE, or name it in the cdk.json of this folder, "
    '"context": {"manifest": "images.yaml"}'
)


def explain_repository(name: str, file: Path | None, *, as_json: bool) -> int:
    """Print what a repository ends up with; return the exit status."""
    path = file or _file_of_the_app()
    if path is None:
        return write_errors([_NONE], as_json=as_json)
    try:
        manifest = read_file(path, named_by=NAMED_BY if file else "named in cdk.json", progress=Progress())
    except ManifestError as error:
        report(error)
        if as_json:
            sys.stdout.write(json.dumps(problems_of(error), indent=2) + "\n")
        return FOUND if os.path.exists(path) else WRONG  # noqa: PTH110 -- pathlib raises of a name that no file can have
    if not (found := explain(manifest, name)):
        return write_errors([no_such_repository(manifest, name)], as_json=as_json)
    if as_json:
        sys.stdout.write(json.dumps({"repositories": [_as_json(one) for one in found]}, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(map(_as_text, found)))
    return DONE


def _file_of_the_app() -> Path | None:
    """Return the manifest that cdk.json names, if it names one."""
    try:
        named = json.loads(_APP.read_text(encoding="utf-8-sig"))["context"]["manifest"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return Path(named) if named and isinstance(named, str) else None


def _as_text(one: Explanation) -> str:
    rows = [(setting.key, _shown(setting.value), _place(setting), setting.by) for setting in one.settings]
    return f"{one.name}, declared at {one.place}, in {_environment(one.environment)}\n" + table(
        _COLUMNS, rows, {}, sys.stdout
    )


def _as_json(one: Explanation) -> dict[str, object]:
    there = one.environment
    return {
        "name": one.name,
        "environment": {"name": there.name, "account": there.account, "region": there.region},
        "file": one.place.source.name,
        "line": one.place.line,
        "settings": [
            {
                "key": setting.key,
                "value": setting.value,
                "by": setting.by,
                "file": setting.place and setting.place.source.name,
                "line": setting.place and setting.place.line,
            }
            for setting in one.settings
        ],
    }


def _environment(there: Environment) -> str:
    account = f"account {there.account}" if there.account else "the account of the CDK CLI"
    region = f"Region {there.region}" if there.region else "its Region"
    return f"{there.name}: {account}, {region}" if there.name else f"{account}, {region}"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _place(setting: Setting) -> str:
    return str(setting.place) if setting.place else "-"
