"""Plain values to a manifest, or everything that is wrong with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from cdk_ecr_access.manifest.entry import Entry
from cdk_ecr_access.manifest.errors import ManifestError, Problem
from cdk_ecr_access.manifest.model import Manifest, RepositoryEntry, RoleEntry
from cdk_ecr_access.names import name_error
from cdk_ecr_access.principal_names import read_outside, read_principal, role_key_error
from cdk_ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

_REPOSITORY: Final = '{"name": "team/app", "pull": ["111122223333"], "push": ["ci"]}'
_REPOSITORIES: Final = f"[{_REPOSITORY}]"
_MANIFEST: Final = f'{{"repositories": {_REPOSITORIES}}}'
_ROLE: Final = '{}, or {"assumed_by": ["codebuild.amazonaws.com"]}'
_ROLES: Final = '{"ci": {}}'
_PRINCIPALS: Final = '["ci"]'

Name = TypeVar("Name", bound="Hashable")


def parse_manifest(value: object, *, source: str) -> Manifest:
    """Make a manifest of plain values: what JSON or YAML held.

    Args:
        value: a mapping with ``repositories`` and, where roles are to be made, ``roles``.
        source: where it came from, for messages.

    Raises:
        ManifestError: with everything that is wrong, each with the path of the entry.
    """
    problems: list[Problem] = []
    top = Entry("", value, problems)
    fields = top.fields(required=["repositories"], optional=["roles"], example=_MANIFEST)
    roles, keys = _roles(fields["roles"]) if "roles" in fields else ((), ())
    repositories = _repositories(fields["repositories"], keys) if "repositories" in fields else ()
    if problems:
        raise ManifestError(source, problems)
    return Manifest(source, repositories, roles)


def _roles(entry: Entry) -> tuple[tuple[RoleEntry, ...], tuple[str, ...]]:
    """Read the roles, and their keys: also of a role that is wrong, so that its uses are not reported too."""
    members = entry.members(example=_ROLES) or {}
    roles = []
    for key, member in members.items():
        if problem := role_key_error(key):
            member.wrong(problem)
        fields = member.fields(required=[], optional=["assumed_by"], example=_ROLE)
        assumed_by = _principals(fields["assumed_by"], read_outside) if "assumed_by" in fields else ()
        if "assumed_by" in fields and fields["assumed_by"].value == []:
            fields["assumed_by"].wrong("nobody could assume the role; leave the key out for this account")
        roles.append(RoleEntry(key, assumed_by))
    return tuple(roles), tuple(members)


def _repositories(entry: Entry, roles: Collection[str]) -> tuple[RepositoryEntry, ...]:
    items = entry.items(example=_REPOSITORIES)
    if not items and entry.value == []:
        entry.wrong(f"no repository is declared; write {_REPOSITORIES}")
    repositories = []
    names: list[tuple[Entry, str]] = []
    for item in items:
        fields = item.fields(required=["name"], optional=["pull", "push"], example=_REPOSITORY)
        name = fields["name"].text() if "name" in fields else None
        if name is not None:
            names.append((fields["name"], name))
            if problem := name_error(name):
                fields["name"].wrong(problem)
        access = {
            level: _principals(fields[level], partial(read_principal, roles=roles))
            for level in ("pull", "push")
            if level in fields
        }
        repositories.append(RepositoryEntry(name or "", **access))
    _note_repeated(names)
    return tuple(repositories)


def _principals(entry: Entry, read: Callable[[str], Name]) -> tuple[Name, ...]:
    principals: list[tuple[Entry, Name]] = []
    for item in entry.items(example=_PRINCIPALS):
        text = item.text()
        if text is None:
            continue
        try:
            principals.append((item, read(text)))
        except ValueError as error:
            item.wrong(str(error))
    _note_repeated(principals)
    return tuple(principal for _, principal in principals)


def _note_repeated(found: list[tuple[Entry, Name]]) -> None:
    """Note what was given before; the first of its kind is right."""
    first: dict[Name, Entry] = {}
    for entry, value in found:
        if first.setdefault(value, entry) is not entry:
            entry.wrong(f"{quoted(str(entry.value))} was given before, at {first[value].path}; keep one")
