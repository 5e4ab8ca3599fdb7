"""What is read once a synthesis, and read again in the next one.

``app.synth(force=True)`` synthesizes again, with what has changed since. Each ``Stage`` is synthesized by itself: what
one has read of another may change until that is synthesized in its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack
    from constructs import IConstruct

    Result = TypeVar("Result")
    Subject = TypeVar("Subject")


class Synthesis:
    """The synthesis of one stage, an app at most: its results are dropped when the next one begins."""

    def __init__(self) -> None:
        self._results: dict[Any, dict[Callable[..., Any], Any]] = {}
        self._prepares = False

    @classmethod
    def of(cls, stack: Stack) -> Synthesis:
        """Return the synthesis of the stage that a stack is in."""
        return _of(stage_of(stack))

    def reached(self, subject: object, *, preparing: bool) -> None:
        """Note how far the CDK is: it prepares each subject once, after all aspects, and then renders.

        A subject that is prepared after anything was rendered, or was read before, as by an aspect or in a synthesis
        that failed, is prepared for a new one.

        Args:
            subject: which is resolved.
            preparing: as ``IResolveContext.preparing`` tells it.
        """
        if preparing and (not self._prepares or subject in self._results):
            self._results.clear()
        self._prepares = preparing

    def once(self, read: Callable[[Subject], Result], subject: Subject) -> Result:
        """Return what a function reads of a subject, a stack say, read once."""
        results = self._results.setdefault(subject, {})
        if read not in results:
            results[read] = read(subject)
        result: Result = results[read]
        return result


@per_construct
def _of(_: IConstruct) -> Synthesis:
    return Synthesis()
