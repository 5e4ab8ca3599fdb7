"""``ecr-access local`` at a terminal: it is the command's."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import IO

import pytest

from tests.ecr_access.local_cloud.leftovers import eventually, group_lives

pytestmark = pytest.mark.local_cloud

# A terminal between us and the command: what we write is what a person types.
_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
_READERS = """
import os, sys
from ecr_access.local_cloud.process import SupervisedProcess
for _ in range(20):
    process = SupervisedProcess(["sh", "-c", "read answer"], environment=os.environ, stdin=sys.stdin, foreground=True)
    code = process.wait(5)
    process.stop()
    if code != 0:
        sys.exit("the command could not read")
"""
_MODULE = [sys.executable, "-m", "ecr_access", "local", "--no-bootstrap", "--"]


def test_questions_and_ctrl_c_reach_the_command() -> None:
    """A command can ask and gets the answer; Ctrl-C ends it, then the cloud, by the shells' exit code."""
    script = "echo group $$; read answer; echo got $answer; sleep 60"
    with subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-c", _TERMINAL, *_MODULE, "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        group = int(_line(process.stdout, "group").split()[1])
        process.stdin.write("yes\n")
        assert _line(process.stdout, "got") == "got yes\n"
        process.stdin.write("\x03")
        process.stdin.flush()
        assert _line(process.stdout, "local cloud: stopped")
        assert process.wait(15) == 130
    assert eventually(lambda: not group_lives(group))


def test_a_command_that_reads_at_once_is_not_stopped() -> None:
    """The terminal is the command's before it runs: read any earlier, the system stops it for good."""
    command = [sys.executable, "-c", _TERMINAL, sys.executable, "-c", _READERS]
    done = subprocess.run(  # noqa: S603 -- our own words
        command, input="answer\n" * 20, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout


def test_in_the_background_the_terminal_stays_the_shells() -> None:
    """A command that a shell put in the background does not take its terminal away."""
    command = shlex.join([*_MODULE, "sh", "-c", "echo started; sleep 2"])
    script = f"set -m; {command} & read answer; read answer; echo got $answer; wait"
    with subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-c", _TERMINAL, "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("one\n")
        assert _line(process.stdout, "started")
        said, _ = process.communicate("two\n", timeout=30)
        assert "got two" in said
        assert process.returncode == 0


def _line(stream: IO[str], start: str) -> str:
    return next(line.removeprefix("^C") for line in stream if line.removeprefix("^C").startswith(start))
