"""Ways to look at what is left of a process."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE_SECONDS = 15.0
_PROCESSES = Path("/proc")  # Linux


def group_lives(group: int) -> bool:
    """Tell whether a process group has a member that has not ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, 0)
        return group in _running_groups() if _PROCESSES.is_dir() else True
    return False


def _running_groups() -> set[int]:
    """Return the groups of all running processes. A dead process that its parent never collected does not count."""
    groups = set()
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, group = stat.read_text().rpartition(")")[2].split()[:3]
            groups |= {int(group)} if state != "Z" else set()
    return groups


def port_is_open(port: int) -> bool:
    """Tell whether something listens on a port of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def eventually(condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds, tell whether it did."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()
