"""What the command prints: a table and the fixes, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TextIO

from ecr_access.check.finding import Verdict
from ecr_access.check.log_findings import entry
from ecr_access.cli.console import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecr_access.check.finding import Finding

ALLOWED_HERE: Final = "allowed here"
"""The verdict where this account's side allows it, and the other account's cannot be seen with these credentials."""

_STYLES: Final = {"denied": "red", "undetermined": "yellow", ALLOWED_HERE: "yellow", "allowed": "green"}


def write_json(findings: Sequence[Finding], to: TextIO) -> None:
    """Write the findings as the function's log has them, and what all of them come to."""
    to.write(as_json({"verdict": overall(findings), "findings": [fields(one) for one in findings]}))


def as_json(document: object) -> str:
    """Write a document as every answer of the command is written."""
    return json.dumps(document, indent=2) + "\n"


def fields(one: Finding) -> dict[str, str]:
    """Return a finding as an object."""
    return entry(one) | {"verdict": verdict_of(one)}


def write_table(findings: Sequence[Finding], to: TextIO, *, stacks: Sequence[str] = ()) -> None:
    """Write a row a finding, then what to do about each that is not allowed, in lines that are never broken.

    Args:
        findings: all of them.
        to: where.
        stacks: the stack of each, for a column of its own. Default: no column.
    """
    places = [*stacks] or [""] * len(findings)
    header = ("verdict", *(["stack"] if stacks else []), "principal", "access", "repository")
    rows = [_row(one, place) for one, place in zip(findings, places, strict=True)]
    to.write(table(header, rows, _STYLES, to) + "\n")
    wrong = [pair for pair in zip(findings, places, strict=True) if pair[0].verdict is not Verdict.ALLOWED]
    for number, (one, place) in enumerate(wrong, start=1):
        where = f"{place}: " if place else ""
        to.write(f"{number}. {where}{one.principal}, {one.access} on {one.repository or '*'}\n   {one.cause}\n")
        to.write(f"   fix: {one.fix}\n\n")
    to.writelines(f"not verifiable from here: {one.elsewhere}\n" for one in findings if verdict_of(one) == ALLOWED_HERE)


def _row(one: Finding, stack: str) -> tuple[str, ...]:
    where = (stack,) if stack else ()
    return (verdict_of(one), *where, _short(one.principal), one.access, _short(one.repository) or "*")


def verdict_of(one: Finding) -> str:
    """Return a finding's verdict; one that rests on this account's side alone says so."""
    return ALLOWED_HERE if one.verdict is Verdict.ALLOWED and one.elsewhere else one.verdict.value


def overall(findings: Sequence[Finding]) -> str:
    """Return what all findings come to: a denial outweighs a doubt, and a doubt what is allowed."""
    return overall_of(verdict_of(one) for one in findings)


def overall_of(verdicts: Iterable[str]) -> str:
    """Return what several verdicts come to."""
    given = {*verdicts}
    return next(one for one in _STYLES if one in given or one == "allowed")


def _short(arn: str) -> str:
    """Return what follows the account: ``role/build``, ``repository/team/web``."""
    return arn.split(":", 5)[-1].removeprefix("repository/")
