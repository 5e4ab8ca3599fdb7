"""The Python that ``ecr-access init`` writes passes the checks that a new project would have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from ecr_access.cli.main import main

ROOT: Final = Path(__file__).parents[2]
# Rules that exclude others of ruff's, and rules that tests of pytest break.
NOT_APPLIED: Final = "D203,D213,COM812,CPY001,INP001,S101"


@pytest.fixture(params=["--python", "--manifest"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a project of one kind."""
    assert main(["init", request.param, str(tmp_path / "project")]) == 0
    return tmp_path / "project"


def _run(folder: Path, *command: str) -> None:
    environment = {**os.environ, "MYPYPATH": str(ROOT / "constructs")}
    done = subprocess.run(  # noqa: S603 -- ours
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["check", "--select", "ALL", "--ignore", NOT_APPLIED], ["format", "--check"]])
def test_ruff_finds_nothing(project: Path, arguments: list[str]) -> None:
    """Every rule at its default, and lines of 88 characters."""
    _run(project, sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache", ".")


def test_mypy_finds_nothing(project: Path, tmp_path: Path) -> None:
    """In this project's strict mode."""
    # What mypy found out about the CDK when it checked this project saves a minute.
    cache = tmp_path / "cache"
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", cache)
    settings = str(ROOT / "pyproject.toml")
    _run(project, sys.executable, "-m", "mypy", "--config-file", settings, "--cache-dir", str(cache), ".")
