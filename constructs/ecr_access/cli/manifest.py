"""Validates manifests: ``ecr-access manifest validate FILE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.manifest import SCHEMA_FILE, ManifestError, read_file
from ecr_access.manifest.structure import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access manifest"
_WRONG: Final = 1
_EPILOG: Final = f"""\
examples:
  {PROG} validate images.yaml
  {PROG} schema --comment
  {PROG} schema > manifest.schema.json

exit status: 0 every file is a valid manifest; 1 one is not, and standard error says everything that is wrong with it;
2 an argument is wrong. Nothing is asked of AWS.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().parse_args(arguments)
    if given.action == "schema":
        sys.stdout.write(editor_comment() if given.comment else SCHEMA_FILE.read_text(encoding="utf-8"))
        return 0
    return _WRONG if [path for path in given.files if not _is_valid(path)] else 0


def editor_comment() -> str:
    """Return the comment by which the YAML language server finds the schema of a file."""
    return f"# yaml-language-server: $schema={schema()['$id']}\n"


def _is_valid(path: Path) -> bool:
    try:
        manifest = read_file(path, named_by="named on the command line")
    except ManifestError as error:
        sys.stderr.write(f"error: {error}\n")
        return False
    declared, existing = len(manifest.repositories), len(manifest.existing)
    sys.stdout.write(f"{path}: valid; repositories declared: {declared}, existing: {existing}\n")
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROG,
        description="Validate manifests of Amazon ECR repositories, or print the JSON Schema of manifests.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    validate = actions.add_parser("validate", help="say everything that is wrong with manifests")
    validate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a manifest, YAML or JSON")
    printed = actions.add_parser("schema", help="print the JSON Schema, for editors")
    printed.add_argument(
        "--comment", action="store_true", help="print the line that a YAML manifest starts with to name the schema"
    )
    return parser
