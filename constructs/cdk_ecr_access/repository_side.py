"""The repository side of grants on a declared repository: statements of its policy, joined where they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from cdk_ecr_access import late
from cdk_ecr_access.leaf import leaf_of
from cdk_ecr_access.merging import merged, shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.actions import AccessLevel
    from cdk_ecr_access.policies import Trust


class DeclaredSide:
    """The policy of a repository that this app declares."""

    declared = True

    def __init__(self, repository: ecr.Repository, *, arn: str) -> None:
        """Trust nobody yet."""
        self._repository = repository
        self._arn = arn
        self._shapes: set[str] = set()
        self._joins = False
        self._compared: list[Callable[[], dict[str, Any]]] = []

    def check(self, trusted: Trust, level: AccessLevel) -> None:
        """Find nothing wrong: a declared repository trusts whomever it is told to."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Add a statement, joined with an earlier one at synthesis if it differs in whom it names alone."""
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

    def compare(self, trusted: Trust, level: AccessLevel) -> None:
        """Have the check find this trust in the live policy."""
        statement = trusted.statement(level.actions)
        self._compared.append(lambda: statement)

    def keep(self, statement: iam.PolicyStatement) -> None:
        """Have the check find somebody's own statement in the live policy, as it is at synthesis."""
        self._compared.append(statement.to_statement_json)

    def compared(self) -> list[dict[str, Any]]:
        """Tell the statements that the check has to find in the live policy."""
        return merged(written() for written in self._compared)

    def _join_if_alike(self, statement: dict[str, Any]) -> None:
        """Have the policy's statements joined, once two of them can be: most repositories never need it."""
        found = set(shapes(statement))
        if not self._joins and found & self._shapes:
            leaf = leaf_of(self._repository)
            leaf.repository_policy_text = late.changed(leaf.repository_policy_text, _joined)
            self._joins = True
        self._shapes |= found


def _joined(document: object) -> object:
    """Join the statements of a policy document; nothing stays nothing."""
    if not isinstance(document, iam.PolicyDocument):
        return document
    written = document.to_json()
    return {**written, "Statement": merged(written["Statement"])}
