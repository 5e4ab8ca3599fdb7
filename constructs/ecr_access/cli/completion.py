"""Prints what completes the command in a shell: ``ecr-access completion SHELL``."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ecr_access.cli.console import Parser, write_errors
from ecr_access.cli.main import COMMANDS
from ecr_access.cli.statuses import DONE
from ecr_access.codes import Code

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

PROG: Final = "ecr-access completion"
SHELLS: Final = ("bash", "zsh", "fish")
_FILES: Final = frozenset({"FILE", "TEMPLATE"})
_FOLDERS: Final = frozenset({"FOLDER"})
_EPILOG: Final = f"""\
examples:
  {PROG} bash > ~/.local/share/bash-completion/completions/ecr-access
  {PROG} zsh > ~/.zsh/completions/_ecr-access    # a folder of $fpath
  {PROG} fish > ~/.config/fish/completions/ecr-access.fish

What is printed needs nothing but the shell. To print it takes the extra: pip install 'ecr-access[completion]'

exit status: 0 it is printed; 2 the extra is not installed, or an argument is wrong.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    shell = _parser().read(arguments).shell
    try:
        import shtab
    except ModuleNotFoundError:
        missing = Code.COMPLETION_MISSING.ends("completion needs shtab: pip install 'ecr-access[completion]'")
        return write_errors([missing], as_json=False)
    sys.stdout.write(f"{shtab.complete(_every_command(shtab), shell)}\n")
    return DONE


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Print a script that completes ecr-access in a shell.",
        epilog=_EPILOG,
    )
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    return parser


def _every_command(shtab: Any) -> argparse.ArgumentParser:
    """Join the parsers of the commands to one of the whole, which says where a file or a folder is wanted."""
    parser = Parser(prog="ecr-access")
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = _parser_of(command.module)
        _complete(own, shtab)
        commands.add_parser(name, parents=[own], add_help=False, description=command.summary, help=command.summary)
    return parser


def _parser_of(module: str) -> Parser:
    """Return the parser of a command, which is in its module, or beside that in ``options``."""
    found: Any = import_module(module)
    parser: Parser = getattr(found, "options", found)._parser()  # noqa: SLF001 -- of a command of ours
    return parser


def _complete(parser: argparse.ArgumentParser, shtab: Any) -> None:
    for action in parser._actions:  # noqa: SLF001 -- argparse has no other way to list them
        if isinstance(action.choices, dict):  # the actions of a command, such as validate
            for one in action.choices.values():
                _complete(one, shtab)
        elif action.metavar in _FILES:
            vars(action)["complete"] = shtab.FILE
        elif action.metavar in _FOLDERS:
            vars(action)["complete"] = shtab.DIRECTORY
