"""Prints what the deployed checks of stacks found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from ecr_access.cli.check import output
from ecr_access.cli.check.deployed.errors import StackError
from ecr_access.cli.check.deployed.run import Result, results_of, results_of_all
from ecr_access.cli.console import failure, write_errors
from ecr_access.cli.statuses import FOUND, WRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.check.caller import Caller
    from ecr_access.cli.check.options import Options

_CHANGING: Final = ("_IN_PROGRESS", "_FAILED")


def of_stacks(given: Options, caller: Caller) -> str:
    """Ask the checks, print what they found, and return the verdict on all of it.

    A stack of which nothing is known makes it undetermined, unless something is denied.
    """
    results = _results(given, caller)
    failures = [one.failure for one in results if one.failure]
    findings = [(one.stack, finding) for one in results for finding in one.findings]
    verdict = output.overall_of(
        [
            *(output.verdict_of(finding) for _, finding in findings),
            *("undetermined" for _ in failures),
            *(output.ALLOWED_HERE for one in results if one.unseen),
        ]
    )
    if given.as_json:
        document: dict[str, Any] = {
            "verdict": verdict,
            "findings": [{"stack": stack, **output.fields(finding)} for stack, finding in findings],
            "unseen": [{"stack": one.stack, "repository": arn} for one in results for arn in one.unseen],
        }
        status = FOUND if verdict == "denied" else WRONG
        sys.stdout.write(output.as_json(document | (failure(failures, status) if failures else {})))
    elif findings:
        several = given.all_stacks or len(given.stacks) > 1
        stacks = [stack for stack, _ in findings] if several else []
        output.write_table([finding for _, finding in findings], sys.stdout, stacks=stacks)
    _remark(results, as_text=not given.as_json)
    write_errors(failures, as_json=False)
    if given.all_stacks and findings and not given.as_json:
        sys.stdout.write(f"{verdict}: {len(findings)} findings, stacks: {len(results)}\n")
    return verdict


def _results(given: Options, caller: Caller) -> list[Result]:
    if not given.all_stacks:
        return results_of(given.stacks, caller)
    try:
        return results_of_all(caller)
    except StackError as error:
        return [Result("", failure=str(error))]


def _remark(results: Sequence[Result], *, as_text: bool) -> None:
    for one in results:
        if as_text:
            sys.stdout.writelines(
                f"not verifiable from here: {arn}: its registry cannot be seen by the check of {one.stack}\n"
                for arn in one.unseen
            )
        if not (one.findings or one.failure):
            sys.stderr.write(f"note: the check of stack {one.stack} has nothing to prove\n")
        if one.status.endswith(_CHANGING):
            sys.stderr.write(f"note: stack {one.stack} is {one.status}: its template may not be what is deployed\n")
