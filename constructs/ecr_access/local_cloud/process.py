"""A command under a supervisor: its whole process group ends with us, whatever ends us."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_STOP_SECONDS = 10.0


class SupervisedProcess:
    """A running command whose process group is ended by ``stop`` and by the death of this process."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        stdin: int | IO[str] | None = subprocess.DEVNULL,
        stdout: int | IO[str] | None = None,
        cwd: Path | None = None,
        foreground: bool = False,
        grace: float = 3.0,
        remove: Path | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start a command.

        Args:
            command: The program and its arguments.
            environment: All of its environment variables.
            stdin: As of ``subprocess``; nothing to read by default.
            stdout: As of ``subprocess``; where not None, standard error goes there too.
            cwd: Its working directory.
            foreground: Whether it gets the terminal: its input, and Ctrl-C, which then does not reach us.
            grace: How many seconds it has between SIGTERM and SIGKILL.
            remove: A directory to remove after the command ended.
            pass_fds: File descriptors that it inherits.
        """
        self.command = tuple(command)
        self._owner, theirs = socket.socketpair()
        with theirs:
            supervisor = [sys.executable, "-I", "-S", str(_SUPERVISOR), str(theirs.fileno())]
            how = ["1" if foreground else "", str(grace), str(remove or "")]
            self._supervisor: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 -- the caller's command
                [*supervisor, *how, *command],
                env=dict(environment),
                stdin=stdin,
                stdout=stdout,
                stderr=None if stdout is None else subprocess.STDOUT,
                cwd=cwd,
                text=True,
                errors="replace",
                pass_fds=(theirs.fileno(), *pass_fds),
                start_new_session=not foreground,
            )
        with self._owner.makefile("r") as report:
            self.group = int(report.readline() or 0)

    @property
    def supervisor_pid(self) -> int:
        """The process that takes SIGTERM as the order to end the command and to clean up."""
        return self._supervisor.pid

    @property
    def output(self) -> IO[str]:
        """What the command writes, where ``stdout`` was a pipe."""
        if self._supervisor.stdout is None:
            raise Code.LOCAL_OPTION.error("no output to read; start the process with stdout=subprocess.PIPE")
        return self._supervisor.stdout

    def wait(self, seconds: float) -> int | None:
        """Wait for the end, return the exit code, 128 + N for signal N, or None where the time passed first."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._supervisor.wait(seconds)
        return None

    def detach(self) -> None:
        """Let the command outlive this process: from now on only SIGTERM to ``supervisor_pid`` ends it."""
        self._owner.sendall(b"d")

    def stop(self) -> int:
        """End the command and all of its process group, return the exit code; does nothing the second time."""
        self._owner.close()
        code = self.wait(_STOP_SECONDS)
        if code is None or code < 0:  # the supervisor itself is stuck or was killed: end both by force
            self._supervisor.kill()
            if self.group:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.group, signal.SIGKILL)
            code = self._supervisor.wait()
        return code
