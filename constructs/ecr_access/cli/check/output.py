"""What the command prints: a table and the fixes, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TextIO

from ecr_access.check.finding import Verdict
from ecr_access.check.log_findings import entry
from ecr_access.cli.console import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.check.finding import Finding

ALLOWED_HERE: Final = "allowed here"
"""The verdict where this account's side allows it, and the other account's cannot be seen with these credentials."""

_STYLES: Final = {"denied": "red", "undetermined": "yellow", ALLOWED_HERE: "yellow", "allowed": "green"}


def write_json(findings: Sequence[Finding], to: TextIO) -> None:
    """Write the findings as the function's log has them, and what all of them come to."""
    entries = [entry(one) | {"verdict": verdict_of(one)} for one in findings]
    document = {"verdict": overall(findings), "findings": entries}
    to.write(json.dumps(document, indent=2) + "\n")


def write_table(findings: Sequence[Finding], to: TextIO) -> None:
    """Write a row a finding, then what to do about each that is not allowed, in lines that are never broken."""
    rows = [(verdict_of(one), _short(one.principal), one.access, _short(one.repository) or "*") for one in findings]
    to.write(table(("verdict", "principal", "access", "repository"), rows, _STYLES, to) + "\n")
    for number, one in enumerate([one for one in findings if one.verdict is not Verdict.ALLOWED], start=1):
        to.write(f"{number}. {one.principal}, {one.access} on {one.repository or '*'}\n   {one.cause}\n")
        to.write(f"   fix: {one.fix}\n\n")
    to.writelines(f"not verifiable from here: {one.elsewhere}\n" for one in findings if verdict_of(one) == ALLOWED_HERE)


def verdict_of(one: Finding) -> str:
    """Return a finding's verdict; one that rests on this account's side alone says so."""
    return ALLOWED_HERE if one.verdict is Verdict.ALLOWED and one.elsewhere else one.verdict.value


def overall(findings: Sequence[Finding]) -> str:
    """Return what all findings come to: a denial outweighs a doubt, and a doubt what is allowed."""
    verdicts = {verdict_of(one) for one in findings}
    return next(one for one in _STYLES if one in verdicts or one == "allowed")


def _short(arn: str) -> str:
    """Return what follows the account: ``role/build``, ``repository/team/web``."""
    return arn.split(":", 5)[-1].removeprefix("repository/")
