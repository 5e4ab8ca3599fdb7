"""The command: ``ecr-access diagnose TEXT``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, painted, write_errors
from ecr_access.cli.statuses import DONE, WRONG
from ecr_access.codes import Code
from ecr_access.diagnosis.recognise import diagnose, read_only
from ecr_access.diagnosis.report import NOT_RECOGNISED, as_document, as_text, values

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access diagnose"
_NO_TEXT: Final = Code.NO_TEXT.ends(
    "there is no text; got nothing; allowed: the error as arguments, or on standard input"
)

# argparse writes out what it does not know, and a text without quotes has options of its own: passwords.
_JSON: Final = "--json"
_HELP: Final = frozenset({"-h", "--help"})
_OPTIONS: Final = frozenset({_JSON, "--"})

_EPILOG: Final = """\
examples:
  ecr-access diagnose "no basic auth credentials"
  docker push IMAGE 2>&1 | ecr-access diagnose

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
    text = _text([one for one in given if one not in _OPTIONS])
    if not text.strip():
        sys.stderr.write(_parser().format_usage())
        raise SystemExit(write_errors([_NO_TEXT], as_json=_JSON in given))
    found = diagnose(text)
    if _JSON in given:
        document = as_document(found) if found else {"recognised": False, "values": values(read_only(text))}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        head, line, rest = (as_text(found) if found else NOT_RECOGNISED).partition("\n")
        sys.stdout.write(f"{painted(head, 'bold', sys.stdout)}{line}{rest}")
    return DONE if found else WRONG


def _text(words: list[str]) -> str:
    if words and words != ["-"]:
        return " ".join(words)
    if not words and sys.stdin.isatty():
        return ""
    # Bytes, since the logs of others have every encoding.
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


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
    return parser
