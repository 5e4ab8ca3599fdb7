"""The identity side of grants: what is attached to one principal, in as few policies as IAM's limits allow.

One statement a level, to which each repository is added. What would crowd the principal's own policy goes into managed
policies, ``EcrAccess1`` and on, each filled before the next is made.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import aws_iam as iam

from cdk_ecr_access.access_check.construct import check_of
from cdk_ecr_access.cdk.interfaces import offers
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.grants.overflow_policy import OverflowPolicy
from cdk_ecr_access.principals.by_class import MADE_HERE
from cdk_ecr_access.principals.grantees import is_construct, is_foreign
from ecr_access.codes import Code
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.packing import MANAGED, MOST_MANAGED, PolicyBin
from ecr_access.tokens import without_token_names

if TYPE_CHECKING:
    from aws_cdk import Stack
    from constructs import IConstruct

    from cdk_ecr_access.access_check.construct import AccessCheck
    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.actions import AccessLevel

OF_A_ROLE: Final = 6_000
"""Characters of grants in a role's own policies, which have 10,240 in all: the rest is left to others' statements."""
OF_A_GROUP: Final = 3_000
"""Characters of grants in a group's own policies, which have 5,120 in all."""
OF_A_USER: Final = 1_200
"""Characters of grants in a user's own policies, which have 2,048 in all."""

_KEPT_BY_AWS: Final = re.compile(":role/aws-(reserved|service-role)/")
"""Roles of AWS's services and of IAM Identity Center, to which IAM attaches no policy of others.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

_AS_THE_CDK_COUNTS: Final = 150
"""Characters that the CDK takes an ARN for, before it splits a role's own policy by itself."""


@dataclass
class _Policy:
    """One policy of the principal: who takes its statements, its room, and each level's grant and statements in it.

    ``added`` are the grants as they were added, without the token's: their statements are asked for when a second
    repository comes.
    """

    holder: iam.IPrincipal
    room: PolicyBin
    grants: dict[AccessLevel, iam.Grant] = field(default_factory=dict)
    added: dict[AccessLevel, iam.Grant] = field(default_factory=dict)
    statements: dict[AccessLevel, list[iam.PolicyStatement]] = field(default_factory=dict)

    def add(self, level: AccessLevel, arn: str) -> None:
        """Add a repository to what is granted already."""
        if level in self.added:
            self.statements.setdefault(level, []).extend(self.added.pop(level).principal_statements)
        for statement in self.statements[level]:
            statement.add_resources(arn)


class IdentitySide:
    """What the grants of this app attach to one principal."""

    def __init__(self, principal: iam.IPrincipal) -> None:
        self._principal = principal
        self._policies = [_Policy(principal, PolicyBin(_own(principal)))]
        self._granted: dict[tuple[AccessLevel, str], iam.Grant] = {}
        self._token: iam.Grant | None = None
        self._takes = isinstance(principal, MADE_HERE)

    @classmethod
    def of(cls, principal: iam.IPrincipal | str, one: Grantee) -> IdentitySide | None:
        """Return what is attached to a principal; None for one that nothing here can be attached to."""
        if isinstance(principal, str) or not is_construct(principal):
            # A principal with conditions hands statements on to the role that it wraps, and drops the conditions.
            return None
        if isinstance(principal, MADE_HERE):
            return _side_of(principal)
        if _KEPT_BY_AWS.search(one.name):
            return None
        construct = cast("IConstruct", principal)
        stack = stack_of(construct)
        if is_foreign(one, registry_of(stack).account):
            # The CDK would attach the statements of a user imported from another account to its namesake in this one.
            return None
        return _side_of_imported(stack, _Imported(principal))

    @cached_property
    def stack(self) -> Stack:
        """The principal's stack."""
        return stack_of(cast("IConstruct", self._principal))

    @property
    def check(self) -> AccessCheck:
        """The access check of the principal's stack."""
        return check_of(self.stack)

    def allow(self, level: AccessLevel, arn: str, *, length: int) -> iam.Grant | None:
        """Allow the actions of a level on a repository, and the token; None if the principal takes no statement.

        Args:
            level: what is allowed.
            arn: of the repository, or of all whose names start alike.
            length: the characters that the ARN has at most.

        Raises:
            ValueError: if the principal's policies cannot hold more.
        """
        if granted := self._granted.get((level, arn)):
            return granted
        if not self._takes and not self._would_take(level, arn):
            return None
        self._takes = True
        grant = self._added(level, arn, length)
        self._granted[level, arn] = grant
        return grant

    def _added(self, level: AccessLevel, arn: str, length: int) -> iam.Grant:
        policy = self._policies[-1]
        own = len(self._policies) == 1
        if not policy.room.take(level.actions, arn, max(length, _AS_THE_CDK_COUNTS) if own else length):
            policy = self._next(level, arn, length)
        if level in policy.grants:
            policy.add(level, arn)
            return policy.grants[level]
        grant = iam.Grant.add_to_principal(grantee=policy.holder, actions=[*level.actions], resource_arns=[arn])
        policy.added[level] = grant
        if level.needs_token:
            grant = grant.combine(self._token_grant())
        policy.grants[level] = grant
        return grant

    def _token_grant(self) -> iam.Grant:
        if self._token is None:
            # In a statement of its own, because the action knows no resource.
            self._token = iam.Grant.add_to_principal(
                grantee=self._principal, actions=[TOKEN_ACTION], resource_arns=["*"]
            )
        return self._token

    def _next(self, level: AccessLevel, arn: str, length: int) -> _Policy:
        number = len(self._policies)
        if number > MOST_MANAGED:
            path = cast("IConstruct", self._principal).node.path
            raise Code.ROLE_FULL.error(
                f"no room to grant {level.value} on {without_token_names(arn)} to '{path}': its own policy and "
                f"{MOST_MANAGED} managed policies of {MANAGED:,} characters hold {len(self._granted)} grants; share a "
                "prefix of the names, grant_push(role, name_prefix='team/'), or grant on the repository side, "
                "grant_push(role.role_arn), which leaves the token to be given to the role"
            )
        policy = _Policy(OverflowPolicy(self._principal, f"EcrAccess{number}"), PolicyBin(MANAGED))
        policy.room.take(level.actions, arn, length)
        self._policies.append(policy)
        return policy

    def _would_take(self, level: AccessLevel, arn: str) -> bool:
        """Whether an imported principal takes statements.

        An immutable one says that it added the statement and drops it; only one that really has a policy answers
        with that policy.
        """
        statement = iam.PolicyStatement(actions=[*level.actions], resources=[arn])
        # Kept equal to the grant's own statement, which makes them one when they are rendered.
        self._policies[0].statements[level] = [statement]
        return isinstance(self._principal.add_to_principal_policy(statement).policy_dependable, iam.Policy)


def allow_wrapped(principal: iam.IPrincipal | str, level: AccessLevel, arn: str, *, foreign: bool) -> None:
    """Allow a role under conditions or session tags what the repository's policy cannot: the token.

    Wrapped into them the role hands statements on and drops the conditions. A role of another account needs the
    actions on both sides, and the repository's keeps the conditions.
    """
    if isinstance(principal, (iam.PrincipalWithConditions, iam.SessionTagsPrincipal)):
        allowed = [([*level.actions], arn)] if foreign else []
        if level.needs_token:
            allowed.append(([TOKEN_ACTION], "*"))
        for actions, resource in allowed:
            iam.Grant.add_to_principal(grantee=principal, actions=actions, resource_arns=[resource])


@per_construct
def _side_of(principal: iam.Role | iam.User | iam.Group | iam.LazyRole) -> IdentitySide:
    return IdentitySide(principal)


class _Imported:
    """An imported principal, which has a new object in Python each time that it comes out of the CDK.

    Told by the CDK's own object: a principal that is removed and imported again under the same id is another one.
    """

    def __init__(self, principal: Any) -> None:
        self.principal = principal
        self._reference: str = principal.__jsii_ref__.ref

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Imported) and self._reference == other._reference

    def __hash__(self) -> int:
        return hash(self._reference)


@per_construct
def _side_of_imported(_: Stack, imported: _Imported) -> IdentitySide:
    return IdentitySide(imported.principal)


def _own(principal: iam.IPrincipal) -> int:
    if offers(principal, "user_name"):
        return OF_A_USER
    return OF_A_GROUP if offers(principal, "group_name") else OF_A_ROLE
