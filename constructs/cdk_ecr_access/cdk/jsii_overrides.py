"""Methods that replace one of the CDK's for callers in Python alone."""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    Method = TypeVar("Method", bound=Callable[..., Any])


def python_only(method: Method) -> Method:
    """Keep a method from the CDK's process, which would otherwise call it where it calls its own.

    A constructor of the CDK's that calls such a method would cross into Python and back for each call, before the
    object has been made. The jsii runtime takes functions alone for overrides, so that a descriptor passes unseen.
    """
    return cast("Method", _Unseen(method))


class _Unseen:
    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __get__(self, instance: object, owner: type) -> Callable[..., Any]:
        return self._method if instance is None else MethodType(self._method, instance)
