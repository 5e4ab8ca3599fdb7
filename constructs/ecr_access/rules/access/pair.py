"""One identity and one repository, as the policy kernel is asked about them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.policies import Says, joined, said_by_repository
from ecr_access.iam.repository_policy import Effect, RepositoryPolicy
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.unknown_text import equal, is_known, split
from ecr_access.iam.wildcards import is_arn_matched, is_matched
from ecr_access.rules.access.statements import documents_of, is_whole, left_open, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecr_access.documents.templates.template import Resource
    from ecr_access.iam.repository_policy import Question
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.statements import Statement

_TOKEN: Final = "*"  # noqa: S105 -- the resource of a token
_REPOSITORIES: Final = "arn:*:ecr:*:*:repository/*"
NOT_READ: Final = left_open({"Effect": "Allow", "Principal": "*", "Action": "*"})
"""Stands for a repository policy of which not all is known."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One identity and one repository.

    Attributes:
        app: that both are of.
        identity: who.
        arn: of the repository, or ``*`` for the token.
        repository: what declares it; None if the templates do not.
        cache: what creates it in its registry, if it is certainly not there yet, so that it has no policy. Default:
            it may be there, and nothing is known of its policy.
    """

    app: Application
    identity: Identity
    arn: str
    repository: Repository | None = None
    cache: Resource | None = None

    def may(self, action: str) -> Ternary:
        """Whether an action is allowed, all policies taken together."""
        question = self.identity.question(action, self.arn)
        boundary = self.boundary_says(question)
        theirs = self._repository_says(question, boundary.allows)
        return joined(self.own_says(question), theirs, boundary, same_account=self.is_same_account)

    def undenied(self, action: str) -> str:
        """Return what to do about a statement of either side that certainly denies an action; empty if none does."""
        if fix := self.identity.undenied(action, self.arn):
            return fix
        policy = RepositoryPolicy(self.identity.question(action, self.arn).repository, tuple(self.trusting))
        said = policy.judge(self.identity.principal, action)
        if said.effect is not Effect.EXPLICIT_DENY:
            return ""
        return f"leave {self.identity.label} out of what the statement {said.statement} denies"

    def own_says(self, question: Question) -> Says:
        """Return what the policies of the identity say."""
        return self.identity.says(question, self.others)

    def boundary_says(self, question: Question) -> Says:
        """Return what its permissions boundary says."""
        return self.identity.boundary_says(question, self.others)

    @cached_property
    def others(self) -> frozenset[str]:
        """The ARNs of what else the app declares: two are never one, also where CloudFormation makes up the names."""
        own = {self.arn, self.identity.arn}
        # What is known tells itself apart from what else is known.
        return (self.app.made_up_arns if all(map(is_known, own)) else self.app.arns) - own

    def _repository_says(self, question: Question, within: Ternary) -> Says:
        if self.arn == _TOKEN:
            return Says()
        if self.repository is None and self.cache is None:
            return Says(Ternary.MAYBE)
        return said_by_repository(RepositoryPolicy(question.repository, tuple(self.trusting)), question, within)

    @cached_property
    def trusting(self) -> list[Mapping[str, Any]]:
        """The statements of the policy of the repository, and of its registry's, which is enforced beside."""
        found: list[Mapping[str, Any]] = []
        if self.repository:
            own, whole = self.repository.resource, self.repository.has_whole_policy
            found += _documents(self.repository.statements, own, is_whole=whole)
        if place := self.repository.resource if self.repository else self.cache:
            found += self._of_registry(place)
        return [told_apart(one, self.others) for one in found] if self.others else found

    def _of_registry(self, place: Resource) -> Iterator[Mapping[str, Any]]:
        """Yield the statements of the policy of the registry that a resource is in."""
        read = {one.resource: one for one in self.app.resource_policies} if self.app.registry_policies else {}
        for resource in self.app.registry_policies:
            same = self._is_in_registry(place, resource)
            policy = read.get(resource)
            statements, whole = (policy.statements, is_whole(policy.document)) if policy else ((), False)
            if same is not Ternary.NO:
                documents = _documents(statements, resource, is_whole=whole)
                yield from documents if same is Ternary.YES else map(left_open, documents)

    def _is_in_registry(self, resource: Resource, policy: Resource) -> Ternary:
        """Whether the policy of a registry is of the registry that a resource is in."""
        names = ("AWS::AccountId", "AWS::Region")
        places = [[pseudo(name, one.template) or "" for name in names] for one in (resource, policy)]
        return all_of(equal(one, other) for one, other in zip(*places, strict=True))

    @cached_property
    def is_same_account(self) -> Ternary:
        """Whether both are of one account."""
        parts = split(self.arn, ":")
        if self.arn == _TOKEN:
            return Ternary.YES
        return equal(parts[4], self.identity.principal.account) if len(parts) == ARN_PARTS else Ternary.MAYBE


def _documents(statements: Iterable[Statement], resource: Resource, *, is_whole: bool) -> Iterator[Mapping[str, Any]]:
    yield from documents_of(statements, resource.logical_id)
    if not is_whole:
        yield NOT_READ


def repositories_of(resource: str) -> str:
    """Return the resource of a statement as the ARN of some repositories, as a question takes it; empty if of none."""
    if not resource.strip("*"):  # a question about "*" is one about the token
        return _REPOSITORIES
    return "" if is_arn_matched(_REPOSITORIES, resource) is Ternary.NO else resource


def is_trusted(identity: Identity, action: str, arn: str, app: Application) -> bool:
    """Whether the policy of a declared repository, of those that a pattern stands for, may allow an identity more."""
    return any(
        Pair(app, identity, one.arn, one).may(action) is not Ternary.NO
        for one in app.repositories
        if is_matched(arn, one.arn) is not Ternary.NO
    )
