"""Step 1: an embedded cloud starts and is bootstrapped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ecr_access.local_cloud import LocalCloud
from ecr_access.local_cloud.environment import base_environment
from ecr_access.local_cloud.tools import require_cdk

if TYPE_CHECKING:
    from contextlib import ExitStack

    from walkthrough.report import Report


def start(report: Report, cleanup: ExitStack) -> LocalCloud:
    """Start a cloud that ends with the exit stack, and prepare it for ``cdk deploy``."""
    with report.step(1, "an embedded cloud starts and is bootstrapped"):
        require_cdk(base_environment(os.environ))
        cloud = cleanup.enter_context(LocalCloud())
        cloud.bootstrap(output=report.progress)
        report.detail(f"{cloud.endpoint}: MiniStack with TLS, IAM enforced, on loopback only")
    return cloud
