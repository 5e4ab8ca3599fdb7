"""How often an access check repeats itself: a setting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.codes import Code
from ecr_access.tokens import KNOWN_LATER
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_ecr_access.access_check.given_settings import GivenSettings

CONTEXT_RECHECK: Final = "cdk-ecr-access:recheck"
"""The context key that has every check of an app repeat itself: ``30m``, ``1h``, ``1d``."""

_WRITTEN: Final = re.compile("([1-9][0-9]{0,4})([mhd])")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}
_LONGEST: Final = 24 * 60
"""Minutes. An alarm looks at seven days at most, and at two intervals."""


def given_minutes(outside: GivenSettings) -> int | None:
    """Read the interval of the context or the manifest, in minutes; None if neither has one.

    Raises:
        ValueError: if it is no interval from a minute to a day.
    """
    value = outside.get(CONTEXT_RECHECK)
    if value is None:
        return None
    match = _WRITTEN.fullmatch(str(value))
    minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
    if not 1 <= minutes <= _LONGEST:
        raise Code.RECHECK.error(
            f"the context '{CONTEXT_RECHECK}' is {quoted(str(value))}; allowed: a whole number of minutes, hours or "
            "days, from 1m to 1d, such as 30m or 1h"
        )
    return minutes


def minutes_of(every: Duration) -> int:
    """Read an interval, in minutes.

    Raises:
        ValueError: if it is none from a minute to a day, in whole minutes.
    """
    # The CDK refuses to convert a Duration that only deployment knows.
    seconds = None if every.is_unresolved() else every.to_seconds()
    if seconds is None or seconds % 60 or not 1 <= seconds / 60 <= _LONGEST:
        shown = KNOWN_LATER if seconds is None else f"{seconds:g} seconds"
        raise Code.RECHECK.error(
            f"the interval of the recheck is {shown}; allowed: whole minutes, from Duration.minutes(1) to "
            "Duration.days(1)"
        )
    return int(seconds / 60)
