"""What the command prints: a table and the fixes, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TextIO

from access_check.finding import Verdict
from access_check.report import entry
from cdk_ecr_access.check.errors import NotCheckedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from access_check.finding import Finding

_STYLES: Final = {Verdict.ALLOWED: "green", Verdict.DENIED: "bold red", Verdict.UNDETERMINED: "yellow"}


def write_json(findings: Sequence[Finding], to: TextIO) -> None:
    """Write the findings as the function's log has them, and what all of them come to."""
    document = {"verdict": overall(findings).value, "findings": [entry(one) for one in findings]}
    to.write(json.dumps(document, indent=2) + "\n")


def write_table(findings: Sequence[Finding], to: TextIO) -> None:
    """Write a row a finding, then what to do about each that is not allowed.

    Raises:
        NotCheckedError: without rich.
    """
    try:
        from rich import box  # noqa: PLC0415 -- is an extra
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415
    except ImportError as error:
        raise NotCheckedError(
            f"rich is missing ({error}); add --json, or run: pip install 'cdk-ecr-access[check]'"
        ) from None

    console = Console(file=to, highlight=False)
    table = Table("verdict", "principal", "access", "repository", box=box.SIMPLE_HEAD, pad_edge=False)
    for one in findings:
        verdict = Text(one.verdict.value, style=_STYLES[one.verdict])
        table.add_row(verdict, _short(one.principal), one.access, _short(one.repository) or "*")
    console.print(table)
    # Whole lines, however narrow the terminal: what is to be copied must not be broken.
    for number, one in enumerate([one for one in findings if one.verdict is not Verdict.ALLOWED], start=1):
        for words in (f"{number}. {one.principal}, {one.access} on {one.repository or '*'}", f"   {one.cause}"):
            console.print(Text(words), soft_wrap=True)
        console.print(Text(f"   fix: {one.fix}\n"), soft_wrap=True)
    for one in findings:
        if one.verdict is Verdict.ALLOWED and one.elsewhere:
            console.print(Text(f"not verifiable from here: {one.elsewhere}"), soft_wrap=True)


def overall(findings: Sequence[Finding]) -> Verdict:
    """Return what all findings come to: a denial outweighs a doubt."""
    verdicts = {one.verdict for one in findings}
    return next((one for one in (Verdict.DENIED, Verdict.UNDETERMINED) if one in verdicts), Verdict.ALLOWED)


def _short(arn: str) -> str:
    """Return what follows the account: ``role/build``, ``repository/team/web``."""
    return arn.split(":", 5)[-1].removeprefix("repository/")
