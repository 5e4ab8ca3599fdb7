"""How long a denial is looked at again before it is believed: a setting of the access check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.codes import Code
from ecr_access.tokens import KNOWN_LATER
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_ecr_access.access_check.given_settings import GivenSettings

CONTEXT_PROPAGATION: Final = "cdk-ecr-access:propagation-seconds"
"""The context key that sets the default of ``propagation``, in seconds: for tests and demonstrations."""

_SECONDS: Final = 60
# The function has 300 seconds, and time to look and to answer is among them.
_LONGEST: Final = 240


def propagation_seconds(outside: GivenSettings, given: Duration | None) -> int:
    """Read how long a denial is looked at again, in seconds.

    Raises:
        ValueError: if it is no whole number of seconds that leaves the function time to answer.
    """
    if given is not None:
        # The CDK refuses to convert a Duration that only deployment knows.
        seconds = KNOWN_LATER if given.is_unresolved() else str(given.to_seconds())
    else:
        from_context = outside.get(CONTEXT_PROPAGATION)
        seconds = str(_SECONDS if from_context is None else from_context)
    try:
        number = float(seconds)
    except ValueError:
        number = -1.0
    if not (number.is_integer() and 0 <= number <= _LONGEST):
        shown = seconds if seconds == KNOWN_LATER else f"{quoted(seconds)} seconds"
        raise Code.CHECK_SETTING.error(
            f"propagation is {shown}; allowed: a whole number from 0 to {_LONGEST}, given as "
            f"propagation=Duration.seconds(...) or in the context '{CONTEXT_PROPAGATION}'"
        )
    return int(number)
