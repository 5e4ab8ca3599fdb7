"""Compares two templates, or two syntheses of an app: ``ecr-access migrate OLD NEW``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser, tell, write_errors
from ecr_access.cli.migrate.pairs import pairs
from ecr_access.cli.migrate.text import as_document, as_text
from ecr_access.cli.statuses import DONE, FOUND
from ecr_access.rules.migration.compare import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG: Final = "ecr-access migrate"
_EPILOG: Final = f"""\
examples:
  {PROG} cdk.out.before cdk.out
  {PROG} deployed.json cdk.out/Images.template.json --json

The old and the new one, of a synthesis or of AWS:
  cdk synth -q -o cdk.out.before, of the app as it is deployed; cdk synth -q, with the new class
  aws cloudformation get-template --stack-name Images --query TemplateBody > deployed.json

Per repository: in place, replaced and why, removed from the stack, or new; which settings and policy statements change;
and the arguments of AccessibleRepository that keep each setting as it was. The policies of roles, users and groups are
compared as well, and the exports that other stacks import. "-" is a statement that goes, "+" one that comes. "?" and
"undetermined" depend on values that only the deployment knows. Nothing is asked of AWS.

exit status: 0 every repository stays in place; 1 one is replaced, lost or undetermined, or an export goes that a stack
imports; 2 a template cannot be read, or an argument is wrong.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().read(arguments)
    before, after, wrong = pairs(given.old, given.new)
    if wrong:
        return write_errors(wrong, as_json=given.json)
    tell(f"comparing {len(before)} old templates with {len(after)} new ones")
    plan = compare(before, after)
    sys.stdout.write(json.dumps(as_document(plan), indent=2) + "\n" if given.json else as_text(plan, sys.stdout))
    return DONE if plan.is_safe else FOUND


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Tell what deploying a changed template does to Amazon ECR repositories and to the access to them.",
        epilog=_EPILOG,
    )
    parser.add_argument("old", metavar="OLD", help="the template that is deployed, or a folder such as cdk.out")
    parser.add_argument("new", metavar="NEW", help="the template that is to be deployed, or a folder")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
