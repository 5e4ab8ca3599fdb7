"""``ecr-access manifest explain``: what a repository ends up with, and which line says so."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import table, write_errors
from ecr_access.cli.manifest.named import manifest_of_the_app
from ecr_access.cli.statuses import DONE
from ecr_access.manifest.explain import explain, no_such_repository

if TYPE_CHECKING:
    from pathlib import Path

    from ecr_access.manifest.explain import Explanation, Setting
    from ecr_access.manifest.model import Environment

_COLUMNS: Final = ("key", "value", "written at", "by")


def explain_repository(name: str, file: Path | None, *, as_json: bool) -> int:
    """Print what a repository ends up with; return the exit status."""
    manifest = manifest_of_the_app(file, as_json=as_json)
    if isinstance(manifest, int):
        return manifest
    if not (found := explain(manifest, name)):
        return write_errors([no_such_repository(manifest, name)], as_json=as_json)
    if as_json:
        sys.stdout.write(json.dumps({"repositories": [_as_json(one) for one in found]}, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(map(_as_text, found)))
    return DONE


def _as_text(one: Explanation) -> str:
    rows = [(setting.key, _shown(setting.value), _place(setting), setting.by) for setting in one.settings]
    stack = f", stack {one.stack} of {one.environment.stacks}" if one.environment.stacks > 1 else ""
    return f"{one.name}, declared at {one.place}, in {_environment(one.environment)}{stack}\n" + table(
        _COLUMNS, rows, {}, sys.stdout
    )


def _as_json(one: Explanation) -> dict[str, object]:
    there = one.environment
    return {
        "name": one.name,
        "environment": {"name": there.name, "account": there.account, "region": there.region, "stacks": there.stacks},
        "stack": one.stack,
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
