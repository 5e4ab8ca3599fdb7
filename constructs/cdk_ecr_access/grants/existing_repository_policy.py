"""The repository side of grants on a repository of another app or team, which writes the repository policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_cdk import Aspects
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.on_visit import OnVisit
from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.codes import Code
from ecr_access.tokens import without_token_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.iam.actions import AccessLevel
    from ecr_access.iam.arns import Registry


class ExistingSide:
    """The policy of a repository that this app does not declare."""

    declared = False
    retained = False

    def __init__(self, repository: ecr.RepositoryBase, *, name: str, registry: Registry, covered: bool) -> None:
        """Take it as it is; ``covered`` says that it holds what grants need."""
        self._repository = repository
        self._name = name
        self._registry = registry
        self._covered = covered
        self._granting = False

    def check(self, wanted: Sequence[tuple[Trust, AccessLevel]]) -> None:
        """Refuse what the policy would have to hold, unless it does.

        Raises:
            ValueError: with every statement that a grant needs, and where they belong.
        """
        if wanted and not self._covered:
            levels = " and ".join(dict.fromkeys(level.value for _, level in wanted))
            statements = [trusted.statement(level.actions) for trusted, level in wanted]
            raise Code.POLICY_OF_ANOTHER_OWNER.error(
                f"cannot grant {levels} on {self._where}: {self._instead(statements)}; then "
                "say policy_covers_grants=True where the repository is named here, and the check proves it"
            )

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Return the grant that the policy makes already.

        Raises:
            ValueError: if it is not said to.
        """
        self.check([(trusted, level)])
        self._granting = True
        try:
            return iam.Grant.add_statement_to_resource_policy(
                statement=iam.PolicyStatement.from_json(trusted.statement(level.actions)),
                resource=self._repository,
                grantee=grantee,
                actions=[*level.actions],
                resource_arns=["*"],
            )
        finally:
            self._granting = False

    def when_all_is_declared(self, do: Callable[[], None]) -> None:
        """Do something once, when the repository is visited."""
        Aspects.of(self._repository).add(OnVisit(do))

    def take(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Refuse any statement but one that is there already.

        Raises:
            ValueError: with the statement and where it belongs.
        """
        if self._granting:
            return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._repository)
        raise Code.POLICY_OF_ANOTHER_OWNER.error(
            f"cannot add to the policy of {self._where}: {self._instead([statement.to_statement_json()])}"
        )

    @property
    def _where(self) -> str:
        return without_token_names(
            f"existing repository '{self._name}' in the registry of account {self._registry.account} in "
            f"{self._registry.region}"
        )

    def _instead(self, statements: list[dict[str, Any]]) -> str:
        written = ", ".join(map(json.dumps, stack_of(self._repository).resolve(statements)))
        these = "this statement" if len(statements) == 1 else "these statements"
        # What refers to this stack means nothing in another one.
        refers = '{"Fn::' in written or '{"Ref"' in written
        hint = ", with the value of what it refers to in this stack, such as a role that is given a role_name"
        return (
            "its repository policy would have to say so, which the owner of the repository writes; add "
            f"{these} there{hint if refers else ''}: {written}"
        )
