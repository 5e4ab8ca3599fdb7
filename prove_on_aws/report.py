"""What a person sees: the plan, the progress, and the table at the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from prove_on_aws.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from prove_on_aws.journal import Resource
    from prove_on_aws.outcome import Finding
    from prove_on_aws.probe import Probe
    from prove_on_aws.sessions import Caller

_STYLES: Final = {Outcome.HELD: "green", Outcome.REFUTED: "bold red", Outcome.SKIPPED: "yellow"}
_COST: Final = (
    "cost: less than 0.01 USD. Roles, policies, stacks, empty repositories and the calls are free; an image of some "
    "hundred bytes, a few seconds of Lambda and a few lines of log are not, and round to nothing"
)


class Report:
    """Writes to a terminal with colour, to anything else plain text."""

    def __init__(self, console: Console | None = None) -> None:
        """Write to a console, standard output by default."""
        self._console = console or Console(highlight=False)

    def say(self, text: str, style: str = "") -> None:
        """Print a line, never wrapped."""
        self._console.print(Text(text, style), soft_wrap=True)

    def plan(self, caller: Caller, probes: Iterable[Probe], run: str) -> None:
        """Print who runs what, what it makes, how long it takes, and what it costs."""
        every = list(probes)
        self.say(f"account {caller.account}, Region {caller.region}, as {caller.arn}")
        self.say(f"makes, and removes again, resources named {run}-...:")
        for one in every:
            self.say(f"  {one.name} ({len(one.tries)}): {one.makes}")
        usual, longest = sum(one.usual for one in every), sum(one.at_most for one in every)
        self.say(f"time: some {usual / 60:.0f} minutes, {longest / 60:.0f} at most, and the removals")
        self.say(_COST)

    def listing(self, title: str, resources: Iterable[Resource]) -> None:
        """Print resources, one a line."""
        self.say(title)
        for one in resources:
            self.say(f"  {one.kind} {one.name} ({one.account}, {one.region})")

    def finding(self, name: str, finding: Finding) -> None:
        """Print a finding as soon as it is known."""
        self.say(f"    {finding.outcome.value}: {name}", _STYLES[finding.outcome])

    def table(self, found: Mapping[str, Finding]) -> None:
        """Print every finding with its note, and the counts."""
        table = Table(header_style="bold")
        for column in ("assumption", "outcome", "why"):
            table.add_column(column, overflow="fold")
        for name, finding in found.items():
            table.add_row(name, Text(finding.outcome.value, _STYLES[finding.outcome]), Text(finding.note))
        self._console.print(table)
        counts = {one: sum(finding.outcome is one for finding in found.values()) for one in Outcome}
        self.say(", ".join(f"{number} {one.value}" for one, number in counts.items()))


def write_json(path: Path, found: Mapping[str, Finding]) -> None:
    """Write the findings for a program."""
    entries = {name: {"outcome": one.outcome.value, "note": one.note} for name, one in found.items()}
    path.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
