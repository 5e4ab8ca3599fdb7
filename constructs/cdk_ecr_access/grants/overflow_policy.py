"""A managed policy that takes the statements which a principal's own policy has no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_ecr_access.cdk.interfaces import offers
from cdk_ecr_access.cdk.stacks import stack_of

if TYPE_CHECKING:
    from constructs import IConstruct


@jsii.implements(iam.IPrincipal)
class OverflowPolicy:
    """Stands for a principal, so that a grant to it lands in the managed policy and waits for that."""

    def __init__(self, principal: Any, id: str) -> None:  # noqa: A002 -- the CDK's name; a role, user or group
        """Make the policy, attached to the principal and beneath it in the tree, or beneath its stack if imported."""
        scope, id = _place(principal, id)  # noqa: A001 -- the CDK's name
        if offers(principal, "user_name"):
            self._policy = iam.ManagedPolicy(scope, id, users=[principal])
        elif offers(principal, "group_name"):
            self._policy = iam.ManagedPolicy(scope, id, groups=[principal])
        else:
            self._policy = iam.ManagedPolicy(scope, id, roles=[principal])
        self._principal = principal

    @property
    def grant_principal(self) -> Any:
        """Take statements itself."""
        return self

    @property
    def assume_role_action(self) -> str:
        """Say what the principal says."""
        action: str = self._principal.assume_role_action
        return action

    @property
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        """Say what the principal says."""
        fragment: iam.PrincipalPolicyFragment = self._principal.policy_fragment
        return fragment

    @property
    def principal_account(self) -> str | None:
        """Say what the principal says."""
        account: str | None = self._principal.principal_account
        return account

    def add_to_policy(self, statement: iam.PolicyStatement) -> bool:
        """Add a statement to the managed policy."""
        return self.add_to_principal_policy(statement).statement_added

    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add a statement to the managed policy."""
        self._policy.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self._policy)


def _place(principal: IConstruct, id: str) -> tuple[Construct, str]:  # noqa: A002 -- the CDK's name
    """Find the scope and the id of a policy: what is imported is in Python an interface, and no scope."""
    if isinstance(principal, Construct):
        return principal, id
    return stack_of(principal), f"{id}For{principal.node.path.replace('/', ':')}"
