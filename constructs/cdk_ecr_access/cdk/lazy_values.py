"""Values that wait until everything has been declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import IAnyProducer, IResolvable, IStableAnyProducer, Lazy
from constructs import IValidation

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import IResolveContext


def value(produce: Callable[[], Any]) -> IResolvable:
    """Make a token whose value is asked for once, at synthesis, when all aspects have had their say."""
    return Lazy.any(_Producer(produce))


@jsii.implements(IStableAnyProducer)
class _Producer:
    def __init__(self, produce: Callable[[], Any]) -> None:
        self._produce = produce

    def produce(self) -> Any:
        """Produce the value."""
        return self._produce()


def at_each_stage(produce: Callable[[bool], Any]) -> IResolvable:
    """Make a token whose value is asked for whenever it is resolved.

    Args:
        produce: returns the value; it is told whether the CDK prepares, after all aspects, or renders.
    """
    return Lazy.uncached_any(_Staged(produce))


@jsii.implements(IAnyProducer)
class _Staged:
    def __init__(self, produce: Callable[[bool], Any]) -> None:
        self._produce = produce

    def produce(self, context: IResolveContext) -> Any:
        """Produce the value."""
        return self._produce(context.preparing)


def changed(token: Any, change: Callable[[Any], Any]) -> IResolvable:
    """Make a token for the value of another one, changed at synthesis."""
    return Lazy.uncached_any(_Change(token, change))


@jsii.implements(IAnyProducer)
class _Change:
    def __init__(self, token: Any, change: Callable[[Any], Any]) -> None:
        self._token = token
        self._change = change

    def produce(self, context: IResolveContext) -> Any:
        """Produce the changed value."""
        return self._change(context.resolve(self._token))


@jsii.implements(IValidation)
class Validation:
    """What is wrong with the app, asked for after all aspects and before anything is written."""

    def __init__(self, errors: Callable[[], list[str]]) -> None:
        self._errors = errors

    def validate(self) -> list[str]:
        """Tell what is wrong."""
        return self._errors()
