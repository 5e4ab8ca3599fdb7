"""From a text to the cause that its words name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis.cause import OF_OTHERS
from ecr_access.diagnosis.causes import CAUSES
from ecr_access.diagnosis.named import Named
from ecr_access.diagnosis.reading import read
from ecr_access.diagnosis.shown import recognised
from ecr_access.diagnosis.text import readable

if TYPE_CHECKING:
    from ecr_access.diagnosis.cause import Cause, Step
    from ecr_access.diagnosis.reading import Reading

_TRIED: Final = 20  # of each sign, so that a log that says one thing ten thousand times is read fast


@dataclass(frozen=True)
class Diagnosis:
    """What a text says: the cause, what was read, and the words it was recognised by.

    No part of it is a copy of a line: the text may hold passwords anywhere.
    """

    cause: Cause
    reading: Reading
    recognised_by: str

    @property
    def summary(self) -> str:
        """Which error it is, and its cause, in one line."""
        return f"{self.cause.error.value}: {self.cause.summary(self.reading)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do, in this order."""
        return self.cause.steps(self.reading)


def diagnose(text: str) -> Diagnosis | None:
    """Recognise what keeps an image from being pushed or pulled; None if the text is not known.

    Args:
        text: what docker, an orchestrator, the AWS CLI or a pipeline printed; of a long one, its end is read.
    """
    shown = readable(text)
    named = Named(shown)
    for cause in CAUSES:
        for one in cause.signs:
            for found in islice(one.pattern.finditer(shown), _TRIED):
                owner = named.allows(one.belongs, found.start(), found.end())
                if not owner:
                    continue
                reading = read(shown, found.start())
                if one.belongs in OF_OTHERS:
                    reading = replace(reading, service=owner)
                if one.when(reading) and cause.when(reading):
                    return Diagnosis(cause, reading, recognised(found, reading) or cause.name)
    return None


def read_only(text: str) -> Reading:
    """Read the values of a text whose cause is not known."""
    shown = readable(text)
    return read(shown, max(0, len(shown) - 1))
