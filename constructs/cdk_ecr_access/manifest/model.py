"""A manifest as typed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_ecr_access.principal_names import OutsideName, PrincipalName


@dataclass(frozen=True)
class RoleEntry:
    """A role to make; assumed by this account's principals where nobody is named."""

    key: str
    assumed_by: tuple[OutsideName, ...] = ()


@dataclass(frozen=True)
class RepositoryEntry:
    """A repository to make, and who pulls from it and pushes to it."""

    name: str
    pull: tuple[PrincipalName, ...] = ()
    push: tuple[PrincipalName, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What to make, in the order in which it was declared, and where that was."""

    source: str
    repositories: tuple[RepositoryEntry, ...]
    roles: tuple[RoleEntry, ...] = ()
