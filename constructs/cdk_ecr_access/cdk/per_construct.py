"""What is asked of a construct again and again, kept on the construct: it goes when the construct goes."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Function = TypeVar("Function", bound=Callable[..., Any])


def per_construct(function: Function) -> Function:
    """Keep a function's results on its first argument, a construct, by the other arguments.

    Most of what is asked is a crossing into the CDK's process, so that it is asked once. Kept in the module, a result
    would outlive the tree that it is about.
    """
    # With the module, because two of them may have a function of one name.
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(construct: Any, *others: Hashable) -> Any:
        # An imported construct refuses an attribute that its interface does not have, and takes it here.
        results = vars(construct).setdefault(name, {})
        if others not in results:
            results[others] = function(construct, *others)
        return results[others]

    return cast("Function", kept)
