"""Mutation testing of the runtime: ``python -m tests.mutants [--show] [MODULE ...]``, or ``make mutants``.

Every function of the runtime is changed in every small way that mutmut knows, and its tests
are asked whether they notice. ``--show`` prints the change of each mutant that no test noticed. It takes 15 minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import ecr_access

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path(ecr_access.__path__[0])
ROOMS: Final = ("iam", "check")
MUTMUT: Final = "mutmut==3.8.1"

# These take long, waiting or asking others, or read the pages of docs/; what they found is an example in other tests.
_LEFT_OUT: Final = ("differential", "test_docs.py", "test_evaluators.py", "test_never_wedged.py")
_SETTINGS: Final = """
[tool.pytest.ini_options]
addopts = [
    "--import-mode=importlib", "-p", "no:cacheprovider",
    "-p", "no:cdk_ecr_access.testing.pytest_plugin", "-p", "no:ecr_access.local_cloud.pytest_plugin",
]
pythonpath = ["."]
timeout = 60
[tool.mutmut]
source_paths = ["ecr_access/"]
pytest_add_cli_args_test_selection = ["tests/ecr_access/iam", "tests/ecr_access/check"]
also_copy = ["tests", "benchmarks", "pyproject.toml"]
max_children = 2
"""

# mutmut's codes of what became of a mutant; every other one is that a test failed.
_OUTCOMES: Final[dict[int | None, str]] = {
    None: "not run",
    0: "survived",
    **dict.fromkeys((5, 33), "no tests"),
    **dict.fromkeys((-24, 24, 36, 152, 255), "timeout"),
}
_ALIVE: Final = ("survived", "no tests")
_COLUMNS: Final = ("killed", "timeout", *_ALIVE)


def main(arguments: list[str]) -> int:
    """Mutate, test, and print the score by module; return 0 if all was tested."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what no test noticed")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as check.evaluation (default: all)")
    given = parser.parse_args(arguments)
    known = {_dotted(path): path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")}
    if unknown := [one for one in given.modules if one not in known]:
        parser.error(f"no module of the runtime: {', '.join(unknown)}; allowed: {', '.join(sorted(known))}")
    # A signal that ends this command ends the processes that it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        mutmut, work = _environment(Path(folder) / "venv"), _copy(Path(folder) / "work")
        patterns = [f"ecr_access.{one}.*" for one in given.modules]
        # In a group of its own, so that it ends with all its children.
        with subprocess.Popen([str(mutmut), "run", *patterns], cwd=work, start_new_session=True) as process:  # noqa: S603
            try:
                process.wait()
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
        survivors = _report(work)
        if given.show:
            for one in survivors:
                subprocess.run([str(mutmut), "show", one], cwd=work, check=False)  # noqa: S603
        return process.returncode


def _dotted(path: Path, package: Path = PACKAGE) -> str:
    return path.relative_to(package).with_suffix("").as_posix().replace("/", ".")


def _environment(folder: Path) -> Path:
    """Make an environment with mutmut beside this one's packages; return the command."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603
    python = folder / "bin" / "python"
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    (Path(own) / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT]
    subprocess.run(install, check=True)  # noqa: S603
    return folder / "bin" / "mutmut"


def _copy(folder: Path) -> Path:
    """Lay the runtime beside its tests, so that modules have the names that they are imported by."""
    ignored = shutil.ignore_patterns("__pycache__", *_LEFT_OUT)
    for room in ROOMS:
        shutil.copytree(PACKAGE / room, folder / "ecr_access" / room, ignore=ignored)
        tests = Path("tests") / "ecr_access" / room
        shutil.copytree(ROOT / tests, folder / tests, ignore=ignored)
    for name in ("__init__", "codes", "tokens", "wording"):
        shutil.copy(PACKAGE / f"{name}.py", folder / "ecr_access")
    # The servers in the place of AWS are those of the benchmarks.
    shutil.copytree(ROOT / "benchmarks", folder / "benchmarks", ignore=ignored)
    (folder / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
    return folder


def _report(work: Path) -> list[str]:
    """Print a line a module; return the names of the survivors."""
    survivors: list[str] = []
    total: Counter[str] = Counter()
    lines = ["", "", f"| module | mutants | {' | '.join(_COLUMNS)} | score |", "|---" * (len(_COLUMNS) + 3) + "|"]
    mutated = work / "mutants" / "ecr_access"
    for path in sorted(mutated.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        outcomes = {name: _OUTCOMES.get(code, "killed") for name, code in codes.items()}
        counts = Counter(one for one in outcomes.values() if one != "not run")
        if counts:
            lines.append(_row(_dotted(path.with_suffix(""), mutated), counts))
        survivors += [name for name, one in outcomes.items() if one in _ALIVE]
        total += counts
    lines.append(_row("all", total))
    sys.stdout.write("\n".join(lines) + "\n")
    return survivors


def _row(name: str, counts: Counter[str]) -> str:
    """Write a line: a mutant that hangs the tests is noticed, one that no test reaches is not."""
    mutants = counts.total()
    score = f"{(mutants - sum(counts[one] for one in _ALIVE)) / mutants:.1%}" if mutants else ""
    return f"| {name} | {mutants:,} | {' | '.join(f'{counts[one]:,}' for one in _COLUMNS)} | {score} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
