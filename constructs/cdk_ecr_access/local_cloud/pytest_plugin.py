"""Gives tests a local cloud: ``pytest_plugins = ["cdk_ecr_access.local_cloud.pytest_plugin"]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cdk_ecr_access.local_cloud.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def local_cloud() -> Iterator[LocalCloud]:
    """Run one bootstrapped local cloud for the whole test session."""
    with LocalCloud() as cloud:
        cloud.bootstrap()
        yield cloud
