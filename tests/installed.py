"""Runs every test, against the installed wheel and with the sources out of reach: ``python -m tests.installed``.

Arguments are pytest's. What is tested is a copy of the checkout without ``constructs/``, in an environment of its own,
which has the packages of this one and the wheel; the few tests that read the sources themselves run before, here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_COPIED: Final = (
    ".ci",
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "app.py", "benchmarks", "cdk.json", "docs", "examples",
    "pyproject.toml", "tests", "walkthrough",
)  # fmt: skip
_OF_THE_SOURCES: Final = (
    "tests/test_errors.py",
    "tests/test_importer.py",
    "tests/test_layout.py",
    "tests/test_wheel.py",
    "tests/manifest/test_docs.py",
)
"""What reads the sources themselves."""


def main(arguments: list[str]) -> int:
    """Test the sources, then build, install, and test what is installed; return pytest's exit status."""
    status = _pytest(Path(sys.executable), *_OF_THE_SOURCES, *arguments, cwd=ROOT)
    return status or _installed(arguments)


def _installed(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="installed-") as folder:
        place = Path(folder)
        python = _environment(place / "venv", _wheel(place / "dist"))
        copy = place / "copy"
        copy.mkdir()
        for name in _COPIED:
            source = ROOT / name
            ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
            (shutil.copytree(source, copy / name, ignore=ignored) if source.is_dir() else shutil.copy(source, copy))
        # What the tests take of npm is found beside them.
        (copy / "node_modules").symlink_to(ROOT / "node_modules")
        found = _output(python, "-c", "import cdk_ecr_access as it; print(it.__path__[0])", cwd=copy)
        if ROOT in Path(found).parents:
            raise SystemExit(f"error: the package is found at {found}, where its sources are")
        others = [f"--ignore={one}" for one in _OF_THE_SOURCES]
        return _pytest(python, "-o", f"pythonpath=. {found}/runtime", *others, *arguments, cwd=copy)


def _pytest(python: Path, *arguments: str, cwd: Path) -> int:
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=cwd, check=False).returncode  # noqa: S603 -- our own words


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    (built,) = folder.glob("*.whl")
    return built


def _environment(folder: Path, wheel: Path) -> Path:
    """Make an environment that has the wheel, then what this one has; return its interpreter."""
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    python = folder / "bin" / "python"
    own = Path(_output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    # The sources are reached through a .pth of this environment; those of a folder that a .pth names are not read.
    (own / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--ignore-installed", str(wheel)], check=True)  # noqa: S603
    return python


def _output(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True, cwd=cwd)  # noqa: S603
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
