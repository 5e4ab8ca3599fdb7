"""pytest's plugin, active where the package is installed; what its fixture needs is imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.local_cloud import LocalCloud


@pytest.fixture(scope="session")
def local_cloud() -> Iterator[LocalCloud]:
    """Run one bootstrapped local cloud for the whole test session.

    Needs the extra ``local-cloud`` and the CDK CLI; without them, the error says how to install them.
    """
    from ecr_access.local_cloud import LocalCloud

    with LocalCloud() as cloud:
        cloud.bootstrap()
        yield cloud
