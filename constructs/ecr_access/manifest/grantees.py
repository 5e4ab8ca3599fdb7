"""Principals of a manifest: texts, and services with the source that they act for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ecr_access.iam.principal_names import Service, account_error
from ecr_access.manifest.values import described

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from ecr_access.manifest.entry import Entry

Name = TypeVar("Name")

_ARN_FIELDS = 6


def principals(entry: Entry, read: Callable[[str], Name]) -> tuple[Name | Service, ...]:
    """Read a list of principals, their texts with ``read``."""
    found = [(item, _principal(item, read)) for item in entry.items()]
    repeated(found)
    return tuple(name for _, name in found if name is not None)


def repeated(found: Sequence[tuple[Entry, Hashable | None]], *, before: Sequence[Entry] = ()) -> None:
    """Note what was given before, or is one of the texts ``before``; the first of its kind is right."""
    first: dict[Hashable, Entry] = {entry.text(): entry for entry in before}
    for entry, value in found:
        if value is not None and first.setdefault(value, entry) is not entry:
            entry.repeats(first[value])


def _principal(item: Entry, read: Callable[[str], Name]) -> Name | Service | None:
    text = item.text()
    if text is None:
        return _service(item)
    try:
        return read(text)
    except ValueError as error:
        item.wrong(error)
        return None


def _service(item: Entry) -> Service | None:
    name, account, arn = (item[key].text() for key in ("service", "source_account", "source_arn"))
    if name is None or not item.is_sound:
        return None
    if arn and account is None and account_error(_account_of(arn)):
        item["source_arn"].wrong(
            f"{described(arn)} names no account, so the service could act for any account; write source_account too"
        )
    return Service(name, account, arn)


def _account_of(arn: str) -> str:
    return arn.split(":", _ARN_FIELDS - 1)[4]
