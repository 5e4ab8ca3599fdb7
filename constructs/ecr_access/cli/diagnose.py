"""The command: ``ecr-access diagnose TEXT``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, painted, write_errors
from ecr_access.cli.statuses import DONE, WRONG
from ecr_access.codes import Code
from ecr_access.diagnosis.recognise import diagnose, read_only
from ecr_access.diagnosis.report import NOT_RECOGNISED, as_document, as_text, values

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access diagnose"
_NO_TEXT: Final = "there is no text; got nothing; allowed: the error as arguments, in a file, or on standard input"

# argparse writes out what it does not know, and a text without quotes has options of its own: passwords.
_JSON: Final = "--json"
_HELP: Final = frozenset({"-h", "--help"})
_OPTIONS: Final = frozenset({_JSON, "--"})
# Only as the first word: a text without quotes may be "docker build --file Dockerfile ...".
_FILE: Final = "--file"
_LONGEST_PATH: Final = 4_096

_EPILOG: Final = """\
examples:
  ecr-access diagnose "no basic auth credentials"
  docker push IMAGE 2>&1 | ecr-access diagnose
  ecr-access diagnose --file build.log

Nothing is asked of AWS, and nothing is stored. No line of the text is printed again, since it may hold a password: only
the words of the error that is recognised, and the names, ARNs and ids that were read. What the text does not tell is in
capitals in the commands: ACCOUNT, REGION, NAME, TAG, ARN. Of a text of more than 200,000 characters, the last 200,000
are read. An argument that is no option is text; other users of the machine see arguments, and not standard input.

exit status: 0 the error is recognised; 2 it is not, or there is no text.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if there is no text, after saying so; with 0 after ``--help``.
    """
    given = sys.argv[1:] if argv is None else argv
    if _HELP & {*given}:
        _parser().read(["--help"])
    wrong, text = "", ""
    try:
        text = _text([one for one in given if one not in _OPTIONS])
        wrong = "" if text.strip() else _NO_TEXT
    except OSError as error:
        # Not its message, which has the path: an argument is never printed.
        wrong = f"the file cannot be read: {error.strerror or type(error).__name__}"
    if wrong:
        sys.stderr.write(_parser().format_usage())
        raise SystemExit(write_errors([Code.NO_TEXT.ends(wrong)], as_json=_JSON in given))
    found = diagnose(text)
    if _JSON in given:
        document = as_document(found) if found else {"recognised": False, "values": values(read_only(text))}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        head, line, rest = (as_text(found) if found else NOT_RECOGNISED).partition("\n")
        sys.stdout.write(f"{painted(head, 'bold', sys.stdout)}{line}{rest}")
    return DONE if found else WRONG


def _text(words: list[str]) -> str:
    if path := _path(words):
        return path.read_bytes().decode("utf-8", errors="replace")
    if words and words != ["-"]:
        return " ".join(words)
    if not words and sys.stdin.isatty():
        return ""
    # Bytes, since the logs of others have every encoding.
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def _path(words: list[str]) -> Path | None:
    """Return the file that is meant: after ``--file``, or the one argument that is the name of one."""
    first = words[0] if words else ""
    if first.startswith(f"{_FILE}="):
        return Path(first.removeprefix(f"{_FILE}="))
    if first == _FILE and len(words) == 2:  # noqa: PLR2004 -- the option and its value
        return Path(words[1])
    if len(words) != 1 or len(first) > _LONGEST_PATH or "\n" in first or "\0" in first:
        return None
    try:
        return Path(first) if Path(first).is_file() else None
    except OSError:  # a name that is too long for a file is a text
        return None


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Tell from the text of an error what keeps an image from being pushed to, or pulled from, Amazon "
        "ECR: 404, 403, 429 or something else, why, and what to do.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "text", nargs="*", metavar="TEXT", help="what was printed; standard input if it is - or left out"
    )
    parser.add_argument(_JSON, action="store_true", help="print JSON")
    parser.add_argument(_FILE, metavar="FILE", help="read the text from a file; must come first")
    return parser
