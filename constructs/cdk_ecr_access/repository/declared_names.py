"""The names of the repositories of an app: one registry, which is an account's in a Region, takes each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import cfn_repository_of, resources_in
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, registry_of
from cdk_ecr_access.repository.unseen_consumers import warn_of_unseen
from ecr_access.codes import Code
from ecr_access.tokens import is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from aws_cdk import CfnResource, Stack
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
        in_tree = {_reference(leaf) for leaf in resources_in(self._root, "AWS::ECR::Repository")}
        places = {place: _those_in(in_tree, found) for place, found in self._repositories.items()}
        warn_of_unseen(self._root, [one for found in places.values() for one in found])
        return [*_renamed(places), *_repeated(places)]


@per_construct
def _around(stack: Stack) -> DeclaredNames:
    return _of(node_of(stack).root)


@per_construct
def _of(root: IConstruct) -> DeclaredNames:
    return DeclaredNames(root)


def _renamed(places: Mapping[Place, Sequence[ecr.Repository]]) -> Iterator[str]:
    """Find the names that an aspect, a property injector or an assignment to the L1 has changed since."""
    for place, repositories in places.items():
        for one in repositories:
            name = cfn_repository_of(one).repository_name
            if name is not None and name != place[-1] and not is_token(name):
                yield Code.NAME_CHANGED.ends(
                    f"repository '{one.node.path}' was declared as {quoted(place[-1])}, and an aspect, a property "
                    f"injector or an assignment has named it {quoted(name)} since; its grants and its check name "
                    "the first; give the final name to the constructor, as repository_name"
                )


def _repeated(places: Mapping[Place, Sequence[ecr.Repository]]) -> Iterator[str]:
    """Find the names that several repositories of the tree have."""
    for (*where, name), repositories in places.items():
        if len(repositories) > 1:
            paths = ", ".join(quoted(one.node.path) for one in repositories)
            stands = f"in stack '{where[0]}'" if len(where) == 1 else f"in account {where[0]}, Region {where[1]}"
            yield Code.NAME_TWICE.ends(
                f"repository name {quoted(name)} is declared {len(repositories)} times {stands}: {paths}; a registry "
                "takes a name once; declare it once, and use it elsewhere by reference or with ExistingRepository"
            )


def _those_in(tree: Container[str], repositories: Sequence[ecr.Repository]) -> list[ecr.Repository]:
    """Return the repositories that have not been removed from the tree."""
    return [one for one in repositories if _reference(cfn_repository_of(one)) in tree]


def _reference(resource: CfnResource) -> str:
    """Name a resource as the CDK does: in Python it is another object each time that it comes out of the CDK."""
    return cast("str", resource.__jsii_ref__.ref)  # type: ignore[attr-defined]
