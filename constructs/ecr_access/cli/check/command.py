"""Reports whether principals can pull or push: ``ecr-access check --repository NAME``, or ``--stack NAME``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from ecr_access.cli.check import options
from ecr_access.cli.check.caller import of_environment, role_of
from ecr_access.cli.check.errors import NotCheckedError
from ecr_access.cli.console import tell, write_errors
from ecr_access.cli.statuses import DONE, FOUND, WRONG

if TYPE_CHECKING:
    from ecr_access.cli.check.caller import Caller

_UNDETERMINED: Final = WRONG


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status.

    Raises:
        SystemExit: with status 2 if an argument is wrong, after saying which; with 0 after ``--help``.
    """
    given = options.parse(arguments)
    try:
        return _check(given)
    except NotCheckedError as error:
        return write_errors([str(error)], as_json=given.as_json)


def _check(given: options.Options) -> int:
    caller = of_environment(profile=given.profile, region=given.region)
    # Only now: all of it needs botocore, whose absence is told above.
    if given.is_of_stacks:
        from ecr_access.cli.check.deployed import report

        verdict_of_all = report.of_stacks(given, caller)
    else:
        verdict_of_all = _of_principals(given, caller)
    halves = _UNDETERMINED if given.both_sides else DONE
    statuses = {"allowed": DONE, "allowed here": halves, "denied": FOUND, "undetermined": _UNDETERMINED}
    return statuses[verdict_of_all]


def _of_principals(given: options.Options, caller: Caller) -> str:
    from ecr_access.cli.check import from_options, output, verdict

    request = from_options.request_of(given, caller=caller.arn, place=caller.place)
    for arn in given.principals or (caller.arn,):
        if (role := role_of(arn)) != arn:
            sys.stderr.write(f"note: {arn} is a session of {role}; if that role has a path, name its whole ARN\n")
    tell(f"asking IAM and ECR as {caller.arn}, for up to {given.timeout:.0f} s")
    findings = verdict.findings_on(request, caller, timeout=given.timeout)
    (output.write_json if given.as_json else output.write_table)(findings, sys.stdout)
    return output.overall(findings)
