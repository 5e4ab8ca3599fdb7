"""Keys of the CDK's context that are nearly one of ours: without an error they would change nothing."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# One letter of "manifest" more, less, other or exchanged; "pwa-manifest" is a key of others.
_NEAR: Final = 0.85
# The feature flags and settings of the CDK itself.
_CDK: Final = ("@", "aws:", "aws-cdk:")


def misspelt(context: Iterable[str], known: Sequence[str]) -> list[str]:
    """Say of which key each that is nearly one of ours was meant to be.

    Args:
        context: the keys that are given.
        known: ours.
    """
    found = []
    for key in context:
        if key not in known and not key.startswith(_CDK):
            near = get_close_matches(key.strip().lower()[:80], known, n=1, cutoff=_NEAR)
            found += [f"the context {quoted(key)} is not known; did you mean '{one}'?" for one in near]
    return found
