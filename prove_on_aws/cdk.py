"""The real CDK CLI, as a process that ends with the probe."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import NeedsError
from prove_on_aws.waiting import TookTooLongError

if TYPE_CHECKING:
    from prove_on_aws.lab import Lab

_ROOT: Final = Path(__file__).parents[1]
_GRACE: Final = 10.0


def cdk(lab: Lab, bucket: str, *arguments: str, denying: bool = False) -> tuple[int, str]:
    """Run the CDK CLI on the probe's app; return its exit status and what it printed.

    Raises:
        NeedsError: The CDK CLI is not installed.
        TookTooLongError: It was not done in the probe's time, and was ended.
    """
    program = shutil.which("cdk")
    if program is None:
        raise NeedsError("the CDK CLI: make setup installs it, then . .venv/bin/activate")
    app = f'"{sys.executable}" -m prove_on_aws.check_app {lab.run} {bucket}{" deny" if denying else ""}'
    options = ("--require-approval", "never") if arguments[0] == "deploy" else ("--force",)
    context = ("--context", f"cdk-ecr-access:propagation-seconds={lab.options.propagation:.0f}")
    profile = ("--profile", lab.options.profile) if lab.options.profile else ()
    with tempfile.TemporaryDirectory(prefix="prove-on-aws-") as output:
        command = [program, *arguments, "--app", app, "--output", output, *options, *context, *profile]
        return _run(lab, [*command, "--no-notices", "--no-color", "--ci"])


def _run(lab: Lab, command: list[str]) -> tuple[int, str]:
    environment = {**os.environ, "AWS_REGION": lab.caller.region, "AWS_DEFAULT_REGION": lab.caller.region}
    # A group of its own: Ctrl-C of a terminal would end the CLI in the middle of what the probe is to clean up.
    with subprocess.Popen(  # noqa: S603 -- the CDK CLI
        command,
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=max(lab.deadline.left, 1))
        except subprocess.TimeoutExpired as error:
            raise TookTooLongError(f"{command[1]} of the CDK CLI took too long") from error
        finally:
            _end(process)
    return process.returncode, printed


def _end(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
