"""Repositories that exist already, as the user of the rules names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.ecr.names import name_error
from ecr_access.wording import quoted, value_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WILDCARDS: Final = re.compile(r"[*?]+")


def existing_errors(names: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with names in which ``*`` and ``?`` stand for other characters; ``*`` alone is none."""
    if isinstance(names, str):
        yield f"existing is the text {quoted(names)}; allowed: a list of names, [{quoted(names)}]"
        return
    if not isinstance(names, (list, tuple, set, frozenset)):
        yield f"existing is {value_shown(names)}; allowed: a list of names, such as ['platform/base']"
        return
    for index, name in enumerate(names):
        shown = quoted(name) if isinstance(name, str) else value_shown(name)
        # Whatever a wildcard stands for, the rest of the name is one.
        if not isinstance(name, str) or name_error(_WILDCARDS.sub("x", name)):
            yield (
                f"existing[{index}] is {shown}; allowed: the name of a repository, without its registry, such "
                "as 'platform/base' or, * and ? standing for other characters, 'platform/*'"
            )
