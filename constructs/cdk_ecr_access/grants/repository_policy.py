"""The repository side of grants on a declared repository: statements of its policy, joined where they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Aspects
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import cfn_repository_of
from cdk_ecr_access.cdk.on_visit import OnVisit
from ecr_access.iam.merging import merged, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.iam.actions import AccessLevel


class DeclaredSide:
    """The policy of a repository that this app declares."""

    declared = True

    def __init__(self, repository: ecr.Repository, *, arn: str) -> None:
        self._repository = repository
        self._arn = arn
        self.retained = False
        self._shapes: set[str] = set()
        self._joins = False

    def check(self, wanted: Sequence[tuple[Trust, AccessLevel]]) -> None:
        """Find nothing wrong: the policy of a declared repository takes every statement."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Add a statement, joined with an earlier one at synthesis if only their principals differ."""
        statement = trusted.statement(level.actions)
        self._join_if_alike(statement)
        # Grant.add_to_principal_or_resource would drop the conditions without a word.
        return iam.Grant.add_statement_to_resource_policy(
            statement=iam.PolicyStatement.from_json(statement),
            resource=self._repository,
            grantee=grantee,
            actions=[*level.actions],
            resource_arns=[self._arn],
        )

    def when_all_is_declared(self, do: Callable[[], None]) -> None:
        """Do something once, when the repository is visited."""
        Aspects.of(self._repository).add(OnVisit(do))

    def join(self) -> None:
        """Have the policy's statements joined at synthesis: most repositories never need it."""
        if not self._joins:
            self._joins = True
            leaf = cfn_repository_of(self._repository)
            leaf.repository_policy_text = lazy_values.changed(leaf.repository_policy_text, _joined)

    def _join_if_alike(self, statement: dict[str, Any]) -> None:
        found = set(shapes(statement))
        if found & self._shapes:
            self.join()
        self._shapes |= found


def _joined(document: Any) -> Any:
    """Join the statements of a policy document; nothing stays nothing."""
    return {**document, "Statement": merged(document["Statement"])} if document else document
