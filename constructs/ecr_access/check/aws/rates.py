"""The rates at which AWS takes the calls of a check: the lowest that it names, of which the check makes the best."""

from __future__ import annotations

from typing import Final, NamedTuple


class Rate(NamedTuple):
    """So many calls at once, and so many a second from then on, of one operation in one account and Region."""

    burst: int
    a_second: float

    def seconds(self, calls: int) -> float:
        """Return the least seconds in which so many calls are taken."""
        return max(calls - self.burst, 0) / self.a_second


LOWEST: Final = Rate(200, 20.0)
"""Of any operation of ECR, before its quotas were raised and published for eight operations, none of which looks at
policies. https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html
"""

SIMULATIONS: Final = Rate(180, 20.0)
"""Of the policy simulator AWS publishes no rate, and others were throttled after 183 calls.
https://github.com/nccgroup/PMapper/issues/1
"""

DESCRIBED_AT_ONCE: Final = 100
"""Repositories that one call looks up."""

SIMULATED_AT_ONCE: Final = 100
"""Resources that one call simulates."""

FOR_POLICIES: Final = 1 / 2
"""The part of the time in which repository policies are read, so that some is left if ECR hangs."""

FOR_BOTH: Final = 3 / 4
"""The part of the time in which principals are simulated as well, so that some is left for another look."""
