"""Checks template files: ``ecr-access rules TEMPLATE...``."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Final

from ecr_access.cli.console import Parser, tell, write_errors
from ecr_access.cli.rules.read import read
from ecr_access.cli.rules.report import Checked, counted, entries_of
from ecr_access.cli.rules.sarif import as_sarif
from ecr_access.cli.rules.text import as_json, as_text
from ecr_access.cli.statuses import DONE, FOUND, WRONG
from ecr_access.codes import Code
from ecr_access.iam.arns import is_account_id
from ecr_access.rules.existing import existing_errors
from ecr_access.rules.finding import Severity

PROG: Final = "ecr-access rules"
_FAILING: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}
_WRITERS: Final = {"text": as_text, "json": as_json, "sarif": as_sarif}
_EPILOG: Final = f"""\
examples:
  {PROG} cdk.out
  {PROG} stack.yaml network.json --format sarif > ecr.sarif

exit status: 0 nothing was found that fails (see --fail-on); 1 something was; 2 an argument is wrong, or a template
could not be read or has a key twice. The rest is checked then, and what may depend on what is missing is not reported.

All templates are read together, as one app: name all of an app's, or its folder cdk.out. What depends on values that
only the deployment knows is never reported as an error. What is meant is acknowledged in the app of the CDK, or in a
resource's metadata: {{"EcrAccess": {{"RULE": "the reason"}}}}.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().read(arguments)
    sources, wrong = read(given.templates, account=given.account or "", region=given.region or "")
    options = [*map(Code.RULES_OPTION.ends, existing_errors(given.existing))]
    failures = (*map(Code.TEMPLATE_UNREADABLE.ends, wrong), *options)
    is_checked = bool(sources) and not options
    if not is_checked and given.format != "sarif":  # an empty file would be no SARIF
        return write_errors(failures, as_json=given.format == "json")
    write_errors(failures, as_json=False)
    tell(f"checking {len(sources)} templates")
    known = {problem for one in sources for problem in one.problems}  # of templates that are read
    entries = entries_of(sources, given.existing, are_all=known.issuperset(wrong)) if is_checked else []
    sys.stdout.write(_WRITERS[given.format](Checked(entries, len(sources), failures)))
    if failures:
        return WRONG
    counts = counted(entries)
    return FOUND if any(counts[one] for one in _FAILING[given.fail_on]) else DONE


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Find errors of access to Amazon ECR in templates of CloudFormation, SAM and the CDK.",
        epilog=_EPILOG,
    )
    parser.add_argument("templates", nargs="+", metavar="TEMPLATE", help="a file, JSON or YAML, or a folder of them")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="text", help="default: text")
    parser.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    parser.add_argument(
        "--account", type=_account, metavar="ID", help="where they are deployed, unless cdk.out says it"
    )
    parser.add_argument("--region", type=_region, metavar="REGION", help="the same")
    parser.add_argument(
        "--existing", action="append", default=[], metavar="NAME",
        help="a repository that others make, * and ? as wildcards; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--fail-on", choices=tuple(_FAILING), default="error", help="what makes the exit status 1 (default: error)"
    )
    return parser


def _account(text: str) -> str:
    if not is_account_id(text):
        raise argparse.ArgumentTypeError(f"got {text!r}, allowed is an account id of 12 digits")
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", text):
        raise argparse.ArgumentTypeError(f"got {text!r}, allowed is a Region such as eu-central-1")
    return text
