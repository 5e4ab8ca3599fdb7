"""How long the function takes to start."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.asked import event
from benchmarks.children import RUNTIME
from benchmarks.endpoint import ThrottledEndpoint
from benchmarks.section import BenchmarkError, Progress, Section, table, taking_turns

CRHELPER: Final = "crhelper==2.0.12"
SIMULATE: Final = "SimulatePrincipalPolicy"
SECONDS: Final = 60.0
STARTS: Final = Path(__file__).parent / "starts"
FLOOR: Final = "one_client"
VARIANTS: Final = {
    "bare": "Python alone",
    "one_client": "boto3, an IAM client",
    "two_clients": "boto3, ECR and IAM clients",
    "ours": "`cdk-ecr-access`",
    "on_crhelper": f"`{CRHELPER}`, an IAM client",
}

_METHOD: Final = """\
From the start of a process until a server on loopback gets its first call, and until it gets the first one of IAM:
imports, clients, and what each does with CloudFormation's first event. The check's first call is one of ECR, and others
come before IAM's. A Lambda function does as much whenever it starts cold, and a user waits for it once in a deployment.
The check's files are not compiled beforehand, since its asset has no compiled ones; installed packages are. The least
of {rounds} rounds, as noise only adds, every start in a fresh process, the variants taking turns; crhelper and boto3
{boto3} are installed from PyPI into an environment that is thrown away."""

Moments = dict[str, float]
Results = dict[str, list[Moments]]


def measure(rounds: int) -> Results:
    """Start every variant in each round.

    Raises:
        BenchmarkError: a package could not be installed, or a variant did not call IAM.
    """
    progress = Progress("cold-start", rounds)
    results: Results = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, ThrottledEndpoint(rate=1e6, burst=1e6) as endpoint:
        runtime = Path(folder) / "runtime"
        shutil.copytree(RUNTIME, runtime, ignore=shutil.ignore_patterns("__pycache__"))
        progress.say(f"installing {CRHELPER} and boto3 from PyPI")
        python = _environment(Path(folder) / "venv")
        for number in range(rounds):
            for variant in taking_turns([*VARIANTS], number):
                results[variant].append(_start(python, variant, endpoint, runtime))
            progress.step(", ".join(f"{name} {one[-1]['iam'] * 1000:.0f} ms" for name, one in results.items()))
    return results


def report(results: Results) -> list[str]:
    """Write the least of each as Markdown."""
    least = {name: {key: min(one[key] for one in some) for key in ("first", "iam")} for name, some in results.items()}
    floor = least[FLOOR]
    rows = []
    for variant, words in VARIANTS.items():
        row = [words]
        for key in ("first", "iam"):
            row += [f"{least[variant][key] * 1000:.0f}", f"{least[variant][key] / floor[key]:.2f}"]
        rows.append(row)
    method = _METHOD.format(rounds=len(results[FLOOR]), boto3=version("boto3"))
    header = ["variant", "first call, ms", "of boto3 alone", "IAM's first call, ms", "of boto3 alone"]
    return [method, "", *table(header, rows)]


def _environment(folder: Path) -> Path:
    """Make a virtual environment with crhelper and the pinned boto3; return its interpreter."""
    python = folder / "bin" / "python"
    wanted = [CRHELPER, f"boto3=={version('boto3')}", f"botocore=={version('botocore')}"]
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    for command in ([sys.executable, "-m", "venv", str(folder)], install):
        # Our own words alone.
        ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
        if ran.returncode:
            raise BenchmarkError(f"{' '.join(command)} exited with {ran.returncode}: {ran.stderr.strip()}")
    return python


def _start(python: Path, variant: str, endpoint: ThrottledEndpoint, runtime: Path) -> Moments:
    endpoint.reset()
    given = json.dumps(event(principals=1, repositories=1, token=True, url=endpoint.url))
    environment = {**endpoint.environment(), "PYTHONPATH": str(runtime), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(python), str(STARTS / f"{variant}.py"), given]
    began = time.monotonic()
    ran = subprocess.run(  # noqa: S603 -- our own words alone
        command, check=False, capture_output=True, text=True, env=environment, timeout=SECONDS
    )
    if variant == "bare":
        ready = float(ran.stdout) - began
        return {"first": ready, "iam": ready}
    calls = endpoint.counts().first
    if SIMULATE not in calls:
        raise BenchmarkError(f"{variant} did not call {SIMULATE}: {ran.stdout}{ran.stderr}")
    return {"first": min(calls.values()) - began, "iam": calls[SIMULATE] - began}


SECTION: Final = Section("Cold start", 20, measure, report)
