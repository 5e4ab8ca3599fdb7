"""Who may do what, as far as templates tell: both policies, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cdk_ecr_access.testing.attached import bounds_of, holders_of
from cdk_ecr_access.testing.conditions import hides_denial
from cdk_ecr_access.testing.pair import Pair
from ecr_access.rules.access.answers import all_of, any_of, opposite
from ecr_access.rules.access.statements import Statement, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.identities import Identity


class Access(Pair):
    """What one identity may do on one repository, or with the token."""

    def may(self, action: str) -> bool | None:
        """Whether an action is allowed; None if that depends on what the templates do not tell."""
        within = self.is_within_boundary(action)
        own, theirs = all_of((self._is_granted(self.identity, action), within)), self._is_trusted(action)
        if within is not True and theirs:
            theirs = None  # whether the boundary limits that depends on whom the statement names: role, session, user
        one_side, both_sides = any_of((own, theirs)), all_of((own, theirs))
        same = self.is_same_account
        allowed = one_side if same else both_sides if same is False else _common(one_side, both_sides)
        return all_of((allowed, opposite(self._is_denied(action))))

    def _is_granted(self, identity: Identity, action: str) -> bool | None:
        """Whether the policies of the identity, or its boundary, allow an action."""
        if action in identity.by_aws:
            return True
        found = any_of(self._applies(holder, one, action) for holder, one in identity.granted if one.allows)
        return found if found or identity.is_whole else None

    def _applies(self, holder: Resource, statement: Statement, action: str) -> bool | None:
        """Whether a statement of the identity's policies is about an action on the repository, or the token."""
        return all_of(
            (
                statement.names(action),
                self.is_on(statement),
                self.holds(statement, holder.template),
                True if self._is_there(holder) else None,
            )
        )

    def _is_there(self, holder: Resource) -> bool:
        """Whether a policy is deployed wherever the identity is, or the repository."""
        sides = [self.identity.resource, *([self.repository.resource] if self.repository else [])]
        there = [(one.template.path, one.attributes.get("Condition")) for one in sides]
        return "Condition" not in holder.attributes or (holder.template.path, holder.attributes["Condition"]) in there

    def is_within_boundary(self, action: str) -> bool | None:
        """Whether the permissions boundary allows an action, if it has one."""
        if boundary := self.identity.boundary:
            return self._is_granted(boundary, action)
        return None if self._bounding else True

    def _is_trusted(self, action: str) -> bool | None:
        """Whether the repository's policy allows an action."""
        if self.arn == "*":
            return False
        if self.repository is None:
            return None
        found = any_of(self._concerns(one, action) for one in self.repository.statements if one.allows)
        return found if found or self._is_read else None

    def _concerns(self, statement: Statement, action: str) -> bool | None:
        """Whether a statement of the repository's policy is about an action of the identity."""
        if self.repository is None:
            return False
        held = self.holds(statement, self.repository.resource.template)
        return all_of((statement.names(action), self.names(statement), held))

    @property
    def _is_read(self) -> bool:
        """Whether all of the repository's policy is known."""
        document = self.repository.resource.properties.get("RepositoryPolicyText") if self.repository else None
        return document is None or is_whole(document)

    def _is_denied(self, action: str) -> bool | None:
        return any_of([*self._denials(action), *(None for one in self.holders if hides_denial(one))])

    def _denials(self, action: str) -> Iterator[bool | None]:
        for holder, one in [*self.identity.granted, *self._bounds]:
            if not one.allows:
                yield all_of((self._applies(holder, one, action), _is_denial(one)))
        for holder, one in self.perhaps:
            yield all_of((self._applies(holder, one, action), None))
        for one in self.repository.statements if self.repository else ():
            if not one.allows:
                yield all_of((self._concerns(one, action), _is_denial(one)))

    @cached_property
    def holders(self) -> set[Resource]:
        """What holds the policies of both sides, or may do so."""
        held = {holder for holder, _ in [*self.identity.granted, *self._bounds]} | self._bounding
        return held | holders_of(self.app, self.identity) | ({self.repository.resource} if self.repository else set())

    @cached_property
    def perhaps(self) -> list[tuple[Resource, Statement]]:
        """The denials of policies that the deployment may attach to the identity."""
        sure = {holder for holder, _ in [*self.identity.granted, *self._bounds]}
        return [
            (holder, one)
            for holder, one in self.app.statements
            if not one.allows and holder not in sure and holder in self.holders
        ]

    @property
    def _bounds(self) -> list[tuple[Resource, Statement]]:
        return self.identity.boundary.granted if self.identity.boundary else []

    @cached_property
    def _bounding(self) -> set[Resource]:
        """The policies that may be the boundary."""
        return bounds_of(self.app, self.identity)


def _is_denial(statement: Statement) -> bool | None:
    """Whether a statement that is not known to allow denies; None if the deployment chooses its effect."""
    return True if statement.raw["Effect"] == "Deny" else None


def _common(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 -- three values
    return one if one is other else None
