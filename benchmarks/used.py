"""What a process and its children have used, the CDK's among them. It needs Linux: proc(5)."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of what follows the name in /proc/PID/stat.
_USER: Final = 11
_SYSTEM: Final = 12
_STARTED: Final = 19
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def seconds() -> float:
    """Return the seconds of the processors that this process and its children have used."""
    return sum(map(_seconds, _family(os.getpid())))


def megabytes() -> float:
    """Return the most memory that this process and its children have held, each at its own peak."""
    return sum(map(_megabytes, _family(os.getpid())))


def age() -> float:
    """Return the seconds since this process started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(_fields(os.getpid())[_STARTED]) / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> Iterator[int]:
    yield process
    for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split():
        yield from _family(int(child))


def _fields(process: int) -> list[str]:
    # The name of the program may have blanks, and ends with the last bracket.
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _seconds(process: int) -> float:
    fields = _fields(process)
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int) -> float:
    found = _PEAK.search(Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0
