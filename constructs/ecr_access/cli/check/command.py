"""Reports whether a principal can pull or push: ``ecr-access check --principal ARN --repository NAME``."""

from __future__ import annotations

import sys
from typing import Final

from ecr_access.cli.check import options
from ecr_access.cli.check.caller import of_environment, role_of
from ecr_access.cli.check.errors import NotCheckedError

_UNDETERMINED: Final = 2
_INTERRUPTED: Final = 130
_DENIED: Final = 1


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    try:
        return _check(options.parse(arguments))
    except NotCheckedError as error:
        sys.stderr.write(f"error: {error}\n")
        return _UNDETERMINED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _check(given: options.Options) -> int:
    caller = of_environment(profile=given.profile, region=given.region)
    # Only now: all of it needs botocore, whose absence is told above.
    from ecr_access.cli.check import from_options, output, verdict

    request = from_options.request_of(given, caller=caller.arn, place=caller.place)
    for arn in given.principals or (caller.arn,):
        if (role := role_of(arn)) != arn:
            sys.stderr.write(f"note: {arn} is a session of {role}; if that role has a path, name its whole ARN\n")
    if sys.stderr.isatty():
        sys.stderr.write(f"asking IAM and ECR as {caller.arn}, for up to {given.timeout:.0f} s\n")
    findings = verdict.findings_on(request, caller, timeout=given.timeout)
    (output.write_json if given.as_json else output.write_table)(findings, sys.stdout)
    verdict_of_all = output.overall(findings)
    halves = _UNDETERMINED if given.both_sides else 0
    statuses = {"allowed": 0, output.ALLOWED_HERE: halves, "denied": _DENIED, "undetermined": _UNDETERMINED}
    return statuses[verdict_of_all]
