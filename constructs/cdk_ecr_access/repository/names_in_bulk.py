"""The names of repositories that were made in bulk, as the names of an app are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.access_check.declared_policies import CHECK_ID
from cdk_ecr_access.access_check.stack_contents import StackContents
from cdk_ecr_access.cdk.stacks import node_of, stack_of
from cdk_ecr_access.cdk.synthesis import Synthesis
from cdk_ecr_access.repository.name_errors import changed, repeated
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import Construct

    from cdk_ecr_access.repository.name_errors import Place


class NamesInBulk:
    """The names of the repositories of one scope."""

    def __init__(
        self, scope: Construct, names: Mapping[str, str], resource: Callable[[str], ecr.CfnRepository]
    ) -> None:
        """Take them.

        Args:
            scope: which declares them.
            names: the logical ids, by the names.
            resource: finds the resource by its name.
        """
        self.names = names
        self._scope = scope
        self._resource = resource
        self._path = scope.node.path

    @property
    def is_in_tree(self) -> bool:
        """Whether the scope has not been taken from the tree."""
        scope = self._scope.node.scope
        return scope is not None and scope.node.try_find_child(self._scope.node.id) is self._scope

    def path(self, name: str) -> str:
        """Return what messages call a repository."""
        return f"{self._path}/{self.names[name]}"

    def renamed(self) -> Iterator[str]:
        """Say which names something has changed since: what is missing in the stack is looked up."""
        there = _contents(stack_of(self._scope)).repository_names
        for old in self.names:
            if old not in there and self.is_in_tree:
                new = self._resource(old).repository_name
                if new is not None and not is_token(new):
                    yield changed(self.path(old), old, new)


def errors_in_bulk(in_bulk: Sequence[tuple[Place, NamesInBulk]], others: Mapping[Place, Sequence[str]]) -> list[str]:
    """Say what is wrong with the names of repositories in bulk.

    Args:
        in_bulk: the names, each with where they are.
        others: the paths of the constructs of repositories, by their places.
    """
    paths: dict[Place, list[str]] = {}
    for where, names in in_bulk:
        for name in names.names if names.is_in_tree else ():
            paths.setdefault((*where, name), []).append(names.path(name))
    both = {place: [*others.get(place, ()), *found] for place, found in paths.items()}
    twice = [repeated(place, found) for place, found in both.items() if len(found) > 1]
    return [*(error for _, names in in_bulk for error in names.renamed()), *twice]


def _contents(stack: Stack) -> StackContents:
    """Return what a stack holds; where it has a check, that has read it in this synthesis."""
    has_check = node_of(stack).try_find_child(CHECK_ID) is not None
    return Synthesis.of(stack).once(StackContents, stack) if has_check else StackContents(stack)
