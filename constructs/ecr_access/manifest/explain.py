"""What a repository of a manifest ends up with, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.manifest.layers import ADDED, settings
from ecr_access.manifest.model import RepositoryEntry
from ecr_access.manifest.split import stack_of
from ecr_access.manifest.structure import followed, schema
from ecr_access.manifest.values import as_boolean, as_integer, as_unquoted
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.manifest.model import Access, Environment, ExistingEntry, Manifest
    from ecr_access.manifest.places import Place

OWN: Final = "repository"
DEFAULT: Final = "the default"


@dataclass(frozen=True)
class Setting:
    """A value that holds for a repository.

    Attributes:
        key: of the manifest; one of a list or of tags is a setting of its own.
        value: as it is written.
        by: what says so: ``repository``, ``defaults``, ``prefix team-a/*``, ``tags`` or ``the default``.
        place: where; None for what nothing says.
    """

    key: str
    value: object
    by: str
    place: Place | None


@dataclass(frozen=True)
class Explanation:
    """A repository in one environment, and the settings that hold for it, in the order of the schema.

    Attributes:
        name: or the ARN of an existing one.
        environment: that it is in.
        stack: which of the environment's stacks it is in; an existing one is looked up by the first.
        place: where it is declared.
        settings: what holds for it.
    """

    name: str
    environment: Environment
    stack: int
    place: Place
    settings: tuple[Setting, ...]


def explain(manifest: Manifest, name: str) -> tuple[Explanation, ...]:
    """Explain a repository in each of its environments; return nothing if the manifest has no such repository.

    Args:
        manifest: which declares it, or names it as an existing one.
        name: of the repository, or the ARN of an existing one.
    """
    made = [one for one in manifest.repositories if one.name == name]
    there = [one for one in manifest.existing if name in (one.name, one.arn)]
    found: list[RepositoryEntry | ExistingEntry] = [*made, *there]
    kinds = ["repository"] * len(made) + ["existing"] * len(there)
    return tuple(
        Explanation(name, one.environment, _stack(one), one.place, tuple(_settings(one, kind)))
        for one, kind in zip(found, kinds, strict=True)
    )


def no_such_repository(manifest: Manifest, name: str) -> str:
    """Say that a manifest has no repository of a name, and which name is near."""
    names = [*(one.name for one in manifest.repositories), *(one.called for one in manifest.existing)]
    return f"no repository {quoted(name)} in {manifest.source}{did_you_mean(name, names)}"


def _stack(entry: RepositoryEntry | ExistingEntry) -> int:
    return stack_of(entry.name, entry.environment.stacks) if isinstance(entry, RepositoryEntry) else 1


def _settings(entry: Access, kind: str) -> Iterator[Setting]:
    held = settings(entry.layers)
    for key, reference in schema()["$defs"][kind]["properties"].items():
        if key in ADDED:
            yield from (_written(entry, key, item) for item in held.get(key, ()))
        elif key in held:
            yield _written(entry, key)
        elif "default" in (described := _described(reference)):
            yield Setting(key, described["default"], DEFAULT, None)


def _written(entry: Access, key: str, item: Any = None) -> Setting:
    layer, place = entry.said_by(key, item)
    value = plain(place.value)
    return Setting(key, {str(place.path[-1]): value} if key == "tags" else value, layer.title or OWN, place)


def plain(value: object) -> object:
    """Return a value of a document as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if (unquoted := as_unquoted(value)) is None:
        return value
    for read in (as_boolean, as_integer):
        if (found := read(unquoted)) is not None:
            return found
    return unquoted.text


def _described(one: dict[str, Any]) -> dict[str, Any]:
    return {**_described(followed(one["$ref"])), **one} if "$ref" in one else one
