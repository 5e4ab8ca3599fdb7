"""The command: ``ecr-access explain CODE``."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, write_errors
from ecr_access.cli.explain.page import written
from ecr_access.cli.explain.situations import by_code, groups
from ecr_access.cli.statuses import DONE
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.explain.situations import Situation

PROG: Final = "ecr-access explain"
_WIDTH: Final = 100
_EPILOG: Final = f"""\
examples:
  {PROG} ECR-ACCESS-403
  {PROG} 403 404
  {PROG} --all > errors.md

exit status: 0 every code is explained; 2 there is no such code, or none is given.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().read(arguments)
    if given.all:
        sys.stdout.write(written(groups()))
        return DONE
    if not given.codes:
        wrong = "no code is given; allowed: a code such as ECR-ACCESS-403, or --all"
        return write_errors([wrong], as_json=given.json)
    known = by_code()
    codes = [_full(one) for one in given.codes]
    if unknown := [
        f"no code {quoted(text)}{did_you_mean(code, known)}"
        for text, code in zip(given.codes, codes, strict=True)
        if code not in known
    ]:
        return write_errors([f"{'; '.join(unknown)}; list all with --all"], as_json=given.json)
    found = [known[one] for one in codes]
    sys.stdout.write(_as_json(found) if given.json else "\n".join(map(_as_text, found)))
    return DONE


def _full(text: str) -> str:
    """Complete what is typed of a code: its number, without the brackets of a message, in any case."""
    digits = re.fullmatch(r"\[?(?:ecr-access-)?(\d+)\]?", text.strip(), re.IGNORECASE)
    return f"ECR-ACCESS-{digits[1]}" if digits else text


def _as_text(one: Situation) -> str:
    steps = [textwrap.fill(step, _WIDTH, initial_indent="  - ", subsequent_indent="    ") for step in one.fix]
    see = [f"See docs/{page}" for page in one.see]
    return "\n".join([f"{one.code}: {one.title}", "", textwrap.fill(one.means, _WIDTH), "", *steps, *see, ""])


def _as_json(found: Sequence[Situation]) -> str:
    documents = [
        {"code": str(one.code), "title": one.title, "means": one.means, "fix": one.fix, "see": one.see} for one in found
    ]
    return json.dumps(documents, indent=2) + "\n"


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Explain the code that an error of this library ends with: what it means and what to do.",
        epilog=_EPILOG,
    )
    parser.add_argument("codes", nargs="*", metavar="CODE", help="a code, or its number")
    parser.add_argument("--all", action="store_true", help="print all codes as a page in Markdown")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
