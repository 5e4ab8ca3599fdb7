"""All that an access check is asked, and may look at for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdk_ecr_access.access_check.declared_policies import as_property
from cdk_ecr_access.access_check.policy_digest import PolicyDigest
from cdk_ecr_access.access_check.requirements import Requirement, as_properties
from ecr_access.tokens import are_different, is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository
    from cdk_ecr_access.access_check.function import CheckFunction


class CheckInputs:
    """What a check is asked; whatever it has to look at, its function's role is allowed to."""

    def __init__(self, function: CheckFunction, *, account: str) -> None:
        self._function = function
        self._account = account
        self._requirements: dict[Requirement, None] = {}
        self._principals: dict[str, iam.IPrincipal] = {}
        self._repositories: dict[str, CheckedRepository] = {}
        self._compared: dict[str, list[Callable[[], dict[str, Any]]]] = {}

    def knows(self, requirement: Requirement) -> bool:
        """Whether that is asked already."""
        return requirement in self._requirements

    def add(
        self, requirement: Requirement, principal: iam.IPrincipal | None, repository: CheckedRepository | None
    ) -> None:
        """Ask for a requirement; a principal that is given is simulated, a repository looked up."""
        if principal is not None and requirement.principal not in self._principals:
            self._function.may_simulate(requirement.principal)
            self._principals[requirement.principal] = principal
        if repository is not None:
            self.look_up(repository)
        self._requirements[requirement] = None

    def look_up(self, repository: CheckedRepository) -> None:
        """Ask whether a repository exists."""
        if repository.arn in self._repositories:
            return
        if are_different(repository.account, self._account):
            # Named all the same where nobody here declares it, so that the log says what was not looked at.
            if not repository.declared:
                self._repositories[repository.arn] = repository
            return
        self._function.may_look_up(repository.written_arn)
        if not repository.declared:
            self._function.may_list(repository.repository.env.region)
        self._repositories[repository.arn] = repository

    def compare(self, repository: CheckedRepository, arn: str, statement: Callable[[], dict[str, Any]]) -> None:
        """Ask whether a statement is in a live policy."""
        self.look_up(repository)
        self._compared.setdefault(arn, []).append(statement)

    def evidence(self, stack: Stack) -> PolicyDigest:
        """Read what the verdicts will rest on, when everything has been declared."""
        stacks = [one.stack for one in self._repositories.values() if one.declared]
        return PolicyDigest(stack, self._principals, stacks)

    def properties(self, stack: Stack) -> dict[str, Any]:
        """Render all of it as the custom resource's properties; its stack's own repositories may be left behind."""
        retained = [arn for arn, one in self._repositories.items() if one.stack is stack and one.is_retained()]
        return {
            **as_properties(self._requirements),
            "Existing": [arn for arn, one in self._repositories.items() if not one.declared] or None,
            "Declared": as_property(self._compared) or None,
            "Retained": retained or None,
        }


def described(requirement: Requirement, principal: object, repository: CheckedRepository | None) -> str:
    """Name what is required for a message: constructs by their paths, since tokens have no name of a user's."""
    path = getattr(getattr(principal, "node", None), "path", None)
    who = quoted(path or requirement.principal)
    if repository is None:
        return f"a token of {who}"
    path = repository.repository.node.path
    name = "" if is_token(repository.name) or repository.name == path else f"{quoted(repository.name)}, which is "
    return f"the access of {who} to repository {name}{quoted(path)}"
