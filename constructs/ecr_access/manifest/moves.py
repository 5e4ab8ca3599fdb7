"""How deployed repositories move when the number of their stacks changes, without losing an image.

``cdk orphan`` takes repositories out of a stack and deletes nothing; the next deployment imports them into another one.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ecr_access.manifest.deployed import DECLARED, STACK, repository_id, stack_name
from ecr_access.manifest.environments import UnknownEnvironmentError
from ecr_access.manifest.split import moves, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.manifest.model import Environment, Manifest, RepositoryEntry
    from ecr_access.manifest.places import Place

FOLDER: Final = "cdk.moves"
"""Where the present stacks are synthesized for ``cdk orphan``, which takes the paths of constructs."""


@dataclass(frozen=True)
class Moved:
    """A repository that moves from one stack to another."""

    repository: RepositoryEntry
    from_stack: str
    to_stack: str

    @property
    def path(self) -> str:
        """The path of its construct, by which ``cdk orphan`` finds its resource."""
        return f"{self.from_stack}/{DECLARED}/{repository_id(self.repository.name)}"

    @property
    def is_deleted_with_stack(self) -> bool:
        """Whether CloudFormation would delete it with its stack, and so does not import it."""
        return self.repository.removal_policy == "destroy"


@dataclass(frozen=True)
class Plan:
    """What is to be done so that environments have so many stacks.

    Attributes:
        manifest: as it is deployed.
        environments: whose number is another one.
        stacks: how many there are to be.
        key: the path of the key that holds the number.
        base: what the names of the stacks start with.
    """

    manifest: Manifest
    environments: tuple[Environment, ...]
    stacks: int
    key: str
    base: str

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """The repositories that move, by the stacks that they leave, and then by their names."""
        return tuple(one for there in self.environments for one in self._moved(there))

    @property
    def place(self) -> Place | None:
        """Where the number is written; None if it is not there yet."""
        return self.manifest.places.get(self.key)

    @property
    def changed_policies(self) -> list[str]:
        """The repositories whose removal policy has to be another one while they move."""
        return sorted({one.repository.name for one in self.moved if one.is_deleted_with_stack})

    @property
    def detaching(self) -> list[str]:
        """The commands that detach the repositories from their stacks; ``cdk orphan`` takes those of one stack."""
        orphan = ("cdk", "orphan", "--app", FOLDER, "--unstable=orphan", "--yes")
        orphans = [
            shlex.join([*orphan, *(one.path for one in leaving)])
            for _, leaving in groupby(self.moved, key=lambda one: one.from_stack)
        ]
        return [f"cdk synth --quiet --output {FOLDER} -c bulk=false", *orphans] if orphans or self._gone else []

    @property
    def deploying(self) -> list[str]:
        """The command that deploys all stacks, and imports what was detached."""
        return [f"cdk deploy --all{' --import-existing-resources' if self.moved else ''}"] if self.environments else []

    @property
    def destroying(self) -> list[str]:
        """The command that deletes the stacks that have nothing left, such as where there are to be fewer."""
        destroy = ("cdk", "destroy", "--app", FOLDER, "--exclusively", "--force")
        return [shlex.join([*destroy, *self._gone])] if self._gone else []

    @cached_property
    def _gone(self) -> list[str]:
        """The stacks that have something now, and nothing then."""
        return [
            stack_name(there, number, base=self.base)
            for there in self.environments
            for kept in [self._kept(there)]
            for number, _ in self.manifest.parts(there)
            if number not in kept
        ]

    def _kept(self, there: Environment) -> set[int]:
        whole = self.manifest.of(there)
        spread = {stack_of(one.name, self.stacks) for one in whole.repositories}
        return spread | {1} if whole.roles or whole.existing else spread

    def _moved(self, there: Environment) -> Iterator[Moved]:
        entries = {one.name: one for one in self.manifest.of(there).repositories}
        for one in sorted(moves(entries, before=there.stacks, after=self.stacks), key=lambda one: one.before):
            before, after = (stack_name(there, number, base=self.base) for number in (one.before, one.after))
            yield Moved(entries[one.name], before, after)


def plan(manifest: Manifest, stacks: int, *, environment: str | None = None, base: str = STACK) -> Plan:
    """Plan how environments get another number of stacks.

    Args:
        manifest: as it is deployed.
        stacks: how many there are to be.
        environment: the name of the only one that changes. Default: all that have the number at the top.
        base: what the names of the stacks start with.

    Raises:
        UnknownEnvironmentError: if the manifest declares nothing in an environment of this name.
    """
    if environment is None:
        found = [one for one in manifest.environments if manifest.stacks_key(one) == "stacks" and one.stacks != stacks]
        return Plan(manifest, tuple(found), stacks, "stacks", base)
    found = [one for one in manifest.environments if one.name == environment]
    if not found:
        raise UnknownEnvironmentError(environment, [one.name for one in manifest.environments if one.name])
    others = tuple(one for one in found if one.stacks != stacks)
    return Plan(manifest, others, stacks, f"environments.{environment}.stacks", base)
