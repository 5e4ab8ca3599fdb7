"""The command: ``ecr-access init FOLDER``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, write_errors
from ecr_access.cli.init.project import Kind, in_the_way, project_files, write
from ecr_access.cli.statuses import DONE
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access init"
_EPILOG: Final = f"""\
examples:
  {PROG} images
  {PROG} --manifest images
  cd images && {PROG}

The app declares one repository, a role that pushes to it and a role that pulls from it. It has tests with a snapshot,
the rules of access, a workflow of GitHub that deploys without a stored key, hooks of pre-commit and a README. Account
and Region come from the CDK CLI. Nothing is installed, and nothing is asked of AWS.

exit status: 0 the app is written; 2 files are in its way, one could not be written, or an argument is wrong: nothing
has changed then.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    options = _parser().read(arguments)
    folder: Path = options.folder
    files = project_files(options.kind)
    if found := in_the_way(folder, files):
        listed = "".join(f"\n  {one}" for one in found)
        return _refused(f"nothing was written, since these exist; move them away, or name another folder:{listed}")
    try:
        write(folder, files)
    except OSError as error:
        where, why = error.filename or folder, str(error.strerror or error).lower()
        return _refused(f"nothing was written, since {where} cannot be: {why}; name another folder")
    written = "".join(f"  {path}\n" for path in files)
    sys.stdout.write(f"written into {folder}:\n{written}\nnext:\n{_next(folder)}")
    return DONE


def _refused(why: str) -> int:
    return write_errors([Code.NOT_WRITTEN.ends(why)], as_json=False)


def _next(folder: Path) -> str:
    enter = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    return (
        f"  {enter}python3 -m venv .venv && . .venv/bin/activate\n"
        "  pip install -r requirements.txt && npm ci && ln -sf ../../node_modules/.bin/cdk .venv/bin/\n"
        "  python -m pytest && ecr-access local -- cdk deploy --all --require-approval never\n"
    )


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Write a small CDK app that declares Amazon ECR repositories, with everything around it.",
        epilog=_EPILOG,
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--python",
        dest="kind",
        action="store_const",
        const=Kind.PYTHON,
        default=Kind.PYTHON,
        help="repositories are declared in Python (default)",
    )
    kinds.add_argument(
        "--manifest",
        dest="kind",
        action="store_const",
        const=Kind.MANIFEST,
        help="repositories are declared in a manifest, repositories.yaml",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="where to write, made if it is missing (default: the working directory)",
    )
    return parser
