"""The commands still answer to the modules that they were."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "arguments", "name"),
    [
        ("check", ["--help"], "check"),
        ("check", ["diagnose", "no basic auth credentials"], "diagnose"),
        ("check", ["--json", "diagnose", "no basic auth credentials"], "diagnose"),
        ("rules", ["--help"], "rules"),
        ("local_cloud", ["--help"], "local"),
    ],
    ids=["check", "diagnose", "diagnose-json", "rules", "local"],
)
def test_a_former_name_runs_the_command_and_says_the_new_one(module: str, arguments: list[str], name: str) -> None:
    """On standard error, so that what reads the output goes on."""
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-m", f"cdk_ecr_access.{module}", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"note: python -m cdk_ecr_access.{module} is now: ecr-access {name}\n"
    assert done.stdout
