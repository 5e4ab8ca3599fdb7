"""The end of step 6: nothing of the cloud is left."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from walkthrough.expect import StepFailedError, expect

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud


def require_stopped(cloud: LocalCloud) -> None:
    """Expect that a cloud which was stopped left no process, no open port and no file."""
    try:
        os.killpg(cloud.group, 0)
    except ProcessLookupError:
        pass
    else:
        raise StepFailedError(f"a process of the embedded cloud is left in process group {cloud.group}")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        refused = probe.connect_ex(("127.0.0.1", cloud.port))
    expect(refused, f"port {cloud.port} of the embedded cloud is still open")
    expect(not cloud.directory.exists(), f"files of the embedded cloud are left in {cloud.directory}")
