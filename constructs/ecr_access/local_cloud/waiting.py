"""Waiting for a command that needs the local cloud, no longer than the cloud lives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ecr_access.codes import Code
from ecr_access.local_cloud.errors import LocalCloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud.process import SupervisedProcess

_POLL_SECONDS = 0.1
_READ_SECONDS = 5.0
_DEATH_SECONDS = 0.3  # from the last answer of a dying server to its exit code


def wait_for(
    process: SupervisedProcess,
    *,
    alive: Callable[..., None],
    output: Callable[[str], None] | None = None,
    seconds: float = float("inf"),
) -> int:
    """Wait until a command ends, hand on what it writes, and return its exit code; it has ended in any case.

    Args:
        process: The command.
        alive: Raises where the cloud is no more, or will be within the seconds of its ``patience``.
        output: Takes each line that it writes, where its output is a pipe.
        seconds: How long it may take.

    Raises:
        LocalCloudError: It took longer and was ended, or the cloud is no more.
    """
    reader = threading.Thread(target=_pass_lines, args=(process, output), daemon=True)
    deadline = time.monotonic() + seconds
    reader.start()
    try:
        while (code := process.wait(_POLL_SECONDS)) is None:
            alive()
            if time.monotonic() > deadline:
                late = f"{' '.join(process.command)!r} took more than {seconds:.0f} s and was ended"
                raise LocalCloudError(Code.LOCAL_COMMAND.ends(late))
    finally:
        process.stop()
        reader.join(_READ_SECONDS)
    if code:
        alive(patience=_DEATH_SECONDS)  # its end explains the command's failure
    return code


def _pass_lines(process: SupervisedProcess, output: Callable[[str], None] | None) -> None:
    if output is not None:
        for line in process.output:
            output(line.rstrip("\n"))
