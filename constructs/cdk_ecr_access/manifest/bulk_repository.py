"""A repository that was made in bulk: no construct, with the grants of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Aspects
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.on_visit import OnVisit
from cdk_ecr_access.cdk.policy_documents import document, joined
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.grants.grant import Grants
from cdk_ecr_access.grants.grant_methods import Granting
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from aws_cdk import aws_ecr as ecr

    from cdk_ecr_access.principals.trust import Trust
    from ecr_access.iam.actions import AccessLevel


class BulkRepository(Granting):
    """A repository of ``DeclaredInBulk``: the grants of an ``AccessibleRepository``, its name, ARN and resource.

    It is no construct and no ``IRepository``. For what needs one, such as the image of a container, declare the
    manifest with ``DeclaredRepositories``, or name the repository in a stack that is deployed later, with
    ``ExistingRepository.from_repository_name``.
    """

    def __init__(self, resource: ecr.CfnRepository, *, name: str, retained: bool, minimize: bool) -> None:
        """Take a repository that is in the tree.

        Args:
            resource: its resource.
            name: its name, with its namespaces.
            retained: whether a failed deployment that has just created it leaves it behind.
            minimize: whether the CDK minimizes policies.
        """
        self.resource = resource
        """The ``AWS::ECR::Repository``."""
        self.repository_name = name
        """The name, with its namespaces."""
        self.repository_arn: str = resource.attr_arn
        """A token for the ARN."""
        stack = stack_of(resource)
        side = IncludedSide(resource, retained=retained, minimize=minimize)
        registry, arn = registry_of(stack), self.repository_arn
        self._grants = Grants(resource, stack=stack, arn=arn, registry=registry, name=name, side=side)

    def __getattr__(self, name: str) -> NoReturn:
        """Say what to do for what a construct has."""
        raise AttributeError(
            Code.NOT_IN_BULK.ends(
                f"{name} of repository '{vars(self).get('repository_name')}', which is made in bulk and is no "
                "construct; write what it is in the manifest, set properties of its resource, or use "
                "DeclaredRepositories in the place of DeclaredInBulk"
            )
        )


class IncludedSide:
    """The policy of a repository that was made in bulk; statements are added to what its resource has."""

    declared = True

    def __init__(self, resource: ecr.CfnRepository, *, retained: bool, minimize: bool) -> None:
        self.retained = retained
        self._resource = resource
        self._minimize = minimize
        self._added: list[dict[str, Any]] = []

    def check(self, wanted: Sequence[tuple[Trust, AccessLevel]]) -> None:
        """Find nothing wrong: the policy of a declared repository takes every statement."""

    def add(self, grantee: iam.IGrantable, trusted: Trust, level: AccessLevel) -> iam.Grant:
        """Add a statement."""
        statement = trusted.statement(level.actions)
        self.add_all([statement])
        return iam.Grant.add_statement_to_resource_policy(
            statement=iam.PolicyStatement.from_json(statement),
            resource=_Taker(self._resource),
            grantee=grantee,
            actions=[*level.actions],
            resource_arns=["*"],
        )

    def add_all(self, statements: Sequence[dict[str, Any]]) -> None:
        """Add statements, joined at synthesis."""
        if not self._added:
            resource = self._resource
            # In a list of one, because nothing vanishes from a list.
            given = [[resource.repository_policy_text], self._added]
            resource.repository_policy_text = lazy_values.changed(given, self._document)
        self._added += joined(statements, minimize=self._minimize)

    def when_all_is_declared(self, do: Callable[[], None]) -> None:
        """Do something once, when the resource is visited."""
        Aspects.of(self._resource).add(OnVisit(do))

    def _document(self, given: Any) -> Any:
        own, added = given
        statements = [*(own[0]["Statement"] if own else ()), *added]
        return document(joined(statements, minimize=self._minimize), minimize=self._minimize)


@jsii.implements(iam.IResourceWithPolicyV2)
class _Taker:
    """What a grant adds its statement to: the statement is there already."""

    def __init__(self, resource: ecr.CfnRepository) -> None:
        self._resource = resource

    @property
    def env(self) -> Any:
        """The account and Region of the resource."""
        return self._resource.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:  # noqa: ARG002
        """Say what the statement is rendered in."""
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._resource)
