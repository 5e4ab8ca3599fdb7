"""The manifest that a command is about: the one that it names, or else the one of the app in the working directory."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import write_errors
from ecr_access.cli.manifest.validate import NAMED_BY, problems_of, report
from ecr_access.cli.progress import Progress
from ecr_access.cli.statuses import FOUND, WRONG
from ecr_access.manifest import ManifestError, read_file

if TYPE_CHECKING:
    from ecr_access.manifest import Manifest

_APP: Final = Path("cdk.json")
_NONE: Final = (
    "no manifest is named; give --file FILE, or name it in the cdk.json of this folder, "
    '"context": {"manifest": "images.yaml"}'
)


def manifest_of_the_app(file: Path | None, *, as_json: bool) -> Manifest | int:
    """Read a manifest, by default the one that cdk.json names; or write why it cannot be, and return the status."""
    path = file or _file_of_the_app()
    if path is None:
        return write_errors([_NONE], as_json=as_json)
    try:
        return read_file(path, named_by=NAMED_BY if file else "named in cdk.json", progress=Progress())
    except ManifestError as error:
        report(error)
        if as_json:
            sys.stdout.write(json.dumps(problems_of(error), indent=2) + "\n")
        return FOUND if os.path.exists(path) else WRONG  # noqa: PTH110 -- pathlib raises of a name that no file can have


def _file_of_the_app() -> Path | None:
    """Return the manifest that cdk.json names, if it names one."""
    try:
        named = json.loads(_APP.read_text(encoding="utf-8-sig"))["context"]["manifest"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return Path(named) if named and isinstance(named, str) else None
