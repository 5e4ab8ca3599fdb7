"""A manifest as typed values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ecr_access.manifest.errors import Problem
from ecr_access.manifest.layers import speaking
from ecr_access.manifest.split import stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.iam.principal_names import ExternalPrincipal, PrincipalName
    from ecr_access.manifest.layers import Layer
    from ecr_access.manifest.places import Place

Tags = tuple[tuple[str, str], ...]
"""Keys and values of resource tags."""


@dataclass(frozen=True)
class Environment:
    """An account and a Region, by the name that the manifest gives them; without one, those at the top.

    None where the manifest leaves it to its stack. The repositories are spread over so many ``stacks``.
    """

    name: str = ""
    account: str | None = None
    region: str | None = None
    stacks: int = 1


@dataclass(frozen=True)
class RoleEntry:
    """A role to make in some environments. By default, the principals of this account may assume it."""

    key: str
    assumed_by: tuple[ExternalPrincipal, ...] = ()
    environments: tuple[Environment, ...] = (Environment(),)
    tags: Tags = ()
    is_used: bool = True
    """Whether a repository of the manifest names it, in whichever stack."""


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
    """Who is granted what on a repository, in which environment, and the layers of settings that say so."""

    environment: Environment = Environment()
    layers: tuple[Layer, ...] = field(default=(), compare=False, repr=False)
    pull: tuple[PrincipalName, ...] = ()
    push: tuple[PrincipalName, ...] = ()
    pull_push: tuple[PrincipalName, ...] = ()
    read: tuple[PrincipalName, ...] = ()
    lambda_accounts: tuple[str, ...] = ()

    @property
    def levels(self) -> dict[str, tuple[PrincipalName, ...]]:
        """The principals, by the key that they are listed under."""
        return {"pull": self.pull, "push": self.push, "pull_push": self.pull_push, "read": self.read}

    @property
    def place(self) -> Place:
        """Where it is declared."""
        return self.layers[-1].place

    def said_by(self, key: str, item: object = None) -> tuple[Layer, Place]:
        """Return the layer that says a setting, or an item of a list, and where; for what none says, its own."""
        for layer in reversed(speaking(self.layers, key)):
            if item is None or item in layer.said[key]:
                return layer, layer.place_of(key, item)
        return self.layers[-1], self.place

    def problem(self, message: str, key: str = "", item: object = None) -> Problem:
        """Say what is wrong with it, or with one of its settings, and where that is written."""
        return self.said_by(key, item)[1].problem(message) if self.layers else Problem(key, message)


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
    recheck: str | None = None
    images: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What to make, in the order in which it was declared, and where that was.

    Every repository is expanded: it has all that its own entry and the defaults of its file and prefixes say.

    Attributes:
        source: the file or folder, or the context.
        account: at the top of the manifest; None where it leaves that to its stack.
        region: the same.
        repositories: each once for each of its environments.
        roles: each with the environments that it is made in.
        existing: each once for each of its environments.
        check: the settings of the access check of each environment's stack.
        tags: of all that is made, in every environment.
        stack: which of its environment's stacks it is for, counted from 1; None for all of them.
        places: where the account, the region, the settings of the check and the numbers of stacks are written.
    """

    source: str
    account: str | None = None
    region: str | None = None
    repositories: tuple[RepositoryEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    existing: tuple[ExistingEntry, ...] = ()
    check: CheckEntry = field(default_factory=CheckEntry)
    tags: Tags = ()
    stack: int | None = None
    places: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """The environments that something is declared in, by their names; the one at the top first."""
        entries = (*self.repositories, *self.existing)
        found = {one.environment for one in entries} | {there for one in self.roles for there in one.environments}
        return tuple(sorted(found, key=lambda one: one.name))

    @cached_property
    def _spread(self) -> dict[tuple[Environment, int | None], tuple[RepositoryEntry, ...]]:
        """The repositories of each environment, and of each of its stacks: one pass for a fleet of many stacks."""
        found: dict[tuple[Environment, int | None], list[RepositoryEntry]] = {}
        for one in self.repositories:
            for stack in (None, stack_of(one.name, one.environment.stacks)):
                found.setdefault((one.environment, stack), []).append(one)
        return {key: tuple(entries) for key, entries in found.items()}

    def of(self, environment: Environment, stack: int | None = None) -> Manifest:
        """Return the manifest of what is declared in one environment, or in one of its stacks.

        The first stack has the roles, which stay what they are when there are more stacks, and the existing
        repositories. Every stack has its repositories, by their names.

        Args:
            environment: of the manifest.
            stack: the number of the stack, from 1 to ``environment.stacks``. Default: what all of them hold.
        """
        is_first = stack in (None, 1)
        return replace(
            self,
            account=environment.account if environment.name else self.account,
            region=environment.region if environment.name else self.region,
            repositories=self._spread.get((environment, stack), ()),
            roles=tuple(
                replace(one, environments=(environment,))
                for one in self.roles
                if is_first and environment in one.environments
            ),
            existing=tuple(one for one in self.existing if is_first and one.environment == environment),
            stack=stack,
        )

    def parts(self, environment: Environment) -> Iterator[tuple[int, Manifest]]:
        """Yield the number and the manifest of each stack of an environment that has something, as a stack must."""
        for number in range(1, environment.stacks + 1):
            part = self.of(environment, number)
            if part.repositories or part.roles or part.existing:
                yield number, part

    def stacks_key(self, environment: Environment) -> str:
        """Return the path of the key that says how many stacks an environment has: its own, or the one at the top."""
        own = f"environments.{environment.name}.stacks"
        return own if own in self.places else "stacks"

    def problem(self, key: str, message: str, *path: str) -> Problem:
        """Say what is wrong with a key at the top, or with what is in it, and where that is."""
        place = self.places.get(key)
        return place.inside(*path).problem(message) if place else Problem(".".join((key, *path)), message)
