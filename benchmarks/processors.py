"""What a process and its children have used; it needs Linux."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

# Of what follows the name in /proc/PID/stat; proc(5).
_USER: Final = 11
_SYSTEM: Final = 12
_STARTED: Final = 19


def used(process: int) -> float:
    """Return the seconds of the processors that a process and its children have used: the CDK runs in one of them."""
    fields = _fields(process)
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
    own = (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
    return own + sum(used(int(child)) for child in children)


def age(process: int) -> float:
    """Return the seconds since a process started."""
    started = int(_fields(process)[_STARTED]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def _fields(process: int) -> list[str]:
    # The name of the program may have blanks, and ends with the last bracket.
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
