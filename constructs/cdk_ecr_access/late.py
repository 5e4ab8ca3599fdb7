"""Values that wait until everything has been declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import IResolvable, IStableAnyProducer, Lazy

if TYPE_CHECKING:
    from collections.abc import Callable


def value(produce: Callable[[], Any]) -> IResolvable:
    """Make a token whose value is asked for once, at synthesis, when all aspects have had their say."""
    return Lazy.any(_Producer(produce))


@jsii.implements(IStableAnyProducer)
class _Producer:
    def __init__(self, produce: Callable[[], Any]) -> None:
        self._produce = produce

    def produce(self) -> Any:  # noqa: ANN401 -- the CDK's interface
        """Produce the value."""
        return self._produce()
