"""A grant, put to work: statements on the identity side or the repository side, and a requirement."""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Protocol, cast

from aws_cdk import aws_iam as iam

from cdk_ecr_access.access_check import AccessCheck
from cdk_ecr_access.actions import AccessLevel
from cdk_ecr_access.checked_repository import CheckedRepository
from cdk_ecr_access.grantees import grantees_of, is_construct, is_foreign, principal_of
from cdk_ecr_access.identity_policy import arn_elsewhere
from cdk_ecr_access.identity_side import IdentitySide, allow_wrapped
from cdk_ecr_access.names import prefix_error
from cdk_ecr_access.policies import repository_arn, trust
from cdk_ecr_access.policy_outputs import PolicyOutputs, home_elsewhere
from cdk_ecr_access.principals import Kind
from cdk_ecr_access.requirements import Requirement
from cdk_ecr_access.stacks import follow, may_follow, registry_of
from cdk_ecr_access.tokens import are_different, is_token, plausible_length

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

    from cdk_ecr_access.policies import Registry, Trust
    from cdk_ecr_access.principals import Grantee


class RepositorySide(Protocol):
    """The policy of a repository, as far as this app has a say in it.

    ``declared`` says that this app declares the repository, and so its policy; ``retained`` that a failed deployment
    which has just created the repository leaves it behind.
    """

    declared: bool
    retained: bool

    def check(self, trusted: Trust, level: AccessLevel) -> None:
        """Raise a ValueError if the policy cannot come to trust somebody; change nothing."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Trust somebody."""


class Grants:
    """The grants of one repository."""

    def __init__(
        self,
        repository: ecr.IRepository,
        *,
        stack: Stack,
        arn: str,
        registry: Registry,
        name: str,
        side: RepositorySide,
    ) -> None:
        """Grant nothing yet.

        Args:
            repository: whose grants these are.
            stack: where its construct is.
            arn: what policies of this app call it.
            registry: where it lives.
            name: the repository's, perhaps a token.
            side: its policy.
        """
        self.repository = repository
        self.stack = stack
        self.arn = arn
        self.registry = registry
        self._name = name
        self._side = side

    @cached_property
    def arn_elsewhere(self) -> str:
        """What policies of other accounts call the repository."""
        return arn_elsewhere(self.registry, self._name) or self.arn

    @cached_property
    def checked(self) -> CheckedRepository:
        """The repository, as access checks know it."""
        return CheckedRepository(
            self.repository,
            self.stack,
            name=self._name,
            arn=self.arn,
            written_arn=self.arn_elsewhere,
            account=self.registry.account,
            declared=self._side.declared,
            is_retained=lambda: self._side.retained,
        )

    @property
    def check(self) -> AccessCheck:
        """The access check of the repository's stack."""
        return AccessCheck.of(self.stack)

    @property
    def _outputs(self) -> PolicyOutputs:
        return PolicyOutputs.of(self.stack)

    def grant(self, grantee: iam.IGrantable, level: AccessLevel, *, name_prefix: str | None = None) -> iam.Grant:
        """Grant a level of access to the repository, and require that it holds at deploy time.

        Args:
            grantee: to whom.
            level: what they may do.
            name_prefix: what the identity side names instead of the repository. Default: the repository.

        Raises:
            ValueError: if the grant would allow nobody anything, with the reason; nothing is rendered then.
        """
        principal = principal_of(grantee)
        named = [(one, is_foreign(one, self.registry.account)) for one in grantees_of(grantee, scope=self.stack)]
        shared = None if name_prefix is None else self._all_named(name_prefix)
        # All of them before the first is rendered: a refused grant leaves nothing behind.
        trusts = [(one, foreign, trust(one, self.registry, foreign=foreign)) for one, foreign in named]
        sides = [IdentitySide.of(principal, one) if one.kind is Kind.IAM else None for one, _ in named]
        for (_, foreign, trusted), identity in zip(trusts, sides, strict=True):
            if identity is None or foreign:
                self._side.check(trusted, level)
        grants: list[iam.Grant] = []
        for (one, foreign, trusted), identity in zip(trusts, sides, strict=True):
            attached = identity and identity.allow(
                level, shared or self._arn_in(identity.stack), length=self._length(name_prefix)
            )
            grants += [attached] if attached else []
            if attached is None and one.kind is Kind.IAM:
                allow_wrapped(principal, level, self.arn_elsewhere, foreign=foreign)
            # Lambda needs no statement for the own account, which the check would rightly find to allow nobody.
            perhaps_own = level is AccessLevel.LAMBDA_PULL and one.kind is Kind.ACCOUNT and not foreign
            if attached is None or foreign:
                grants.append(self._side.add(grantee, trusted, level))
                if one.kind is Kind.SERVICE or (one.kind is Kind.IAM and not foreign) or one.conditions or perhaps_own:
                    # Its access does not prove the statement: whom a service acts for is not seen before it calls, a
                    # role's own policies may let it in as well, and what a condition asks for only a call tells.
                    self._compare(principal, one, trusted.statement(level.actions))
            if not perhaps_own:
                self._require(principal, one, level, attached_to=identity if attached else None, foreign=foreign)
            if attached is None:
                self._tell_elsewhere(one, level)
        return reduce(iam.Grant.combine, grants)

    def keep(self, statement: iam.PolicyStatement) -> None:
        """Have the check find somebody's own statement in the live policy, as it is at synthesis."""
        self.check.compare(self.checked, self.arn, statement.to_statement_json)

    def _compare(self, principal: iam.IPrincipal, one: Grantee, statement: dict[str, Any]) -> None:
        check = self._check_of(principal, one, None)
        check.compare(self.checked, self._arn_in(check.stack), lambda: statement)

    def _require(
        self,
        principal: iam.IPrincipal,
        one: Grantee,
        level: AccessLevel,
        *,
        attached_to: IdentitySide | None,
        foreign: bool,
    ) -> None:
        """Tell the checks: the identity side is the principal's stack's to prove, the rest the repository's."""
        proved_there = one.kind is Kind.IAM and (attached_to is not None or not foreign)
        if proved_there:
            check = self._check_of(principal, one, attached_to)
            requirement = Requirement(one.name, level, self._arn_in(check.stack), token=level.needs_token)
            check.add(requirement, principal=principal, repository=self.checked)
            if self._side.declared and self._is_written_out_in(check.stack):
                follow(check.stack, self.stack)
        if (not proved_there or foreign) and not are_different(self.registry.account, registry_of(self.stack).account):
            self.check.add(Requirement(one.name, level, self.arn), principal=None, repository=self.checked)

    def _check_of(self, principal: iam.IPrincipal, one: Grantee, attached_to: IdentitySide | None) -> AccessCheck:
        if attached_to is not None:
            return attached_to.check
        # The policy of a repository that names a role made in another stack makes its stack need that one; a check
        # over there that names the repository would close the circle.
        if not is_token(one.name) and is_construct(principal):
            return AccessCheck.of(cast("IConstruct", principal))
        return self.check

    def _tell_elsewhere(self, one: Grantee, level: AccessLevel) -> None:
        """Output what has to be attached where this app cannot."""
        home = home_elsewhere(one, self.registry.account)
        if home is not None:
            self._outputs.add(home, level, self.arn_elsewhere)

    def _arn_in(self, stack: Stack) -> str:
        """Write the repository's ARN for a template.

        A reference within its own stack. Written out in another, where a reference would take an output of the
        repository's stack for each repository, of which there are 200, and tie the stacks together for good.
        """
        return self.arn_elsewhere if self._is_written_out_in(stack) else self.arn

    def _is_written_out_in(self, stack: Stack) -> bool:
        return stack is not self.stack and not is_token(self.arn_elsewhere) and may_follow(stack, self.stack)

    def _all_named(self, prefix: str) -> str:
        """Name all repositories of the registry whose names start alike, this one among them."""
        if problem := prefix_error(prefix, self._name):
            raise ValueError(problem)
        return repository_arn(self.registry, f"{prefix}*")

    def _length(self, prefix: str | None) -> int:
        return plausible_length(repository_arn(self.registry, self._name if prefix is None else f"{prefix}*"))
