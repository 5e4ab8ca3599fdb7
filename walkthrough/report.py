"""What the walkthrough prints: a line a step with the time it took, and under it what a person should see."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.status import Status

_STEPS = 8
_INDENT = "    "


class Report:
    """Writes to a terminal with colour and a moving line, to anything else plain text."""

    def __init__(self, picture: Console | None = None) -> None:
        """Write to standard output, and to a console that keeps what is meant to last, in lines of its own width."""
        self._console = Console(highlight=False)
        self._picture = picture
        self._under: list[str | Table] = []
        self._label = ""
        self._status: Status | None = None

    @contextlib.contextmanager
    def step(self, number: int, title: str) -> Iterator[None]:
        """Announce a step, time it, and print its line and what goes under it when it ends."""
        self._label = f"{number}/{_STEPS} {title}"
        begin = time.monotonic()
        try:
            with self._moving():
                yield
        except Exception:
            self._end("failed", "bold red", begin)
            raise
        except BaseException:
            self._end("interrupted", "bold yellow", begin)
            raise
        self._end("ok", "bold green", begin)

    def progress(self, line: str) -> None:
        """Show what is going on now, where there is a terminal to show it for a moment."""
        if self._status is not None and line.strip():
            room = self._console.width - len(_INDENT) - 1
            self._status.update(Text(self._label).append(f"\n{_INDENT}{line.strip()[:room]}", "dim"))

    def detail(self, text: str) -> None:
        """Print a line under the current step's, never wrapped: it may have an ARN."""
        self._under.append(text)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table under the current step's line."""
        table = Table(header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._under.append(table)

    def say(self, text: str) -> None:
        """Print a text as it is, never wrapped, so that it can be copied."""
        self._print(Text(text))

    @contextlib.contextmanager
    def _moving(self) -> Iterator[None]:
        if not self._console.is_terminal:
            self._console.print(Text(f"{self._label} ..."), soft_wrap=True)
            yield
            return
        with self._console.status(Text(self._label)) as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None

    def _end(self, verdict: str, style: str, begin: float) -> None:
        seconds = f"{time.monotonic() - begin:.1f} s"
        self._print(Text(f"{self._label}: ").append(verdict, style).append(f" ({seconds})"))
        under, self._under = self._under, []
        for item in under:
            if isinstance(item, str):
                self._print(Text(item), indent=_INDENT)
            else:
                self._print(item, indent=_INDENT)

    def _print(self, item: Text | Table, indent: str = "") -> None:
        padded = Padding(item, (0, 0, 0, len(indent)))
        if isinstance(item, Table):
            self._console.print(padded)
        else:
            self._console.print(Text(indent) + item, soft_wrap=True)
        if self._picture is not None:
            self._picture.print(padded)
