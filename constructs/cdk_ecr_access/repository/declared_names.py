"""The names of the repositories of an app: one registry, which is an account's in a Region, takes each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.access_check.stack_contents import StackContents
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import cfn_repository_of, key_of, resources_in
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, registry_of, root_of
from cdk_ecr_access.cdk.synthesis import Synthesis
from cdk_ecr_access.repository.name_errors import changed, repeated
from cdk_ecr_access.repository.names_in_bulk import errors_in_bulk
from cdk_ecr_access.repository.unseen_consumers import is_codebuild_used, warn_of_unseen
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

    from cdk_ecr_access.repository.name_errors import Place
    from cdk_ecr_access.repository.names_in_bulk import NamesInBulk


class DeclaredNames:
    """What an app calls its repositories; a name that is there twice is an error at synth.

    Only what is known: two stacks without an account or a Region may be deployed to different ones.
    """

    def __init__(self, root: IConstruct) -> None:
        self._root = root
        self._repositories: dict[Place, list[ecr.Repository]] = {}
        self._stacks: dict[Place, Stack] = {}
        self._in_bulk: list[tuple[Place, NamesInBulk]] = []
        root.node.add_validation(lazy_values.Validation(self._errors))

    @classmethod
    def of(cls, stack: Stack) -> DeclaredNames:
        """Return the names of the app that a stack is in."""
        return _of(root_of(stack))

    def add(self, repository: ecr.Repository, name: str, stack: Stack) -> None:
        """Add a repository with a name that is known."""
        place = (*_where(stack), name)
        self._repositories.setdefault(place, []).append(repository)
        self._stacks[place] = stack

    def add_in_bulk(self, names: NamesInBulk, stack: Stack) -> None:
        """Add repositories that were made in bulk."""
        self._in_bulk.append((_where(stack), names))

    def _errors(self) -> list[str]:
        declared = self._repositories if self._in_bulk or is_codebuild_used() else dict(self._in_doubt())
        if not declared and not self._in_bulk:
            return []
        in_tree = {key_of(leaf) for leaf in resources_in(self._root, "AWS::ECR::Repository")}
        places = {place: _those_in(in_tree, found) for place, found in declared.items()}
        warn_of_unseen(self._root, [one for found in places.values() for one in found])
        paths = {place: [one.node.path for one in found] for place, found in places.items()} if self._in_bulk else {}
        return [*_renamed(places), *_repeated(places), *errors_in_bulk(self._in_bulk, paths)]

    def _in_doubt(self) -> Iterator[tuple[Place, list[ecr.Repository]]]:
        """Yield the names that several repositories were given, or that their stack does not have any more.

        The names of a stack were read with the policies that a check rests on; each repository is another crossing.
        """
        for place, repositories in self._repositories.items():
            stack = self._stacks[place]
            names = Synthesis.of(stack).once(StackContents, stack).repository_names
            if len(repositories) > 1 or place[-1] not in names:
                yield place, repositories


@per_construct
def _of(root: IConstruct) -> DeclaredNames:
    return DeclaredNames(root)


def _where(stack: Stack) -> Place:
    """Tell the registry of a stack, or else the stack."""
    registry = registry_of(stack)
    known = not is_token(f"{registry.account}{registry.region}")
    return (registry.account, registry.region) if known else (node_of(stack).path,)


def _renamed(places: Mapping[Place, Sequence[ecr.Repository]]) -> Iterator[str]:
    """Find the names that an aspect, a property injector or an assignment to the L1 has changed since."""
    for place, repositories in places.items():
        for one in repositories:
            name = cfn_repository_of(one).repository_name
            if name is not None and name != place[-1] and not is_token(name):
                yield changed(one.node.path, place[-1], name)


def _repeated(places: Mapping[Place, Sequence[ecr.Repository]]) -> Iterator[str]:
    """Find the names that several repositories of the tree have."""
    for place, repositories in places.items():
        if len(repositories) > 1:
            yield repeated(place, [one.node.path for one in repositories])


def _those_in(tree: Container[str], repositories: Sequence[ecr.Repository]) -> list[ecr.Repository]:
    """Return the repositories that have not been removed from the tree."""
    return [one for one in repositories if key_of(cfn_repository_of(one)) in tree]
