"""Reads what a mapping says about repositories: a repository itself, or defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.principal_names import read_principal
from ecr_access.manifest.environments import UnknownEnvironmentError
from ecr_access.manifest.grantees import principals, repeated
from ecr_access.manifest.layers import TAGS, Layer
from ecr_access.manifest.lifecycle import lifecycle
from ecr_access.manifest.model import EncryptionEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ecr_access.manifest.entry import Entry
    from ecr_access.manifest.model import Environment, Tags

LEVELS: Final = ("pull", "push", "pull_push", "read")


@dataclass(frozen=True)
class Known:
    """What a manifest's entries may name: its roles by their keys, and its environments by their names.

    Where it is not the whole manifest, a file that cannot be read may have others.
    """

    roles: Collection[str]
    environments: dict[str, Environment] = field(default_factory=dict)
    is_whole: bool = True


def layer(entry: Entry, title: str, known: Known) -> Layer:
    """Read what a repository or defaults say."""
    said = {**access(entry, known), **environment_names(entry, known)}
    for key, read in _READERS.items():
        if (there := entry[key]).is_given and (value := read(there)) is not None:
            said[key] = value
    replaced = entry["replaces"]
    repeated([(one, one.text()) for one in replaced.items()])
    return Layer(title, entry.place, said, frozenset(replaced.texts() or ()))


def access(entry: Entry, known: Known) -> dict[str, Any]:
    """Read the principals of each level that is given, and the accounts of Lambda functions."""
    read = partial(read_principal, roles=known.roles)
    said: dict[str, Any] = {level: principals(entry[level], read) for level in LEVELS if entry[level].is_given}
    if (accounts := entry["lambda_accounts"]).is_given:
        said["lambda_accounts"] = _different_texts(accounts)
    return said


def environment_names(entry: Entry, known: Known) -> dict[str, tuple[str, ...]]:
    """Read the names of environments, each of which the manifest has."""
    names = entry["environments"]
    if not names.is_given:
        return {}
    for one in names.items():
        if known.is_whole and (text := one.text()) is not None and text not in known.environments:
            one.wrong(UnknownEnvironmentError(text, known.environments))
    return {"environments": _different_texts(names)}


def tags(entry: Entry) -> Tags:
    """Read resource tags."""
    return tuple((key, text) for key, member in entry.members().items() if (text := member.text()) is not None)


def _different_texts(entry: Entry) -> tuple[str, ...]:
    repeated([(one, one.text()) for one in entry.items()])
    return entry.texts() or ()


def _encryption(entry: Entry) -> EncryptionEntry | None:
    kind = entry.text() or entry["type"].text()
    return EncryptionEntry(kind, entry["key"].text()) if kind else None


_READERS: Final[dict[str, Callable[[Entry], object]]] = {
    "encryption": _encryption,
    "lifecycle": lifecycle,
    "tag_mutability": lambda entry: entry.text(),
    "mutability_exclusions": _different_texts,
    "scan_on_push": lambda entry: entry.boolean(),
    "removal_policy": lambda entry: entry.text(),
    "empty_on_delete": lambda entry: entry.boolean(),
    TAGS: tags,
}
