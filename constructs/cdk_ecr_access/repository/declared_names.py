"""The names of the repositories of an app: one registry, which is an account's in a Region, takes each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import cfn_repository_of
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, registry_of
from cdk_ecr_access.repository.unseen_consumers import warn_of_unseen
from ecr_access.codes import Code
from ecr_access.tokens import is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

    Place = tuple[str, ...]


class DeclaredNames:
    """What an app calls its repositories; a name that is there twice is an error at synth.

    Only what is known: two stacks without an account or a Region may be deployed to different ones.
    """

    def __init__(self, root: IConstruct) -> None:
        self._root = root
        self._repositories: dict[Place, list[ecr.Repository]] = {}
        root.node.add_validation(lazy_values.Validation(self._errors))

    @classmethod
    def of(cls, stack: Stack) -> DeclaredNames:
        """Return the names of the app that a stack is in."""
        return _around(stack)

    def add(self, repository: ecr.Repository, name: str, stack: Stack) -> None:
        """Add a repository with a name that is known."""
        registry = registry_of(stack)
        known = not is_token(f"{registry.account}{registry.region}")
        place = (registry.account, registry.region, name) if known else (node_of(stack).path, name)
        self._repositories.setdefault(place, []).append(repository)

    def _errors(self) -> list[str]:
        there = [one for found in self._repositories.values() for one in found if _is_in_tree(one)]
        warn_of_unseen(self._root, there)
        return [*self._renamed(), *self._repeated()]

    def _renamed(self) -> Iterator[str]:
        """Find the names that an aspect, a property injector or an assignment to the L1 has changed since."""
        for place, repositories in self._repositories.items():
            for one in filter(_is_in_tree, repositories):
                name = cfn_repository_of(one).repository_name
                if name is not None and name != place[-1] and not is_token(name):
                    yield Code.NAME_CHANGED.ends(
                        f"repository '{one.node.path}' was declared as {quoted(place[-1])}, and an aspect, a property "
                        f"injector or an assignment has named it {quoted(name)} since; its grants and its check name "
                        "the first; give the final name to the constructor, as repository_name"
                    )

    def _repeated(self) -> list[str]:
        several = [(place, found) for place, found in self._repositories.items() if len(found) > 1]
        return [error for place, found in several if (error := _error(place, found))]


@per_construct
def _around(stack: Stack) -> DeclaredNames:
    return _of(node_of(stack).root)


@per_construct
def _of(root: IConstruct) -> DeclaredNames:
    return DeclaredNames(root)


def _error(place: Place, repositories: list[ecr.Repository]) -> str:
    """Say that several repositories of the tree have one name; empty if all but one were removed from it."""
    paths = [one.node.path for one in repositories if _is_in_tree(one)]
    if len(paths) <= 1:
        return ""
    *where, name = place
    stands = f"in stack '{where[0]}'" if len(where) == 1 else f"in account {where[0]}, Region {where[1]}"
    return Code.NAME_TWICE.ends(
        f"repository name {quoted(name)} is declared {len(paths)} times {stands}: {', '.join(map(quoted, paths))}; a "
        "registry takes a name once; declare it once, and use it elsewhere by reference or with ExistingRepository"
    )


def _is_in_tree(repository: ecr.Repository) -> bool:
    scope = repository.node.scope
    return scope is not None and scope.node.try_find_child(repository.node.id) is repository
