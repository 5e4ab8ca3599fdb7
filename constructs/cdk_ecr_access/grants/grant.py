"""A grant, put to work: statements on the identity side or the repository side, and a requirement."""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_iam as iam

from cdk_ecr_access.access_check.check_inputs import inputs_of
from cdk_ecr_access.access_check.checked_repository import CheckedRepository
from cdk_ecr_access.access_check.construct import check_of
from cdk_ecr_access.access_check.image_gate.known_repositories import Known, KnownRepositories
from cdk_ecr_access.access_check.requirements import DeclaredRequirement
from cdk_ecr_access.cdk.stacks import comes_after, export, follow, may_follow, node_of, registry_of, stack_of
from cdk_ecr_access.grants.decision import Situation, decide
from cdk_ecr_access.grants.grant_parts import parts_of
from cdk_ecr_access.grants.handover_outputs import PolicyOutputs, home_elsewhere
from cdk_ecr_access.grants.handover_policy import arn_elsewhere
from cdk_ecr_access.grants.lambda_pull import lambda_principals
from cdk_ecr_access.grants.name_prefix import prefix_error
from cdk_ecr_access.grants.principal_policies import allow_wrapped
from cdk_ecr_access.principals.grantees import is_construct
from cdk_ecr_access.principals.service_sources import accounts_of, names_accounts_alone
from cdk_ecr_access.principals.texts import stand_in
from ecr_access.codes import Code
from ecr_access.iam.actions import AccessLevel
from ecr_access.tokens import are_different, is_token, plausible_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

    from cdk_ecr_access.access_check.construct import AccessCheck
    from cdk_ecr_access.grants.grant_parts import Part
    from cdk_ecr_access.grants.principal_policies import IdentitySide
    from cdk_ecr_access.grants.repository_side import RepositorySide
    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.arns import Registry


class Grants:
    """The grants of one repository."""

    def __init__(
        self,
        repository: IConstruct,
        *,
        stack: Stack,
        arn: str,
        registry: Registry,
        name: str,
        side: RepositorySide,
    ) -> None:
        """Grant nothing yet.

        Args:
            repository: whose grants these are, or what declares it.
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
        self.name = name
        self._side = side
        self._home = registry_of(stack)
        self._follows_functions = False

    @cached_property
    def arn_elsewhere(self) -> str:
        """What policies of other accounts call the repository."""
        return arn_elsewhere(self.registry, self.name) or self.arn

    @cached_property
    def checked(self) -> CheckedRepository:
        """The repository, as access checks know it."""
        return CheckedRepository(
            self.repository,
            self.stack,
            name="" if is_token(self.name) else self.name,
            arn=self.arn,
            written_arn=self.arn_elsewhere,
            account=self.registry.account,
            declared=self._side.declared,
            is_retained=lambda: self._side.retained,
        )

    def add_to_known(self, repository: ecr.IRepository) -> None:
        """Have images of the repository found again by their URIs."""
        known = Known(repository, self.name, self.registry, self.stack, lambda: self.checked)
        KnownRepositories.of(self.stack).add(known)

    @property
    def check(self) -> AccessCheck:
        """The access check of the repository's stack."""
        return check_of(self.stack)

    def grant(
        self, grantees: Sequence[iam.IGrantable | str], level: AccessLevel, *, name_prefix: str | None = None
    ) -> iam.Grant:
        """Grant a level of access to the repository, and require that it holds at deploy time.

        Args:
            grantees: the principals, by name or not, or constructs that have a role.
            level: what they may do.
            name_prefix: what the identity side names instead of the repository. Default: the repository.

        Raises:
            ValueError: if the grant would allow no call, with the reason; nothing is rendered then.
        """
        shared = None if name_prefix is None else self._all_named(name_prefix)
        # All of them before the first is rendered: a refused grant leaves nothing behind.
        parts = [part for grantee in grantees for part in parts_of(grantee, level, self.registry, stack=self.stack)]
        self._side.check([(one.trusted, one.level) for one in parts if one.identity is None or one.foreign])
        if any(one.is_of_functions for one in parts):
            self._follow_functions()
        grants = [grant for one in parts for grant in self._granted(one, shared, name_prefix)]
        return reduce(iam.Grant.combine, dict.fromkeys(grants))

    def _follow_functions(self) -> None:
        """Have the policy let Lambda run images for functions of other accounts in the app, once all are declared."""
        if not self._follows_functions:
            self._follows_functions = True
            self._side.when_all_is_declared(self._grant_functions)

    def _grant_functions(self) -> None:
        # What reads images out of templates is imported by apps that grant to functions alone.
        from cdk_ecr_access.grants.functions_elsewhere import stacks_that_run

        stacks = stacks_that_run(self.name, self.registry, root=node_of(self.stack).root)
        accounts = [*dict.fromkeys(registry_of(one).account for one in stacks)]
        if accounts:
            self.grant(lambda_principals(self.stack, self.registry, accounts), AccessLevel.LAMBDA_PULL)
        for one in stacks:
            if self._side.declared and may_follow(one, self.stack) and not comes_after(self.stack, one):
                follow(one, self.stack)

    def _granted(self, part: Part, shared: str | None, name_prefix: str | None) -> list[iam.Grant]:
        one, level, identity = part.one, part.level, part.identity
        attached = identity and identity.allow(
            level, shared or self._arn_in_policy(identity.stack), length=self._length(name_prefix)
        )
        grants = [attached] if attached else []
        if attached and identity and not shared:
            self._keep_export(identity.stack)
        decided = decide(self._situation(part, attached=attached is not None))
        if decided.wrapped_token:
            allow_wrapped(part.principal, level, self.arn_elsewhere, foreign=part.foreign)
        if decided.on_repository:
            grantee = stand_in(self.stack) if isinstance(part.grantee, str) else part.grantee
            grants.append(self._side.add(grantee, part.trusted, level))
        if decided.compared:
            self._compare(part)
        if decided.proved_there:
            self._require_there(part, identity if attached else None)
        if decided.proved_here:
            requirement = DeclaredRequirement(one.name, level, self.arn, accounts=accounts_of(one, self.stack))
            inputs_of(self.check).add(requirement, principal=None, repository=self.checked)
        if decided.handed_over and (home := home_elsewhere(one, self.registry.account)) is not None:
            PolicyOutputs.of(self.stack).add(home, level, self.arn_elsewhere)
        return grants

    def _situation(self, part: Part, *, attached: bool) -> Situation:
        return Situation(
            part.one.kind,
            attached=attached,
            foreign=part.foreign,
            conditional=bool(part.one.conditions),
            of_accounts=names_accounts_alone(part.one, self.registry),
            perhaps_own=part.is_perhaps_own,
            declared=self._side.declared,
            at_home=not are_different(self.registry.account, self._home.account),
        )

    def keep(self, statement: iam.PolicyStatement) -> None:
        """Have the check find a statement of the app's own in the live policy, as it is at synthesis."""
        inputs_of(self.check).compare(self.checked, self.arn, statement.to_statement_json)

    def _compare(self, part: Part) -> None:
        check = self._check_of(part.principal, part.one, None)
        statement = part.trusted.statement(part.level.actions)
        inputs_of(check).compare(self.checked, self._arn_in(check.stack), lambda: statement)

    def _require_there(self, part: Part, attached_to: IdentitySide | None) -> None:
        """Have the check of the principal's stack prove what the identity side allows."""
        one, level = part.one, part.level
        check = self._check_of(part.principal, one, attached_to)
        requirement = DeclaredRequirement(one.name, level, self._arn_in(check.stack), token=level.needs_token)
        comes_first = self._side.declared and self._is_written_out_in(check.stack)
        reader = (lambda: inputs_of(self.check)) if attached_to and comes_first else None
        inputs_of(check).add(requirement, principal=part.principal, repository=self.checked, reader=reader)
        if comes_first:
            follow(check.stack, self.stack)

    def _check_of(self, principal: iam.IPrincipal | str, one: Grantee, attached_to: IdentitySide | None) -> AccessCheck:
        if attached_to is not None:
            return attached_to.check
        # The policy of a repository that names a role made in another stack makes its stack need that one; a check
        # over there that names the repository would close the circle.
        if not is_token(one.name) and is_construct(principal):
            return check_of(stack_of(cast("IConstruct", principal)))
        return self.check

    def _arn_in(self, stack: Stack) -> str:
        """Write the repository's ARN for a template.

        A reference within its own stack. Written out in another, where a reference would take an output of the
        repository's stack for each repository, of which there are 200, and tie the stacks together for good.
        """
        return self.arn_elsewhere if self._is_written_out_in(stack) else self.arn

    def _arn_in_policy(self, stack: Stack) -> str:
        """Write the repository's ARN for a policy of a principal, which the CDK renders."""
        return self._arn_in(stack)

    def _is_written_out_in(self, stack: Stack) -> bool:
        return stack is not self.stack and not is_token(self.arn_elsewhere) and may_follow(stack, self.stack)

    def _keep_export(self, stack: Stack) -> None:
        """Export the ARN as the reference of ``aws_ecr`` did: CloudFormation refuses to drop one that is in use."""
        if self._side.declared and self._is_written_out_in(stack) and registry_of(stack) == self._home:
            export(self.stack, self.arn)

    def _all_named(self, prefix: str) -> str:
        """Name all repositories of the registry whose names start alike, this one among them."""
        if problem := prefix_error(prefix, self.name):
            raise Code.NAME_PREFIX.error(problem)
        return self.registry.repository_arn(f"{prefix}*")

    def _length(self, prefix: str | None) -> int:
        return plausible_length(self.registry.repository_arn(self.name if prefix is None else f"{prefix}*"))
