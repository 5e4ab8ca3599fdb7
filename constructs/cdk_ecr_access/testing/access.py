"""Who may do what, as far as templates tell: what the rules read, and what only the deployment may add.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cdk_ecr_access.testing.attached import bounds_of, holders_of
from cdk_ecr_access.testing.chosen import hides_denial
from ecr_access.iam.conditions import conditions_of, evaluate
from ecr_access.iam.policies import Says, said_by
from ecr_access.iam.statement_principals import names
from ecr_access.iam.statements import is_on
from ecr_access.iam.ternary import Ternary, any_of
from ecr_access.rules.access.pair import Pair
from ecr_access.rules.access.statements import left_open, told_apart, with_both_effects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.documents.templates.template import Resource
    from ecr_access.iam.repository_policy import Question
    from ecr_access.rules.access.statements import Statement


class Access(Pair):
    """What one identity may do on one repository, or with the token."""

    def own_says(self, question: Question) -> Says:
        """Return what the policies of the identity say, also the ones that only the deployment attaches or chooses."""
        said = super().own_says(question)
        perhaps = [left_open(it) for _, one in self.perhaps for it in with_both_effects(self._read(one))]
        hidden = Ternary.MAYBE if any(map(hides_denial, self.holders)) else Ternary.NO
        return Says(said.allows, any_of((said.denies, said_by(perhaps, question).denies, hidden)))

    def boundary_says(self, question: Question) -> Says:
        """Return what the permissions boundary says; open where only the deployment knows it."""
        if self.identity.boundary or not self._bounding:
            return super().boundary_says(question)
        return Says(Ternary.MAYBE)

    def is_within_boundary(self, action: str) -> Ternary:
        """Whether the permissions boundary allows an action, if there is one."""
        return self.boundary_says(self.identity.question(action, self.arn)).allows

    def is_on(self, statement: Statement) -> Ternary:
        """Whether a statement of the identity's policies is about the repository, or the token."""
        return is_on(self._read(statement), self.arn)

    def names(self, statement: Statement) -> Ternary:
        """Whether a statement of the repository's policy is about the identity."""
        question = self.identity.question("", self.arn)
        owner = question.repository.account
        return names(self._read(statement), question.principal, owner=owner, allowing=statement.allows)[0]

    def holds(self, statement: Statement) -> Ternary:
        """Whether the condition of a statement is met."""
        return evaluate(conditions_of(self._read(statement)), self.identity.question("", self.arn).context)[0]

    def _read(self, statement: Statement) -> Mapping[str, Any]:
        read: Mapping[str, Any] = told_apart(statement.document, self.others)
        return read

    @cached_property
    def holders(self) -> set[Resource]:
        """What holds the policies of both sides, or may do so."""
        held = self._sure | self._bounding
        return held | holders_of(self.app, self.identity) | ({self.repository.resource} if self.repository else set())

    @cached_property
    def perhaps(self) -> list[tuple[Resource, Statement]]:
        """The denials of policies that the deployment may attach to the identity."""
        found = [(holder, one) for holder, one in self.app.statements if not one.allows and holder in self.holders]
        return [(holder, one) for holder, one in found if holder not in self._sure]

    @cached_property
    def _sure(self) -> set[Resource]:
        """What certainly holds policies of the identity, or its boundary."""
        boundary = self.identity.boundary
        return {holder for holder, _ in [*self.identity.granted, *(boundary.granted if boundary else [])]}

    @cached_property
    def _bounding(self) -> set[Resource]:
        """The policies that may be the boundary."""
        return bounds_of(self.app, self.identity)
