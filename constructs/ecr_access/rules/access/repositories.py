"""The repositories that an app declares or looks up, with their policies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import REPOSITORY, may_be_named
from ecr_access.iam.arns import repository_at
from ecr_access.iam.repository_policy import RepositoryPolicy
from ecr_access.iam.ternary import Ternary, any_of
from ecr_access.iam.unknown_text import equal, is_known
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.access.resource_policies import document_of
from ecr_access.rules.access.statements import Statement, documents_of, is_whole, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

_CHECK: Final = "Custom::EcrAccessCheck"


@dataclass(frozen=True)
class Repository:
    """One that the app declares.

    Attributes:
        resource: where it is declared.
        arn: as a text.
        statements: of its policy.
        has_whole_policy: whether these are all for sure; so they are where it has none.
    """

    resource: Resource
    arn: str
    statements: tuple[Statement, ...]
    has_whole_policy: bool = True

    @property
    def name(self) -> str:
        """As a text."""
        return self.arn.partition("/")[2]

    @cached_property
    def policy(self) -> RepositoryPolicy:
        """Its policy, as far as it is known, as the policy kernel reads it."""
        return self._policy_of(self.statements)

    @cached_property
    def denials(self) -> RepositoryPolicy:
        """What of its policy denies: little or nothing, where the policy may name hundreds of principals."""
        return self._policy_of(tuple(one for one in self.statements if not one.allows))

    def _policy_of(self, statements: tuple[Statement, ...]) -> RepositoryPolicy:
        documents = documents_of(statements, self.resource.logical_id)
        return RepositoryPolicy(repository_at(self.arn), tuple(documents))


class Repositories:
    """All of an app."""

    def __init__(
        self,
        templates: Sequence[Template],
        resolver: Resolver,
        looked_up: Iterable[str] = (),
        existing: Iterable[str] = (),
    ) -> None:
        """Gather them. A repository that is looked up is known by its ARN, another existing one by its name."""
        self._is_whole = not resolver.nesting.unread and all(template.is_whole for template in templates)
        self._all: list[Repository] = []
        self._declared: dict[str, Repository] = {}
        self._looked_up = list(looked_up)
        self._existing = tuple(existing)
        for template in templates:
            for resource in template.of_type(REPOSITORY):
                arn = resolver.text({"Fn::GetAtt": [resource.logical_id, "Arn"]}, template)
                given = resource.properties.get("RepositoryPolicyText")
                document = None if given is None else document_of(given, resolver, template)
                statements = tuple(statements_of(document, resolver, template, "Properties.RepositoryPolicyText"))
                self._all.append(Repository(resource, arn, statements, document is None or is_whole(document)))
                self._declared[arn] = self._all[-1]
            for check in template.of_type(_CHECK):
                self._looked_up += resolver.texts(check.properties.get("Existing"), template)

    def __iter__(self) -> Iterator[Repository]:
        """Yield each that is declared."""
        return iter(self._all)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of those that are declared, as texts."""
        return frozenset(one.name for one in self._all)

    def of_arn(self, arn: str) -> Repository | None:
        """Return the one of an ARN, if the app declares it."""
        return self._declared.get(arn)

    def is_known(self, arn: str) -> Ternary:
        """Whether a repository is declared, looked up, or said to exist."""
        if arn in self._declared:
            return Ternary.YES
        found = [_is(one, arn) for one in self._all]
        found += [equal(arn, one) for one in self._looked_up]
        found += [is_matched(one, arn.partition("/")[2]) for one in self._existing]
        return any_of([*found, *(() if self._is_whole else (Ternary.MAYBE,))])

    def names_beside(self, arn: str) -> list[str]:
        """Return the names of the repositories, declared or looked up, in the registry of an ARN."""
        registry, slash, _ = arn.partition("/")
        known = [one.partition("/") for one in (*self._declared, *self._looked_up)]
        return [name for beside, _, name in known if slash and beside == registry and is_known(name)]


def _is(repository: Repository, arn: str) -> Ternary:
    """Whether a repository has an ARN."""
    name = arn.partition("/")[2]
    if not is_known(repository.arn) and is_known(name) and not may_be_named(repository.resource, name):
        return Ternary.NO
    return equal(arn, repository.arn)
