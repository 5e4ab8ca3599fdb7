"""Holds the check against AWS's rules: ``python -m tests.ecr_access.check.differential --help``."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Final

import ecr_access.cli.check  # noqa: F401 -- puts the runtime on the path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.comparison import Compared

_COUNT: Final = 40_000
_SEED: Final = 11
_PROGRESS: Final = 5.0
"""Seconds between two lines of progress."""


def main(arguments: list[str]) -> int:
    """Compare many combinations, print the figures and examples; return 1 if a verdict is false."""
    from tests.ecr_access.check.differential.examples import examples, shown  # the path is set by now
    from tests.ecr_access.check.differential.table import Tally

    options = _options(arguments)
    tally = Tally(_compared(options.count, options.seed))
    lines = [f"{tally.count:,} combinations, seed {options.seed}", "", *tally.lines()]
    for kind, found in sorted(examples(tally.false[: options.show]).items(), key=lambda each: -len(each[1])):
        lines += ["", f"{kind} ({len(found)})", shown(found[0])]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if tally.false else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.ecr_access.check.differential", description=__doc__)
    parser.add_argument("--count", type=int, default=_COUNT, help="combinations; default: %(default)s")
    parser.add_argument("--seed", type=int, default=_SEED, help="of the drawing; default: %(default)s")
    parser.add_argument("--show", type=int, default=20, help="false verdicts to show; default: %(default)s")
    return parser.parse_args(arguments)


def _compared(count: int, seed: int) -> Iterator[Compared]:
    from tests.ecr_access.check.differential.comparison import compare
    from tests.ecr_access.check.differential.drawing.combinations import combinations

    started = last = time.monotonic()
    for number, one in enumerate(combinations(count, seed), start=1):
        yield compare(one)
        if time.monotonic() - last > _PROGRESS:
            last = time.monotonic()
            sys.stderr.write(f"{number:,} of {count:,}, {last - started:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
