"""How long calls take at a rate."""

from __future__ import annotations

import pytest

from ecr_access.check.aws.rates import Rate


@pytest.mark.parametrize(("calls", "seconds"), [(0, 0.0), (10, 0.0), (11, 0.5), (30, 10.0)])
def test_calls_beyond_the_burst_take_time(calls: int, seconds: float) -> None:
    """Those of the burst are free."""
    assert Rate(10, 2.0).seconds(calls) == seconds
