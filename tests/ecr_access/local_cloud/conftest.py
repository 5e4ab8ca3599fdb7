"""A local cloud that nothing was deployed to."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from ecr_access.local_cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """One cloud, not bootstrapped, for all tests that leave it as it is."""
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture
def background() -> Iterator[None]:
    """Have processes that a test starts ignore Ctrl-C and the end of the terminal, as of ``nohup make test &``."""
    numbers = (signal.SIGINT, signal.SIGHUP)
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    yield
    for number, handler in previous.items():
        signal.signal(number, handler)
