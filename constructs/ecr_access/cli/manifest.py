"""Validates manifests: ``ecr-access manifest validate FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, painted
from ecr_access.cli.statuses import DONE, FOUND, WRONG
from ecr_access.manifest import SCHEMA_FILE, ManifestError, read_file
from ecr_access.manifest.structure import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access manifest"
_EPILOG: Final = f"""\
examples:
  {PROG} validate images.yaml
  {PROG} schema --comment
  {PROG} schema > manifest.schema.json

exit status: 0 every file is a valid manifest; 1 one is not, and standard error says everything that is wrong with it;
2 there is no such file, or an argument is wrong. Nothing is asked of AWS.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().read(arguments)
    if given.action == "schema":
        sys.stdout.write(editor_comment() if given.comment else SCHEMA_FILE.read_text(encoding="utf-8"))
        return DONE
    outcomes = [_outcome(path, quiet=given.json) for path in given.files]
    if given.json:
        sys.stdout.write(json.dumps({"files": outcomes}, indent=2) + "\n")
    if any(path.is_dir() or not path.exists() for path in given.files):
        return WRONG
    return DONE if all(one["valid"] for one in outcomes) else FOUND


def editor_comment() -> str:
    """Return the comment by which the YAML language server finds the schema of a file."""
    return f"# yaml-language-server: $schema={schema()['$id']}\n"


def _outcome(path: Path, *, quiet: bool) -> dict[str, object]:
    """Validate a file, and say what it came to."""
    try:
        manifest = read_file(path, named_by="named on the command line")
    except ManifestError as error:
        if not quiet:
            sys.stderr.write(f"{painted('error:', 'red', sys.stderr)} {error}\n")
        problems = [{"at": one.at, "line": one.line, "message": one.message} for one in error.problems]
        return {"file": str(path), "valid": False, "count": error.count, "problems": problems}
    declared, existing = len(manifest.repositories), len(manifest.existing)
    if not quiet:
        sys.stdout.write(f"{path}: valid; repositories declared: {declared}, existing: {existing}\n")
    return {"file": str(path), "valid": True, "repositories": declared, "existing": existing}


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Validate manifests of Amazon ECR repositories, or print the JSON Schema of manifests.",
        epilog=_EPILOG,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    validate = actions.add_parser("validate", help="say everything that is wrong with manifests")
    validate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a manifest, YAML or JSON")
    validate.add_argument("--json", action="store_true", help="print JSON")
    printed = actions.add_parser("schema", help="print the JSON Schema, for editors")
    printed.add_argument(
        "--comment", action="store_true", help="print the line that a YAML manifest starts with to name the schema"
    )
    return parser
