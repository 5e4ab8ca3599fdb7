"""A grant, put to work: statements on the identity side or the repository side, and a requirement."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, cast

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam

from cdk_ecr_access.access_check import AccessCheck
from cdk_ecr_access.actions import TOKEN_ACTION, AccessLevel
from cdk_ecr_access.grantees import grantees_of, is_foreign
from cdk_ecr_access.policies import Registry, Trust, trust
from cdk_ecr_access.principals import Grantee, Kind
from cdk_ecr_access.requirements import Requirement

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

_MADE_HERE = (iam.Role, iam.User, iam.Group, iam.LazyRole)


def grant_access(repository: ecr.Repository, grantee: iam.IGrantable, level: AccessLevel) -> iam.Grant:
    """Grant a level of access to a repository, and require that it holds at deploy time.

    Raises:
        ValueError: if the grant would allow nobody anything, with the reason; nothing is rendered then.
    """
    principal = grantee.grant_principal
    stack = Stack.of(repository)
    registry = Registry(stack.partition, stack.region, stack.account)
    named = [(one, is_foreign(one, registry.account)) for one in grantees_of(grantee, scope=repository)]
    # All of them before the first is rendered: a refused grant leaves nothing behind.
    trusts = [(one, foreign, trust(one, registry, foreign=foreign)) for one, foreign in named]
    grants: list[iam.Grant] = []
    for one, foreign, trusted in trusts:
        attached = one.kind is Kind.IAM and _attach(principal, one, repository, level, grants)
        if not attached or foreign:
            grants.append(_trust(repository, trusted, level))
        _require(repository, principal, one, level, attached=attached, foreign=foreign)
    return reduce(iam.Grant.combine, grants)


def _attach(
    principal: iam.IPrincipal, one: Grantee, repository: ecr.Repository, level: AccessLevel, grants: list[iam.Grant]
) -> bool:
    """Render the identity side where the CDK can, and tell whether it could."""
    if not isinstance(principal, _MADE_HERE) and not _attachable(principal, one, repository, level):
        return False
    arn = repository.repository_arn
    grants.append(iam.Grant.add_to_principal(grantee=principal, actions=[*level.actions], resource_arns=[arn]))
    if level.needs_token:
        # In a statement of its own, because the action knows no resource; rendered once, however often added.
        grants.append(iam.Grant.add_to_principal(grantee=principal, actions=[TOKEN_ACTION], resource_arns=["*"]))
    return True


def _attachable(principal: iam.IPrincipal, one: Grantee, repository: ecr.Repository, level: AccessLevel) -> bool:
    """Whether an imported principal takes statements.

    An immutable one says that it added the statement and drops it; only one that really has a policy answers
    with that policy.
    """
    if not hasattr(principal, "node"):
        # A principal with conditions hands statements on to the role that it wraps, and drops the conditions.
        return False
    if is_foreign(one, Stack.of(cast("IConstruct", principal)).account):
        # A user imported from another account takes statements, for whoever has that name in this one.
        return False
    statement = iam.PolicyStatement(actions=[*level.actions], resources=[repository.repository_arn])
    return isinstance(principal.add_to_principal_policy(statement).policy_dependable, iam.Policy)


def _trust(repository: ecr.Repository, trusted: Trust, level: AccessLevel) -> iam.Grant:
    """Render the repository side."""
    named: iam.PrincipalBase = (
        iam.ServicePrincipal(trusted.principal) if trusted.scheme == "Service" else iam.ArnPrincipal(trusted.principal)
    )
    return iam.Grant.add_to_principal_or_resource(
        grantee=named.with_conditions(trusted.conditions) if trusted.conditions else named,
        actions=[*level.actions],
        resource_arns=[repository.repository_arn],
        resource=repository,
        resource_self_arns=[],
    )


def _require(
    repository: ecr.Repository,
    principal: iam.IPrincipal,
    one: Grantee,
    level: AccessLevel,
    *,
    attached: bool,
    foreign: bool,
) -> None:
    """Tell the checks: the identity side is the principal's stack's to prove, the rest the repository's."""
    identity = one.kind is Kind.IAM and (attached or not foreign)
    if identity:
        # The policy of a repository that names a role made in another stack makes its stack need that one;
        # a check over there that names the repository would close the circle.
        here = attached or not Token.is_unresolved(one.name)
        scope: IConstruct = cast("IConstruct", principal) if here and hasattr(principal, "node") else repository
        requirement = Requirement(one.name, level, repository.repository_arn, token=level.needs_token)
        AccessCheck.of(scope).add(requirement, principal=principal, repository=repository)
    if not identity or foreign:
        requirement = Requirement(one.name, level, repository.repository_arn)
        AccessCheck.of(repository).add(requirement, principal=None, repository=repository)
