"""A prefix that stands for a repository's name in a grant."""

from __future__ import annotations

from ecr_access.tokens import is_token
from ecr_access.wording import quoted


def prefix_error(prefix: str, name: str) -> str | None:
    """Say why a prefix cannot stand for a repository's name in a grant; None if it can."""
    if is_token(name) or is_token(prefix):
        which = "the repository's name" if is_token(name) else "the name_prefix"
        return f"name_prefix needs a name to compare it with, and {which} is known at deploy time only; write it out"
    allowed = f"allowed: the beginning of the repository's own name {quoted(name)}, such as 'team/'"
    if not prefix:
        return f"name_prefix '' would be every repository of the registry; {allowed}"
    return (
        None if name.startswith(prefix) else f"name_prefix {quoted(prefix)} is not what the name starts with; {allowed}"
    )
