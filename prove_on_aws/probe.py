"""One probe: which assumptions it tries, what it makes for that, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding


@dataclass(frozen=True)
class Probe:
    """A way to try assumptions.

    Attributes:
        name: What it is called while it runs.
        tries: The ids of the assumptions.
        makes: What it creates and removes again, for the person who is asked.
        usual: Seconds that it usually takes on AWS.
        at_most: Seconds after which it gives up.
        run: Yields each finding as soon as it is known.
    """

    name: str
    tries: tuple[str, ...]
    makes: str
    usual: float
    at_most: float
    run: Callable[[Lab], Iterator[tuple[str, Finding]]]
