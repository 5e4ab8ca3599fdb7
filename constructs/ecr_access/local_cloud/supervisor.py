"""Run a command in a process group of its own and end that whole group when the owner lets go or dies.

Started by path, as ``python -I -S supervisor.py FD FOREGROUND GRACE DIRECTORY COMMAND...``, so it imports the standard
library only. FD is one end of a socket pair. The owner ends the command by closing the other end, which the
kernel does for it when it is killed, so that nothing outlives it. Writing to it detaches: from then on only
SIGTERM to this process ends the command. The command has GRACE seconds between SIGTERM and SIGKILL. DIRECTORY,
where not empty, is removed at the end.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_KILLED_SECONDS = 5.0
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_SHELL_SIGNAL_BASE = 128


def main(arguments: list[str]) -> int:
    """Run the command, return its exit code as a shell would: 128 + N for signal N."""
    descriptor, foreground, grace, directory, *command = arguments
    owner = socket.socket(fileno=int(descriptor))
    owner.set_inheritable(False)  # else the command would hold the pair open
    wake, signals = _signals_to_socket()
    _adopt_orphans()
    try:
        try:
            child = _start(command, foreground=bool(foreground))
        except OSError as error:
            sys.stderr.write(f"error: cannot run {command[0]!r}: {error.strerror}\n")
            return 127 if isinstance(error, FileNotFoundError) else 126
        try:
            owner.sendall(f"{child.pid}\n".encode())
            _wait(child, owner, wake, signals)
        finally:
            _end_group(child, grace=float(grace))
            if foreground:
                _give_terminal_to(os.getpgrp())
    finally:
        if directory:
            shutil.rmtree(directory, ignore_errors=True)
    code = child.returncode
    return code if code >= 0 else _SHELL_SIGNAL_BASE - code


def _signals_to_socket() -> tuple[socket.socket, list[int]]:
    """Collect SIGTERM and its like, and make them and a child's end readable on a socket."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            received.append(number)

    wake, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.detach())
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # A handler, not SIG_IGN, which the command would inherit, as we did if we run in the background.
        signal.signal(number, note)
    return wake, received


def _start(command: list[str], *, foreground: bool) -> subprocess.Popen[bytes]:
    """Start the command as the leader of a new session, or of the terminal's foreground process group."""
    return subprocess.Popen(  # noqa: S603 -- running what we are told to is the job
        command,
        close_fds=False,  # the server inherits its listening socket
        start_new_session=not foreground,
        preexec_fn=_lead_the_terminal if foreground else None,  # noqa: PLW1509 -- no threads here
    )


def _lead_the_terminal() -> None:
    """Become the leader of the foreground group before the command runs: it is stopped if it reads any earlier."""
    os.setpgrp()
    _give_terminal_to(os.getpgrp())


def _wait(child: subprocess.Popen[bytes], owner: socket.socket, wake: socket.socket, signals: list[int]) -> None:
    """Return when the command ended, the owner let go, or we were told to stop."""
    watched = [owner, wake]
    while child.poll() is None and not signals:
        readable, _, _ = select.select(watched, [], [])
        if wake in readable:
            wake.recv(4096)
        if owner in readable:
            try:
                letter = owner.recv(1)
            except ConnectionError:
                letter = b""
            if not letter:
                return
            watched.remove(owner)


def _end_group(child: subprocess.Popen[bytes], *, grace: float) -> None:
    """Ask the command's process group to end, then make it."""
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, _KILLED_SECONDS)):
        if seconds:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only zombies are left
                os.killpg(child.pid, number)
                deadline = time.monotonic() + seconds
                while time.monotonic() < deadline:
                    _reap(child)
                    os.killpg(child.pid, 0)  # a group lasts as long as a member does, grandchildren included
                    time.sleep(0.02)
    child.wait()


def _adopt_orphans() -> None:
    """Become the parent of the command's orphans: a container's first process may never reap them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Collect the group's dead, the command itself first, whose exit code is wanted."""
    if child.poll() is not None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-child.pid, os.WNOHANG)[0]:
                pass


def _give_terminal_to(group: int) -> None:
    """Make a process group the one that the terminal's Ctrl-C and input go to."""
    previous = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.tcsetpgrp(0, group)
    signal.signal(signal.SIGTTOU, previous)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
