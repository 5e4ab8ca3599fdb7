"""A local cloud that nothing was deployed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cdk_ecr_access.local_cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """One cloud, not bootstrapped, for all tests that leave it as it is."""
    with LocalCloud() as cloud:
        yield cloud
