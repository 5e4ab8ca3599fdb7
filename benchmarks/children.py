"""Runs what is measured in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.section import BenchmarkError, Progress, taking_turns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
RUNTIME: Final = ROOT / "constructs"
_SHOWN: Final = 2000
_COMPILED: Final = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "benchmarks-pycache")}

Results = dict[tuple[str, int], list[dict[str, float]]]
"""The figures of each round, by variant and count."""


def figures(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Any:
    """Run a module and return the JSON of its last line.

    Args:
        module: what ``python -m`` runs; it can import the Lambda's runtime.
        arguments: the module's.
        environment: the process's. Default: this one's.

    Raises:
        BenchmarkError: the module failed.
    """
    command = [sys.executable, "-m", module, *arguments]
    given = {**(os.environ if environment is None else environment), "PYTHONPATH": str(RUNTIME), **_COMPILED}
    # Users have compiled modules; here they are kept out of the checkout.
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    # The interpreter's own arguments, none of which come from outside.
    ran = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=given)  # noqa: S603
    if ran.returncode:
        raise BenchmarkError(f"{module} {' '.join(arguments)} exited with {ran.returncode}: {ran.stderr[-_SHOWN:]}")
    return json.loads(ran.stdout.splitlines()[-1])


def syntheses(name: str, variants: Sequence[str], counts: Sequence[int], rounds: int) -> Results:
    """Synthesize each variant with each count, in a process of its own each time, the variants taking turns.

    Args:
        name: of the benchmark, whose module ``benchmarks.NAME_app`` takes a variant and a count.
        variants: what is compared.
        counts: how many of what a variant declares.
        rounds: how often.

    Raises:
        BenchmarkError: a synthesis failed.
    """
    results: Results = defaultdict(list)
    progress = Progress(name, rounds * len(counts) * len(variants))
    for number in range(rounds):
        for count in counts:
            for variant in taking_turns(variants, number):
                results[variant, count].append(figures(f"benchmarks.{name}_app", variant, str(count)))
                progress.step(f"{variant} {count}")
    return results
