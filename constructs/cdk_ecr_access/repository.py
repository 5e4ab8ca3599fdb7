"""A repository whose grants are complete on both sides, and proved at deploy time."""

from __future__ import annotations

import re
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from aws_cdk import Duration, Intrinsic, RemovalPolicy, Stack, Token
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access.access_check import AccessCheck
from cdk_ecr_access.actions import AccessLevel
from cdk_ecr_access.grantees import grantees_of
from cdk_ecr_access.grants import grant_access
from cdk_ecr_access.identity_policy import arn_elsewhere, identity_policy
from cdk_ecr_access.lambda_pull import lambda_principals
from cdk_ecr_access.names import name_error
from cdk_ecr_access.policy_outputs import PolicyOutputs, homes_elsewhere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk.interfaces.aws_kms import IKeyRef
    from constructs import Construct

_UNTAGGED_DAYS = 14
_REJECTED_BY_AWS_ECR = re.compile("--|__")


class AccessibleRepository(ecr.Repository):
    """An ``aws_ecr.Repository`` that nobody meets a 404, a 403 or a silent no-op at.

    It goes wherever an ``IRepository`` goes. Its grants render what AWS needs on the identity side and on the
    repository side, the authorization token included, and each is proved at deploy time by the access check of
    the principal's stack (of this stack, where the principal is no construct).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        repository_name: str,
        auto_delete_images: bool | None = None,
        empty_on_delete: bool | None = None,
        encryption: ecr.RepositoryEncryption | None = None,
        encryption_key: IKeyRef | None = None,
        image_scan_on_push: bool | None = None,
        image_tag_mutability: ecr.TagMutability | None = None,
        image_tag_mutability_exclusion_filters: Sequence[ecr.ImageTagMutabilityExclusionFilter] | None = None,
        lifecycle_registry_id: str | None = None,
        lifecycle_rules: Sequence[ecr.LifecycleRule] | None = None,
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        """Declare a repository (``AWS::ECR::Repository``).

        Args:
            scope: where in the tree.
            id: unique in the scope.
            repository_name: the name that clients push to and pull from, with its namespaces: 2 to 256
                characters. May be a token, which is not validated.
            auto_delete_images: deprecated in favour of ``empty_on_delete``. Default: False.
            empty_on_delete: delete the images with the repository. Default: False.
            encryption: default: AES-256, or KMS where a key is given.
            encryption_key: a customer managed key. Default: none.
            image_scan_on_push: default: True.
            image_tag_mutability: default: immutable tags, but for those that filters exclude.
            image_tag_mutability_exclusion_filters: tags that the mutability does not concern. Default: none.
            lifecycle_registry_id: default: this account's registry.
            lifecycle_rules: default: untagged images expire after 14 days; ``[]`` for no rule.
            removal_policy: default: ``RETAIN``.

        Raises:
            ValueError: if the name is not one that the API accepts; nothing has been built then.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
        """
        unresolved = Token.is_unresolved(repository_name)
        if not unresolved and (problem := name_error(repository_name)):
            raise ValueError(problem)
        declared = repository_name
        if not unresolved and _REJECTED_BY_AWS_ECR.search(repository_name):
            # A token is not validated by aws_ecr, whose pattern is narrower than the API's.
            repository_name = Token.as_string(Intrinsic(repository_name))
        super().__init__(
            scope,
            id,
            repository_name=repository_name,
            auto_delete_images=auto_delete_images,
            empty_on_delete=empty_on_delete,
            encryption=encryption,
            encryption_key=encryption_key,
            image_scan_on_push=True if image_scan_on_push is None else image_scan_on_push,
            image_tag_mutability=image_tag_mutability or _immutable(image_tag_mutability_exclusion_filters),
            image_tag_mutability_exclusion_filters=image_tag_mutability_exclusion_filters,
            lifecycle_registry_id=lifecycle_registry_id,
            lifecycle_rules=_default_rules() if lifecycle_rules is None else lifecycle_rules,
            removal_policy=removal_policy or RemovalPolicy.RETAIN,
        )
        self._declared_name = declared

    @property
    def access_check(self) -> AccessCheck:
        """The access check of this repository's stack."""
        return AccessCheck.of(self)

    def grant_pull(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal pull images: the actions of ``AccessLevel.PULL`` and the authorization token.

        Raises:
            ValueError: if the grant would allow nobody anything, with the reason.
        """
        return self._grant(grantee, AccessLevel.PULL)

    def grant_push(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal push images: the actions of ``AccessLevel.PUSH`` and the authorization token.

        Raises:
            ValueError: if the grant would allow nobody anything, with the reason.
        """
        return self._grant(grantee, AccessLevel.PUSH)

    def grant_pull_push(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal pull and push images: ``AccessLevel.PULL_PUSH`` and the authorization token.

        Raises:
            ValueError: if the grant would allow nobody anything, with the reason.
        """
        return self._grant(grantee, AccessLevel.PULL_PUSH)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal describe the repository and its images: ``AccessLevel.READ``, without the token.

        Raises:
            ValueError: if the grant would allow nobody anything, with the reason.
        """
        return self._grant(grantee, AccessLevel.READ)

    def grant_lambda_pull(self, *, accounts: Sequence[str]) -> iam.Grant:
        """Let the Lambda functions of accounts run images of this repository, in its Region.

        Renders both statements that AWS asks for: one for Lambda itself, under the condition that it acts for a
        function of one of the accounts, and one for each other account, whose roles create the functions. Lambda
        would add them by itself to the policy of a repository of its own account; the next update would drop them.

        Args:
            accounts: ids of 12 digits, or tokens; this repository's own account may be one.

        Raises:
            ValueError: with everything that is wrong with the accounts; nothing is rendered then.

        https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
        """
        principals = lambda_principals(Stack.of(self), accounts)
        return reduce(iam.Grant.combine, [self._grant(one, AccessLevel.LAMBDA_PULL) for one in principals])

    def identity_policy(self, level: AccessLevel) -> iam.PolicyDocument:
        """Write the policy that another account's administrators attach to a role that is to use this repository.

        It holds the level's actions on this repository's ARN and, in a statement of its own, the authorization
        token on ``*`` unless the level does without. Registers nothing and renders nothing: hand it to a role of
        another stack, or write it down with ``to_json()``. The ARN is literal where the name, the account and the
        Region are known. A grant to an account, an organization, a unit or a role of another account puts the same
        into an output of this stack, ``Ecr<Level>PolicyFor<Account or organization>``.

        Args:
            level: what the role is to do.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
        """
        return identity_policy([self._arn_elsewhere], level)

    def _grant(self, grantee: iam.IGrantable, level: AccessLevel) -> iam.Grant:
        """Grant, and output what has to be attached where this app cannot."""
        grant = grant_access(self, grantee, level)
        if not grant.principal_statements:
            for home in homes_elsewhere(grantees_of(grantee, scope=self), self._account):
                self._policy_outputs.add(home, level, self._arn_elsewhere)
        return grant

    # Each of these asks the CDK several times, which costs milliseconds in an app of hundreds of repositories.
    @cached_property
    def _account(self) -> str:
        return Stack.of(self).account

    @cached_property
    def _policy_outputs(self) -> PolicyOutputs:
        return PolicyOutputs.of(self)

    @cached_property
    def _arn_elsewhere(self) -> str:
        return arn_elsewhere(self, self._declared_name)


def _immutable(filters: Sequence[ecr.ImageTagMutabilityExclusionFilter] | None) -> ecr.TagMutability:
    return ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION if filters else ecr.TagMutability.IMMUTABLE


def _default_rules() -> list[ecr.LifecycleRule]:
    return [
        ecr.LifecycleRule(
            description=f"untagged images expire after {_UNTAGGED_DAYS} days",
            tag_status=ecr.TagStatus.UNTAGGED,
            max_image_age=Duration.days(_UNTAGGED_DAYS),
        )
    ]
