"""Compares the ratios of a run with those that were written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.section import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ROOM: Final = 1.25
"""How much more than what was written down a ratio may be: machines are noisy, and a quarter more is no noise."""

Ratios = dict[str, dict[str, float]]
"""By section, by name; each is ours of a peer's in the same run, so that less is better."""


@dataclass(frozen=True)
class Compared:
    """One ratio beside the one that was written down, if it was."""

    section: str
    name: str
    written: float | None
    now: float

    @property
    def is_worse(self) -> bool:
        """Whether it is worse beyond the noise; what was never written down is not."""
        return self.written is not None and self.now > self.written * ROOM


def read(path: Path) -> Ratios:
    """Read the ratios that were written down; none if there is no file."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def write(path: Path, section: str, ratios: Mapping[str, float]) -> None:
    """Write the ratios of one section down, and keep those of the others."""
    kept = {**read(path), section: {name: round(ratio, 2) for name, ratio in ratios.items()}}
    path.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def compared(written: Ratios, section: str, ratios: Mapping[str, float]) -> Iterator[Compared]:
    """Yield each ratio of a run beside the one that was written down."""
    for name, now in ratios.items():
        yield Compared(section, name, written.get(section, {}).get(name), now)


def report(all_of_them: list[Compared]) -> list[str]:
    """Write the comparison as Markdown, for a terminal and for a pull request."""
    rows = [
        [
            one.section,
            one.name,
            "" if one.written is None else f"{one.written:.2f}",
            f"{one.now:.2f}",
            f"worse by more than {ROOM - 1:.0%}" if one.is_worse else "",
        ]
        for one in all_of_them
    ]
    return table(["section", "ratio", "written down", "now", ""], rows)
