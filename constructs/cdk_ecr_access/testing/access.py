"""Who may do what, as far as templates tell: both policies, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.statements import Statement, is_whole
from cdk_ecr_access.rules.template import mapping
from cdk_ecr_access.rules.unknowns import equal, is_known, matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.identities import Identity
    from cdk_ecr_access.rules.repositories import Repository
    from cdk_ecr_access.rules.template import Resource

_COMPARED: Final = frozenset({"ArnEquals", "ArnLike", "StringEquals", "StringLike"})


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Whether one is true; None if that depends."""
    found = set(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Whether all are true; None if that depends."""
    found = set(values)
    return False if False in found else None if None in found else True


@dataclass(frozen=True, eq=False)
class Access:
    """One identity and one repository.

    Attributes:
        app: that both are of.
        identity: who.
        arn: of the repository, or ``*`` for the token.
        repository: what declares it; None if the templates do not.
    """

    app: Application
    identity: Identity
    arn: str
    repository: Repository | None = None

    def may(self, action: str) -> bool | None:
        """Whether an action is allowed; None if that depends on what the templates do not tell."""
        within = self.is_within_boundary(action)
        own, theirs = all_of((self._is_its_own(action), within)), self._is_trusted(action)
        if within is not True and theirs:
            theirs = None  # whether the boundary limits that depends on whom the statement names: role, session, user
        one_side, both_sides = any_of((own, theirs)), all_of((own, theirs))
        same = self._is_same_account
        allowed = one_side if same else both_sides if same is False else _common(one_side, both_sides)
        denied = self._is_denied(action)
        return all_of((allowed, None if denied is None else not denied))

    def is_on(self, statement: Statement) -> bool | None:
        """Whether a statement of the identity's policies is about the repository, or the token."""
        if "NotResource" in statement.raw:
            return statement.is_on(self.arn)
        # Two repositories that are declared are never one, also where CloudFormation makes up the name of either.
        others = {one.arn for one in self.app.repositories} - {self.arn} if self.repository else set()
        return any_of(matches(one, self.arn) for one in statement.resources if one not in others)

    def names(self, statement: Statement) -> bool | None:
        """Whether a statement of the repository's policy is about the identity."""
        if "NotPrincipal" in statement.raw:
            return None
        return any_of(self._is(one, allows=statement.allows) for one in statement.principals.get("AWS", ()))

    def holds(self, statement: Statement) -> bool | None:
        """Whether the condition of a statement of the repository's policy is met."""
        return all_of(
            self._matches(values) if operator in _COMPARED and key.lower() == "aws:principalarn" else None
            for operator, keys in statement.condition.items()
            for key, values in mapping(keys).items()
        )

    def _matches(self, values: object) -> bool | None:
        template = self.repository.resource.template if self.repository else self.identity.resource.template
        return any_of(matches(one, self.identity.arn) for one in self.app.resolver.texts(values, template))

    def _is(self, principal: str, *, allows: bool) -> bool | None:
        """Whether a principal is the identity, or its account, or everybody."""
        if principal == "*":
            return True
        if principal.endswith(":root") or principal.isdigit() or principal == self._account:
            whole = _ends(f":{principal.removesuffix(':root')}", f":{self._account}")
            # The account's root stands for everybody in it where it is denied, or is another account; at home an
            # allowing statement only lets its own policies decide, which they do anyway.
            at_home = self._is_same_account if allows else False
            return all_of((whole, None if at_home is None else not at_home))
        return equal(principal, self.identity.arn)

    def _is_its_own(self, action: str) -> bool | None:
        """Whether the identity's policies allow an action."""
        if action in self.identity.by_aws:
            return True
        found = any_of(
            all_of((one.names(action), self.is_on(one), None if one.condition else True))
            for _, one in self.identity.granted
            if one.allows
        )
        return found if found or self.identity.is_whole else None

    def is_within_boundary(self, action: str) -> bool | None:
        """Whether the permissions boundary allows an action, if it has one."""
        boundary = self.identity.boundary
        return replace(self, identity=boundary)._is_its_own(action) if boundary else True  # noqa: SLF001 -- its own

    def _is_trusted(self, action: str) -> bool | None:
        """Whether the repository's policy allows an action."""
        if self.arn == "*":
            return False
        if self.repository is None:
            return None
        found = any_of(
            all_of((one.names(action), self.names(one), self.holds(one)))
            for one in self.repository.statements
            if one.allows
        )
        return found if found or self._is_read else None

    @property
    def _is_read(self) -> bool:
        """Whether all of the repository's policy is known."""
        document = self.repository.resource.properties.get("RepositoryPolicyText") if self.repository else None
        return document is None or is_whole(document)

    def _is_denied(self, action: str) -> bool | None:
        own = [
            all_of((one.names(action), self.is_on(one), None if one.condition else True))
            for _, one in [*self.identity.granted, *self._bounds]
            if not one.allows
        ]
        theirs = [
            all_of((one.names(action), self.names(one), self.holds(one)))
            for one in (self.repository.statements if self.repository else ())
            if not one.allows
        ]
        return any_of([*own, *theirs])

    @property
    def _bounds(self) -> list[tuple[Resource, Statement]]:
        return self.identity.boundary.granted if self.identity.boundary else []

    @property
    def _account(self) -> str:
        return self.app.resolver.text({"Ref": "AWS::AccountId"}, self.identity.resource.template)

    @property
    def _is_same_account(self) -> bool | None:
        if self.arn == "*":
            return True
        if self.repository:
            template = self.repository.resource.template
            return equal(self._account, self.app.resolver.text({"Ref": "AWS::AccountId"}, template))
        return _ends(self.arn.partition(":repository/")[0], f":{self._account}")


def _ends(text: str, end: str) -> bool | None:
    """Whether a text has an end; None if that depends."""
    if text.endswith(end):
        return True
    return False if is_known(text) and is_known(end) else None


def _common(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 -- three values
    return one if one is other else None
