"""Runs the benchmarks and writes their results: ``python -m benchmarks [--rounds N] [SECTION...]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks import calls, cold_start, deployment, mesh, readme, rules, synth, throttling
from benchmarks.section import BenchmarkError, Section
from ecr_access.local_cloud import LocalCloudError

README: Final = Path(__file__).parent / "README.md"
SECTIONS: Final[dict[str, Section[Any]]] = {
    "synth": synth.SECTION,
    "mesh": mesh.SECTION,
    "rules": rules.SECTION,
    "calls": calls.SECTION,
    "throttling": throttling.SECTION,
    "cold-start": cold_start.SECTION,
    "deployment": deployment.SECTION,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the sections asked for, each written as soon as it is measured; return the exit code."""
    options = _parser().parse_args(arguments)
    order = [section.title for section in SECTIONS.values()]
    failed = 0
    for name in options.sections or SECTIONS:
        try:
            lines = SECTIONS[name].lines(options.rounds)
        except (BenchmarkError, LocalCloudError) as error:
            print(f"error: {name}: {error}; its section stays as it was", file=sys.stderr, flush=True)
            failed = 1
            continue
        # Read only now: a run takes minutes, and another one may have written another section.
        text = README.read_text(encoding="utf-8") if README.exists() else ""
        README.write_text(readme.replaced(text, SECTIONS[name].title, lines, order=order), encoding="utf-8")
    return failed


def _parser() -> argparse.ArgumentParser:
    defaults = ", ".join(f"{name} {section.rounds}" for name, section in SECTIONS.items())
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measure, and write benchmarks/README.md.")
    parser.add_argument("--rounds", type=_rounds, metavar="N", help=f"how often each is measured (default: {defaults})")
    names = f"{', '.join(SECTIONS)} (default: all)"
    parser.add_argument("sections", nargs="*", metavar="SECTION", type=_section, help=names)
    return parser


def _section(text: str) -> str:
    if text not in SECTIONS:
        raise argparse.ArgumentTypeError(f"{text!r} is no section; allowed are {', '.join(SECTIONS)}")
    return text


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rounds; allowed are 1 and more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
