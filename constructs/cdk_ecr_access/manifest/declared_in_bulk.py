"""What a manifest declares, its repositories made in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import PropertyInjectors
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.logical_ids import LogicalIds
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.manifest.declared import Declared
from cdk_ecr_access.manifest.draft import Draft
from cdk_ecr_access.manifest.included import Included
from cdk_ecr_access.repository.declared_names import DeclaredNames
from ecr_access.codes import Code
from ecr_access.manifest.deployed import repository_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from cdk_ecr_access.manifest.bulk_repository import BulkRepository
    from ecr_access.manifest import Manifest, Problem, RepositoryEntry


class DeclaredInBulk(Declared):
    """What a manifest declares, its repositories made all at once: thousands of them.

    Renders what ``DeclaredRepositories`` renders, under the same logical ids, for little more than a hand-written
    ``CfnRepository`` costs: one crossing into the CDK's process makes the repositories of a stack. Roles and existing
    repositories are constructs. A repository is none, but its ``CfnRepository`` is in the tree, where tags and aspects
    of any scope find it. An aspect that looks for ``aws_ecr.Repository`` finds none.

    The constructor raises a ``ValueError`` as well where the stack gives logical ids by a rule of its own, and where
    a scope has a property injector for ``aws_ecr.Repository``, which nothing would ask.

    https://docs.aws.amazon.com/cdk/v2/guide/use-cfn-template.html
    """

    @property
    def repositories(self) -> Mapping[str, BulkRepository]:
        """The repositories made, by their name."""
        return self._included

    def _make(self, entry: RepositoryEntry) -> None:
        self._made[entry.name] = Draft(entry, self._ids.of(repository_id(entry.name)), self)

    def _make_repositories(self, manifest: Manifest) -> Iterator[Problem]:
        _refuse_injectors(self)
        self._ids = LogicalIds(self)
        yield from super()._make_repositories(manifest)

    def _finish(self) -> None:
        drafts = [cast("Draft", one) for one in self._made.values()]
        self._included = Included(self, drafts)
        DeclaredNames.of(stack_of(self)).add_in_bulk(self._included.names, stack_of(self))


def _refuse_injectors(scope: Construct) -> None:
    """Refuse what would inject properties into the constructs of repositories: there are none.

    Raises:
        ValueError: naming the scope that has it.
    """
    for one in scope.node.scopes:
        if PropertyInjectors.has_property_injectors(one):
            injectors = PropertyInjectors.of(one)
            if injectors.for_(ecr.Repository.PROPERTY_INJECTION_ID) is not None:
                raise Code.NOT_IN_BULK.error(
                    f"'{one.node.path or 'the app'}' has a property injector for aws_ecr.Repository, and repositories "
                    "in bulk are no constructs that it could inject properties into; write the properties in the "
                    "manifest, use an aspect for ecr.CfnRepository, or use DeclaredRepositories instead"
                )
