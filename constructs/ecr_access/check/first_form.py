"""Reads requirements as they travelled before the outline: a list of objects. To be deleted with the first release.

Stacks that were deployed with an unreleased version have it in the old properties of their checks, and a rollback
sends these again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.check.outline import TOKEN, Needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.check.property_reader import PropertyReader


def needed(value: list[object], path: str, reader: PropertyReader) -> Iterator[Needed]:
    """Read the entries of all principals; ``reader`` remembers what is wrong with them."""
    for index, entry in enumerate(value):
        at = f"{path}[{index}]"
        values = dict(reader.pairs(entry, at))
        if not values:
            continue
        principals = tuple(reader.principals(values.get("Principal"), f"{at}.Principal"))
        if reader.flag(values.get("Token", "false"), f"{at}.Token"):
            yield Needed(f"{at}.Token", TOKEN, principals)
        for level, found in reader.pairs(values.get("Access") or {}, f"{at}.Access"):
            repositories = tuple(reader.repositories(found, f"{at}.Access.{level}"))
            yield Needed(f"{at}.Access.{level}", level, principals, repositories, values.get("Accounts"))
