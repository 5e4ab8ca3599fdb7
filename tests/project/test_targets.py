"""The targets of make, and the hooks that check the same before a commit."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_alone_prints_every_target() -> None:
    """With what it does; each that is there is told."""
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert re.findall(r"^make (\S+) +\S", printed, re.MULTILINE) == re.findall(
        r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE
    )
    assert {*phony.split()} == {*re.findall(r"^make (\S+)", printed, re.MULTILINE)}


def test_the_hooks_check_what_make_does() -> None:
    """A commit that they pass is not refused for its style or types later."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    (lint,) = re.findall(r"^lint:.*\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)
    tools = re.findall(r"\$\(IN\) (ruff check|ruff format|mypy)", lint)
    assert [one["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude") for one in hooks] == tools
