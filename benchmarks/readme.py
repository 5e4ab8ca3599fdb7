"""Puts sections into ``benchmarks/README.md`` and keeps the others; a section begins with its ``## `` title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD: Final = """\
# Benchmarks

`make bench` writes this file; `python -m benchmarks SECTION` measures one section again and keeps the others. Machines
are noisy: compare the ratios of one run, never the seconds of two. `make gate` measures the ratios in `ratios.json`
again and fails where one is a quarter worse.
"""

_TITLE: Final = "## "


def read(text: str) -> dict[str, str]:
    """Split a README into its sections: title to text."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(_TITLE):
            lines = sections.setdefault(line.removeprefix(_TITLE).strip(), [])
        else:
            lines.append(line)
    return {title: "\n".join(lines).strip() for title, lines in sections.items()}


def replaced(text: str, title: str, lines: Sequence[str], *, order: Sequence[str]) -> str:
    """Return a README with one section new and the others as they were.

    Args:
        text: the README, or nothing.
        title: the section's.
        lines: its text.
        order: the titles of all sections; what stands under any other one is dropped.
    """
    sections = {**read(text), title: "\n".join(lines).strip()}
    parts = [HEAD, *(f"{_TITLE}{one}\n\n{sections[one]}\n" for one in order if one in sections)]
    return "\n".join(parts)
