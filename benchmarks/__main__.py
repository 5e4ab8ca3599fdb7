"""Runs the benchmarks and writes their results: ``python -m benchmarks [--rounds N] [SECTION...]``.

With ``--gate`` nothing is written: the ratios of the sections that have some are compared with those written down.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks import calls, cold_start, deployment, fleet, gate, mesh, plots, readme, rules, small, synth, throttling
from benchmarks.section import BenchmarkError, Measured, Section
from ecr_access.local_cloud import LocalCloudError

FOLDER: Final = Path(__file__).parent
SECTIONS: Final[dict[str, Section[Any]]] = {
    "small": small.SECTION,
    "synth": synth.SECTION,
    "mesh": mesh.SECTION,
    "fleet": fleet.SECTION,
    "rules": rules.SECTION,
    "calls": calls.SECTION,
    "throttling": throttling.SECTION,
    "cold-start": cold_start.SECTION,
    "deployment": deployment.SECTION,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the sections asked for, each written as soon as it is measured; return the exit code."""
    options = _parser().parse_args(arguments)
    return _compare(options) if options.gate else _write(options)


def _write(options: argparse.Namespace) -> int:
    failed = 0
    for name in options.sections or SECTIONS:
        if (measured := _measured(name, options.rounds)) is None:
            failed = 1
            continue
        lines = measured.lines
        if measured.charts:
            plots.draw(measured.charts, FOLDER / "plots" / f"{name}.svg")
            lines = [*lines, "", f"![{SECTIONS[name].title}](plots/{name}.svg)"]
        if measured.ratios:
            gate.write(FOLDER / "ratios.json", name, measured.ratios)
        # Read only now: a run takes minutes, and another one may have written another section.
        written = FOLDER / "README.md"
        text = written.read_text(encoding="utf-8") if written.exists() else ""
        order = [section.title for section in SECTIONS.values()]
        written.write_text(readme.replaced(text, SECTIONS[name].title, lines, order=order), encoding="utf-8")
    return failed


def _compare(options: argparse.Namespace) -> int:
    written = gate.read(FOLDER / "ratios.json")
    found: list[gate.Compared] = []
    for name in options.sections or _gated():
        if (measured := _measured(name, options.rounds)) is None:
            return 1
        found += gate.compared(written, name, measured.ratios)
    print("\n".join(gate.report(found)))
    return int(any(one.is_worse for one in found))


def _gated() -> list[str]:
    return [name for name, section in SECTIONS.items() if section.ratios]


def _measured(name: str, rounds: int | None) -> Measured | None:
    try:
        return SECTIONS[name].run(rounds)
    except (BenchmarkError, LocalCloudError) as error:
        print(f"error: {name}: {error}; its section stays as it was", file=sys.stderr, flush=True)
        return None


def _parser() -> argparse.ArgumentParser:
    defaults = ", ".join(f"{name} {section.rounds}" for name, section in SECTIONS.items())
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measure, and write benchmarks/README.md.")
    parser.add_argument("--rounds", type=_rounds, metavar="N", help=f"how often each is measured (default: {defaults})")
    gated = f"compare ratios with those in ratios.json, and fail if one is worse (default: {', '.join(_gated())})"
    parser.add_argument("--gate", action="store_true", help=gated)
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
