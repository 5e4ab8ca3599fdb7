"""``cdk synth`` of the examples, and of the app of the checkout, prints nothing that is not needed."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = sorted(
    path.parent.relative_to(ROOT).as_posix() for path in [ROOT / "cdk.json", *ROOT.glob("examples/*/cdk.json")]
)
SEVERAL_STACKS = re.compile(r"Successfully synthesized to .*\nSupply a stack id \(.*\) to display its template\.\n")
"""What the CLI prints of an app of several stacks, whatever it is asked."""


def test_every_example_that_is_an_app_is_synthesized() -> None:
    """By the command that its ``cdk.json`` has."""
    assert APPS == [".", "examples/cdk_pipelines", "examples/github_actions", "examples/services"]


@pytest.mark.parametrize("app", APPS)
def test_a_synthesis_is_quiet(app: str, tmp_path: Path) -> None:
    """No warning, no deprecation, and no feature flag that is left open."""
    command = ["cdk", "synth", "--quiet", "--output", str(tmp_path / "cdk.out")]
    done = subprocess.run(  # noqa: S603 -- the CDK CLI of this environment
        command,
        cwd=ROOT / app,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'constructs'}:{ROOT}", "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=True,
    )
    # On a machine of CI the CLI writes to standard output what it says elsewhere on standard error.
    assert SEVERAL_STACKS.sub("", done.stdout + done.stderr) == ""
