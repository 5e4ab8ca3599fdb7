"""What a step says must be so; otherwise the walkthrough ends there."""

from __future__ import annotations


class StepFailedError(Exception):
    """A step does not do what it says."""


def expect(condition: object, failure: str) -> None:
    """Raise StepFailedError with a message unless the condition holds."""
    if not condition:
        raise StepFailedError(failure)
