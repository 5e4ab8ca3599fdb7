"""The command line, as its own ``--help`` has it."""

from __future__ import annotations

import argparse
import os
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO
from typing import TYPE_CHECKING, Final
from unittest import mock

from ecr_access.cli.main import COMMANDS, main

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The width that fits a page, and no colours, which Python 3.14 has argparse print on a terminal.
_ENVIRONMENT: Final = {"COLUMNS": "80", "NO_COLOR": "1"}


def help_texts() -> str:
    """Return a section for each command and each of its subcommands."""
    return "\n".join(_section(words) for words in commands())


def commands() -> list[list[str]]:
    """Return the words of every command and subcommand, such as ``["manifest", "validate"]``."""
    return [words for name in COMMANDS for words in ([name], *([name, one] for one in _subcommands(name)))]


def _section(words: Sequence[str]) -> str:
    return f"{'#' * (len(words) + 1)} ecr-access {' '.join(words)}\n\n```text\n{help_of(words)}\n```\n"


def help_of(words: Sequence[str]) -> str:
    """Return what ``--help`` of a command prints."""
    printed = StringIO()
    with mock.patch.dict(os.environ, _ENVIRONMENT), redirect_stdout(printed), suppress(SystemExit):
        main([*words, "--help"])
    return printed.getvalue().rstrip()


def _subcommands(name: str) -> list[str]:
    """Return the subcommands of a command, from the parser that it builds."""
    with _parsers() as made:
        help_of([name])
    parts = [action for parser in made for action in parser._actions]  # noqa: SLF001 -- argparse has no other way
    return [one for action in parts if isinstance(action, argparse._SubParsersAction) for one in action.choices]  # noqa: SLF001


@contextmanager
def _parsers() -> Iterator[list[argparse.ArgumentParser]]:
    """Collect the parsers that are asked to parse."""
    made: list[argparse.ArgumentParser] = []
    parse = argparse.ArgumentParser.parse_known_args

    def collect(parser: argparse.ArgumentParser, *arguments: object, **named: object) -> object:
        made.append(parser)
        return parse(parser, *arguments, **named)

    with mock.patch.object(argparse.ArgumentParser, "parse_known_args", collect):
        yield made
