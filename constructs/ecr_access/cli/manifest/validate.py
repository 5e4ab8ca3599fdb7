"""``ecr-access manifest validate``: says everything that is wrong with manifests."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from ecr_access.cli.console import painted
from ecr_access.cli.progress import Progress
from ecr_access.cli.statuses import DONE, FOUND, WRONG
from ecr_access.manifest import ManifestError, read_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMED_BY = "named on the command line"


def validate(paths: Sequence[Path], *, as_json: bool) -> int:
    """Validate files and folders; return the exit status."""
    outcomes = [_outcome(path, quiet=as_json) for path in paths]
    if as_json:
        sys.stdout.write(json.dumps({"files": outcomes}, indent=2) + "\n")
    if not all(map(os.path.exists, paths)):  # of a name that no file can have, pathlib raises
        return WRONG
    return DONE if all(one["valid"] for one in outcomes) else FOUND


def report(error: ManifestError) -> None:
    """Write what is wrong with a manifest to standard error."""
    sys.stderr.write(f"{painted('error:', 'red', sys.stderr)} {error}\n")


def problems_of(error: ManifestError) -> dict[str, object]:
    """Return what is wrong with a manifest as JSON has it."""
    problems = [
        {"file": one.file or error.source, "at": one.at, "line": one.line, "message": one.message}
        for one in error.problems
    ]
    return {"file": error.source, "valid": False, "count": error.count, "problems": problems}


def _outcome(path: Path, *, quiet: bool) -> dict[str, object]:
    """Validate a file or folder, and say what it came to."""
    try:
        manifest = read_file(path, named_by=NAMED_BY, progress=Progress())
    except ManifestError as error:
        if not quiet:
            report(error)
        return problems_of(error)
    declared, existing = len(manifest.repositories), len(manifest.existing)
    if not quiet:
        sys.stdout.write(f"{path}: valid; repositories declared: {declared}, existing: {existing}\n")
    return {"file": str(path), "valid": True, "repositories": declared, "existing": existing}
