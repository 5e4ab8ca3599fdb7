"""What all commands share on a terminal: colours, errors as text and as JSON, and arguments that are misspelt."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

from ecr_access.cli.statuses import WRONG
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_JSON: Final = "--json"
_FORMAT: Final = "--format"
_STYLES: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}
_CHOICE: Final = re.compile(r"invalid choice: '(?P<given>.*)' \(choose from (?P<known>.*)\)", re.DOTALL)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at a stream, and wants colours: see https://no-color.org."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, style: str, stream: TextIO) -> str:
    """Colour a text, on a terminal alone; ``style`` is ``bold``, ``red``, ``green`` or ``yellow``."""
    return f"\033[{_STYLES[style]}m{text}\033[0m" if is_terminal(stream) else text


def table(header: Sequence[str], rows: Sequence[Sequence[str]], styles: Mapping[str, str], to: TextIO) -> str:
    """Write rows in columns under a header on a terminal, and elsewhere with tabs between the cells, for programs.

    Args:
        header: what the columns are called.
        rows: of as many cells.
        styles: how to paint a row's first cell, by its text.
        to: where it is written.
    """
    if not to.isatty():
        return "".join("\t".join(row) + "\n" for row in rows)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (header, *rows)]
    lines[0] = [painted(cell, "bold", to) for cell in lines[0]]
    for line, row in zip(lines[1:], rows, strict=True):
        line[0] = painted(line[0], styles[row[0]], to) if row[0] in styles else line[0]
    return "".join("  ".join(line).rstrip() + "\n" for line in lines)


def tell(message: str) -> None:
    """Report progress of long work on standard error, on a terminal alone: a log needs none of it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()


def is_json_wanted(arguments: Sequence[str]) -> bool:
    """Whether arguments ask for JSON, even if others of them are wrong."""
    ours = own(arguments)
    return _JSON in ours or f"{_FORMAT}=json" in ours or (_FORMAT, "json") in pairwise(ours)


def own(arguments: Sequence[str]) -> Sequence[str]:
    """Return what stands before ``--``."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def write_errors(messages: Iterable[str], *, as_json: bool, status: int = WRONG) -> int:
    """Write errors to standard error and, where JSON was asked for, as an object to standard output.

    Returns:
        The exit status, as given.
    """
    written = [*messages]
    sys.stderr.writelines(f"{painted('error:', 'red', sys.stderr)} {one}\n" for one in written)
    if as_json:
        sys.stdout.write(json.dumps(failure(written, status), indent=2) + "\n")
    return status


def failure(messages: Sequence[str], status: int = WRONG) -> dict[str, Any]:
    """Return errors as every command writes them in JSON."""
    return {"failure": {"status": status, "messages": [*messages]}}


class _WrongArgumentError(Exception):
    """An argument is wrong; the text says which."""

    def __init__(self, usage: str, message: str) -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """Reads arguments; options are never shortened, so that a new one breaks no script."""

    def __init__(self, **settings: Any) -> None:
        """Take what ``argparse`` does: ``prog``, ``description``, ``epilog``, ``usage``."""
        super().__init__(**{"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False, **settings})

    def read(self, arguments: Sequence[str] | None) -> argparse.Namespace:
        """Read the arguments. Default: the arguments of the process.

        Raises:
            SystemExit: with status 2 if one is wrong, after saying which; with 0 after ``--help``.
        """
        given = sys.argv[1:] if arguments is None else arguments
        try:
            found, unknown = self.parse_known_args(given)
            if unknown:
                self.error(f"unrecognized arguments: {' '.join(unknown)}")
        except _WrongArgumentError as wrong:
            sys.stderr.write(wrong.usage)
            message = f"{wrong}{self._meant(given, str(wrong))}"
            raise SystemExit(write_errors([message], as_json=is_json_wanted(given))) from None
        return found

    def error(self, message: str) -> NoReturn:
        """Raise what ``read`` reports, with the nearest choice where one is misspelt."""
        choice = _CHOICE.search(message)
        near = did_you_mean(choice["given"], re.findall(r"[\w-]+", choice["known"])) if choice else ""
        raise _WrongArgumentError(self.format_usage(), f"{message}{near}")

    def _meant(self, given: Sequence[str], message: str) -> str:
        """Write what an option that is none was meant to be: it may be why another one is missing."""
        known = [*self._options()]
        options = [one.partition("=")[0] for one in own(given) if one.startswith("--")]
        unknown = next((one for one in options if one not in known), "")
        got = f"; got {quoted(unknown)}" if unknown not in message else ""
        return f"{got}{did_you_mean(unknown, known)}" if unknown else ""

    def _options(self) -> Iterator[str]:
        yield from self._option_string_actions
        for action in self._actions:
            for parser in action.choices.values() if isinstance(action.choices, dict) else ():
                yield from parser._option_string_actions  # noqa: SLF001 -- of the same class
