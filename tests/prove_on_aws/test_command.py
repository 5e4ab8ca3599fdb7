"""The command where it cannot run: a clear error, and nothing made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def _run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    nothing = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "prove_on_aws", "--journal", str(tmp_path / "journal"), *arguments],
        cwd=_ROOT,
        env={**own, **nothing, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_credentials_it_refuses_to_run(tmp_path: Path) -> None:
    """The error says how to get some, and how to do without."""
    done = _run(tmp_path, "--yes", "--region", "eu-west-1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no AWS credentials were found: set AWS_PROFILE")
    assert "ecr-access local" in done.stderr


def test_without_a_region_it_refuses_to_run(tmp_path: Path) -> None:
    """The error says how to give one."""
    done = _run(tmp_path, "--yes", AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none")
    assert done.returncode == 2
    assert done.stderr == "error: no Region is set: give --region, or set AWS_REGION\n"


def test_a_profile_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Without a traceback."""
    done = _run(tmp_path, "--yes", "--profile", "absent")
    assert done.returncode == 2
    assert done.stderr.startswith("error: the AWS credentials cannot be used: ")
    assert "absent" in done.stderr


def test_an_id_that_no_probe_tries_is_an_error(tmp_path: Path) -> None:
    """The known ids are listed."""
    done = _run(tmp_path, "--only", "simulator-decisons")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no probe tries simulator-decisons; known: answer-limit, ")
