"""Validates and explains manifests, and moves repositories: ``ecr-access manifest validate FILE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser
from ecr_access.cli.manifest.explain import explain_repository
from ecr_access.cli.manifest.moves import print_moves
from ecr_access.cli.manifest.validate import validate
from ecr_access.cli.statuses import DONE
from ecr_access.manifest import SCHEMA_FILE
from ecr_access.manifest.deployed import STACK
from ecr_access.manifest.split import MOST_STACKS
from ecr_access.manifest.structure import schema
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access manifest"
_EPILOG: Final = f"""\
examples:
  {PROG} validate images.yaml
  {PROG} validate manifests/
  {PROG} explain team-a/web --file manifests/
  {PROG} moves --stacks 4
  {PROG} schema --comment
  {PROG} schema > manifest.schema.json

A folder is one manifest, of all files in it that end in .yaml, .yml or .json.

exit status: 0 every manifest is valid; 1 one is not, and standard error says everything that is wrong with it;
2 there is no such file or repository, or an argument is wrong. Nothing is asked of AWS.
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
    if given.action == "moves":
        return print_moves(
            given.stacks, given.file, environment=given.environment, base=given.stack_name, as_json=given.json
        )
    if given.action == "explain":
        return explain_repository(given.name, given.file, as_json=given.json)
    return validate(given.files, as_json=given.json)


def editor_comment() -> str:
    """Return the comment by which the YAML language server finds the schema of a file."""
    return f"# yaml-language-server: $schema={schema()['$id']}\n"


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Validate manifests of Amazon ECR repositories, explain a repository, print what moves when "
        "there are more stacks, or print the JSON Schema.",
        epilog=_EPILOG,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    checked = actions.add_parser("validate", help="say everything that is wrong with manifests")
    checked.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a manifest, YAML or JSON, or a folder")
    checked.add_argument("--json", action="store_true", help="print JSON")
    explained = actions.add_parser("explain", help="print what a repository ends up with, and which line says so")
    explained.add_argument("name", metavar="NAME", help="the name of a repository, or the ARN of an existing one")
    moved = actions.add_parser("moves", help="print what moves when the number of stacks changes, and the commands")
    moved.add_argument(
        "--stacks", type=_stacks, required=True, metavar="NUMBER", help=f"how many there are to be: 1 to {MOST_STACKS}"
    )
    moved.add_argument(
        "--environment",
        metavar="NAME",
        help="the only environment that changes; by default all that have the number at the top of the manifest",
    )
    moved.add_argument(
        "--stack-name",
        default=STACK,
        metavar="NAME",
        help=f"what the names of the app's stacks start with (default: {STACK}, as of app.py)",
    )
    for one in (explained, moved):
        one.add_argument(
            "--file", type=Path, metavar="FILE", help="the manifest, or a folder; by default the one of cdk.json"
        )
        one.add_argument("--json", action="store_true", help="print JSON")
    printed = actions.add_parser("schema", help="print the JSON Schema, for editors")
    printed.add_argument(
        "--comment", action="store_true", help="print the line that a YAML manifest starts with to name the schema"
    )
    return parser


def _stacks(text: str) -> int:
    """Read a number of stacks.

    Raises:
        argparse.ArgumentTypeError: if it is none.
    """
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_STACKS)) else 0
    if not 1 <= number <= MOST_STACKS:
        raise argparse.ArgumentTypeError(f"a number of stacks is wanted, 1 to {MOST_STACKS}; got {quoted(text)}")
    return number
