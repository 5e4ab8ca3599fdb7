"""A repository of a manifest before it is made in bulk: its resource and its statements, as plain values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_cdk import Token
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.own_references import own_arn, own_reference
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.grants.grant import Grants
from cdk_ecr_access.grants.grant_methods import Granting
from cdk_ecr_access.grants.handover_policy import arn_elsewhere
from cdk_ecr_access.principals.texts import stand_in
from ecr_access.iam.actions import AccessLevel
from ecr_access.manifest.lifecycle import policy_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import Stack
    from constructs import Construct

    from cdk_ecr_access.manifest.bulk_repository import IncludedSide
    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.manifest import RepositoryEntry

_PULLED: frozenset[AccessLevel] = frozenset({AccessLevel.PULL, AccessLevel.PULL_PUSH, AccessLevel.LAMBDA_PULL})


class Draft(Granting):
    """What a manifest says of one repository, and the grants that it makes; nothing is in the tree yet."""

    def __init__(self, entry: RepositoryEntry, logical_id: str, scope: Construct) -> None:
        """Grant nothing yet.

        Args:
            entry: of the manifest.
            logical_id: of the resource.
            scope: which declares it.
        """
        self.entry = entry
        self.logical_id = logical_id
        self.side = DraftSide(stack_of(scope), retained=entry.removal_policy == "retain")
        self._levels: set[AccessLevel] = set()
        if entry.lambda_accounts or any(entry.levels.values()):
            arn = own_arn(logical_id)
            stack = stack_of(scope)
            registry = registry_of(stack)
            self._grants = DraftGrants(scope, stack=stack, arn=arn, registry=registry, name=entry.name, side=self.side)

    @property
    def archives_what_is_pulled(self) -> bool:
        """Whether a lifecycle rule may archive images that a principal was granted to pull."""
        rules = map(policy_rule, self.entry.lifecycle or ())
        return bool(self._levels & _PULLED) and any(rule.archives_what_is_pulled for rule in rules)

    def _grant(
        self, grantees: Sequence[iam.IGrantable | str], level: AccessLevel, name_prefix: str | None = None
    ) -> iam.Grant:
        self._levels.add(level)
        return super()._grant(grantees, level, name_prefix)


class DraftGrants(Grants):
    """The grants of a manifest on one repository, which has no construct."""

    @cached_property
    def arn_elsewhere(self) -> str:
        """What policies of other accounts call the repository, and those of the check."""
        return arn_elsewhere(self.registry, self.name) or self._token

    def _arn_in_policy(self, stack: Stack) -> str:
        """Write the repository's ARN for a policy of a role of the manifest, perhaps of its first stack."""
        return self._token if stack is self.stack else self.arn_elsewhere

    def _keep_export(self, stack: Stack) -> None:
        """Export nothing: no stack refers to a repository of a manifest, so that it may move to another one."""

    @cached_property
    def _token(self) -> str:
        return Token.as_string(own_reference(self.arn))


class DraftSide:
    """The policy of a repository that is made in bulk: plain statements, which no crossing takes."""

    declared = True

    def __init__(self, stack: Stack, *, retained: bool) -> None:
        self.retained = retained
        self.statements: list[dict[str, Any]] = []
        self.waiting: list[Callable[[], None]] = []
        """What is done when everything has been declared."""
        self.included: IncludedSide | None = None
        """The policy of the resource, once that is in the tree."""
        self._stack = stack

    def check(self, wanted: Sequence[tuple[Trust, AccessLevel]]) -> None:
        """Find nothing wrong: the policy of a declared repository takes every statement."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Add a statement. No caller sees the grant of one in a manifest, so that all have the same."""
        if self.included is not None:
            return self.included.add(grantee, trusted, level)
        self.statements.append(trusted.statement(level.actions))
        return _no_grant(self._stack)

    def when_all_is_declared(self, do: Callable[[], None]) -> None:
        """Do something once, when the resource is there and is visited."""
        self.waiting.append(do)


@per_construct
def _no_grant(stack: Stack) -> iam.Grant:
    return iam.Grant.drop(stand_in(stack), "a statement of a repository that is made in bulk")
