"""What is wrong with the names of the repositories of an app, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.codes import Code
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[str, ...]
"""An account, a Region and a name; or the path of a stack that does not know its own, and a name."""


def changed(path: str, old: str, new: str) -> str:
    """Say that a repository has another name than it was declared with."""
    return Code.NAME_CHANGED.ends(
        f"repository '{path}' was declared as {quoted(old)}, and an aspect, a property injector or an assignment has "
        f"named it {quoted(new)} since; its grants and its check name the first; give the final name to the "
        "constructor, as repository_name"
    )


def repeated(place: Place, paths: Sequence[str]) -> str:
    """Say that several repositories, by their paths, have one name."""
    *where, name = place
    stands = f"in stack '{where[0]}'" if len(where) == 1 else f"in account {where[0]}, Region {where[1]}"
    return Code.NAME_TWICE.ends(
        f"repository name {quoted(name)} is declared {len(paths)} times {stands}: {', '.join(map(quoted, paths))}; a "
        "registry takes a name once; declare it once, and use it elsewhere by reference or with ExistingRepository"
    )
