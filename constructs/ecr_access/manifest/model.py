"""A manifest as typed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecr_access.manifest.errors import Problem
from ecr_access.manifest.places import written

if TYPE_CHECKING:
    from ecr_access.documents.document import Lines, Path
    from ecr_access.iam.principal_names import ExternalPrincipal, PrincipalName

Tags = tuple[tuple[str, str], ...]
"""Keys and values of resource tags."""


@dataclass(frozen=True)
class RoleEntry:
    """A role to make. By default, the principals of this account may assume it."""

    key: str
    assumed_by: tuple[ExternalPrincipal, ...] = ()


@dataclass(frozen=True)
class EncryptionEntry:
    """How images are encrypted, and the ARN of the customer managed key, if it is one."""

    type: str
    key: str | None = None


@dataclass(frozen=True)
class LifecycleEntry:
    """A lifecycle rule; one of the four counts is given."""

    action: str = "expire"
    description: str | None = None
    tag_status: str | None = None
    tag_prefixes: tuple[str, ...] | None = None
    tag_patterns: tuple[str, ...] | None = None
    max_image_count: int | None = None
    max_image_age_days: int | None = None
    not_pulled_for_days: int | None = None
    archived_for_days: int | None = None
    priority: int | None = None


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who is granted what on a repository."""

    pull: tuple[PrincipalName, ...] = ()
    push: tuple[PrincipalName, ...] = ()
    pull_push: tuple[PrincipalName, ...] = ()
    read: tuple[PrincipalName, ...] = ()
    lambda_accounts: tuple[str, ...] = ()

    @property
    def levels(self) -> dict[str, tuple[PrincipalName, ...]]:
        """The principals, by the key that they are listed under."""
        return {"pull": self.pull, "push": self.push, "pull_push": self.pull_push, "read": self.read}


@dataclass(frozen=True, kw_only=True)
class RepositoryEntry(Access):
    """A repository to make; None where the default of the construct holds."""

    name: str
    encryption: EncryptionEntry | None = None
    lifecycle: tuple[LifecycleEntry, ...] | None = None
    tag_mutability: str | None = None
    mutability_exclusions: tuple[str, ...] = ()
    scan_on_push: bool | None = None
    removal_policy: str = "retain_on_update_or_delete"
    empty_on_delete: bool | None = None
    tags: Tags = ()


@dataclass(frozen=True, kw_only=True)
class ExistingEntry(Access):
    """A repository that exists already, by its name in this account or by its ARN."""

    name: str | None = None
    arn: str | None = None
    policy_covers_grants: bool = False

    @property
    def called(self) -> str:
        """The ARN, or else the name."""
        return self.arn or self.name or ""


@dataclass(frozen=True, kw_only=True)
class CheckEntry:
    """The settings of the stack's access check; None, or nothing, where its default holds."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    log_retention_days: int | None = None
    log_encryption_key: str | None = None
    propagation_seconds: int | None = None
    allow_undetermined: bool | None = None
    report_only: bool | None = None
    log_allowed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What to make, in the order in which it was declared, and where that was.

    ``account`` and ``region`` are where it is deployed; None where the manifest leaves that to its stack.
    """

    source: str
    account: str | None = None
    region: str | None = None
    repositories: tuple[RepositoryEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    existing: tuple[ExistingEntry, ...] = ()
    check: CheckEntry = field(default_factory=CheckEntry)
    tags: Tags = ()
    lines: Lines | None = field(default=None, compare=False, repr=False)

    def problem(self, path: Path, message: str) -> Problem:
        """Say what is wrong with an entry, and where that is."""
        return Problem(written(path), message, self.lines.of(path) if self.lines else None)
