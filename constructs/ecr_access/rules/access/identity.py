"""One role, user or group, and what its policies allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.arns import account_of, repository_at
from ecr_access.iam.policies import Says, said_by
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.repository_policy import Question
from ecr_access.iam.statements import applies
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.unknown_text import equal, split
from ecr_access.rules.access.statements import left_open, told_apart, with_both_effects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.documents.templates.template import Resource, Template
    from ecr_access.rules.access.statements import Statement

_NOT_READ: Final = left_open({"Effect": "Allow", "Action": "*", "Resource": "*"})
"""Stands for the policies of an identity of which not all is known."""


@dataclass
class Identity:
    """One role, user or group.

    Attributes:
        resource: where it is declared.
        arn: as a text.
        granted: its statements, each with the resource that holds it.
        by_aws: the statements of managed policies of AWS, each with the policy's ARN as its path.
        is_whole: whether all its policies are known; if not, nothing is said of what it lacks.
        boundary: its permissions boundary, as if that were an identity; None if it has none that the app declares.
        name: as ``Ref`` returns it.
    """

    resource: Resource
    arn: str
    granted: list[tuple[Resource, Statement]] = field(default_factory=list)
    by_aws: list[Statement] = field(default_factory=list)
    is_whole: bool = True
    boundary: Identity | None = None
    name: str = ""

    @property
    def kind(self) -> str:
        """What it is: ``role``, ``user`` or ``group``."""
        return self.label.partition(" ")[0]

    @property
    def label(self) -> str:
        """What to call it: ``role ci``, its path left out; a name that is unknown is a mark."""
        kind, *_, name = split(split(self.arn, ":")[-1], "/")
        return f"{kind} {name}"

    def question(self, action: str, resource: str) -> Question:
        """Return the question whether it may do an action on a resource."""
        return Question(repository_at(resource), self.principal, action, on=resource)

    @cached_property
    def principal(self) -> Principal:
        """It, as the policy kernel reads it."""
        return Principal(self.arn, Kind.IAM_IDENTITY, account_of(self.arn))

    def says(self, question: Question, others: frozenset[str] = frozenset()) -> Says:
        """Return what its policies say.

        Args:
            question: about what.
            others: ARNs that are certainly not that of the resource, nor its own. Default: none.
        """
        documents = [self.document(holder, one) for holder, one in self.granted]
        found = [it for one in documents for it in with_both_effects(told_apart(one, others) if others else one)]
        found += [one.document for one in self.by_aws]
        found += [] if self.is_whole else [_NOT_READ]
        return said_by(found, question)

    def document(self, holder: Resource, statement: Statement) -> Mapping[str, Any]:
        """Return a statement as the kernel reads it: open where the policy that holds it may not be deployed."""
        return statement.document if self._is_there(holder) else left_open(statement.document)

    def boundary_says(self, question: Question, others: frozenset[str] = frozenset()) -> Says:
        """Return what its permissions boundary says, which allows everything where there is none."""
        return self.boundary.says(question, others) if self.boundary else Says(Ternary.YES)

    def undenied(self, action: str, resource: str) -> str:
        """Return what to do about a statement that certainly denies an action on a resource; empty if none does."""
        question = self.question(action, resource)

        def denies(one: Statement) -> bool:
            return one.raw["Effect"] == "Deny" and applies(one.document, question)[0] is Ternary.YES

        for holder, one in self.granted:
            if self._is_there(holder) and denies(one):
                return f"leave {action} out of what the statement {holder.logical_id}.{one.path} denies"
        return next((f"detach the policy that denies {action}: {one.path}" for one in self.by_aws if denies(one)), "")

    def is_bounded(self, action: str, resource: str) -> bool:
        """Whether its permissions boundary certainly leaves an action on a resource out."""
        return self.boundary_says(self.question(action, resource)).alone is Ternary.NO

    def may(self, action: str, resource: str) -> Ternary:
        """Whether its policies allow an action on a resource."""
        question = self.question(action, resource)
        return all_of((self.says(question).alone, self.boundary_says(question).alone))

    def _is_there(self, holder: Resource) -> bool:
        """Whether a policy is deployed wherever the identity is."""
        own, condition = self.resource, holder.attributes.get("Condition")
        is_same = holder.template.path == own.template.path and condition == own.attributes.get("Condition")
        return condition is None or is_same

    def may_be_of(self, template: Template) -> bool:
        """Whether it may be of the account that a template is deployed to: another account's may have its name."""
        here, there = (pseudo("AWS::AccountId", one) or "" for one in (template, self.resource.template))
        return equal(here, there) is not Ternary.NO
