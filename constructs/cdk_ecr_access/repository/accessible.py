"""A repository whose grants are complete on both sides, and proved at deploy time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Intrinsic, RemovalPolicy, Token
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.arguments import as_list, typed
from cdk_ecr_access.cdk.jsii_overrides import python_only
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.grants.grant import Grants
from cdk_ecr_access.grants.grant_methods import Granting
from cdk_ecr_access.grants.repository_policy import DeclaredSide
from cdk_ecr_access.monitoring.failed_calls import FailedCalls
from cdk_ecr_access.repository.declared_names import DeclaredNames
from cdk_ecr_access.repository.encryption import Encryption
from cdk_ecr_access.repository.existing import ExistingRepository
from cdk_ecr_access.repository.lifecycle import Lifecycle
from cdk_ecr_access.repository.tag_mutability import check_filters, immutable
from ecr_access.codes import Code
from ecr_access.ecr.names import name_error
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from constructs import Construct

    from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule, GivenRule
    from ecr_access.iam.actions import AccessLevel

_REJECTED_BY_AWS_ECR: Final = re.compile("--|__")


class AccessibleRepository(Granting, FailedCalls, ecr.Repository):
    """An ``aws_ecr.Repository`` whose grants are complete and verified at deploy time.

    It goes wherever an ``IRepository`` goes. Its grants render what AWS needs on the identity side and on the
    repository side, the authorization token included, and each is proved at deploy time by the access check of
    the principal's stack (of this stack, where the principal is no construct).
    """

    # The methods of aws_ecr return a repository whose grants drop what they cannot render.
    from_lookup = ExistingRepository.from_lookup
    from_repository_arn = ExistingRepository.from_repository_arn
    from_repository_attributes = ExistingRepository.from_repository_attributes
    from_repository_name = ExistingRepository.from_repository_name

    @typed
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        repository_name: str | None = None,
        auto_delete_images: bool | None = None,
        empty_on_delete: bool | None = None,
        encryption: ecr.RepositoryEncryption | None = None,
        encryption_key: IKeyRef | None = None,
        image_scan_on_push: bool | None = None,
        image_tag_mutability: ecr.TagMutability | None = None,
        image_tag_mutability_exclusion_filters: Sequence[ecr.ImageTagMutabilityExclusionFilter] | None = None,
        lifecycle_registry_id: str | None = None,
        lifecycle_rules: Sequence[GivenRule] | None = None,
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        """Declare a repository (``AWS::ECR::Repository``).

        Args:
            scope: where in the tree.
            id: unique in the scope.
            repository_name: the name that clients push to and pull from, with its namespaces: 2 to 256
                characters. May be a token, which is not validated. Default: CloudFormation makes a name, as for
                ``aws_ecr``; grants and checks work by reference then, ``name_prefix`` and the adoption of an
                existing repository do not.
            auto_delete_images: deprecated in favour of ``empty_on_delete``. Default: False.
            empty_on_delete: delete the images with the repository; ``aws_ecr`` takes it with the removal policy
                ``DESTROY`` alone, so that no rollback costs an image by default. Default: False.
            encryption: ``KMS_DSSE`` is for the GovCloud Regions. Default: AES-256, or KMS where a key is given.
            encryption_key: a customer managed key, of this Region. Default: none; KMS then uses ``aws/ecr``.
            image_scan_on_push: default: True.
            image_tag_mutability: default: immutable tags, except the tags that filters exclude.
            image_tag_mutability_exclusion_filters: tags that the mutability does not concern. Default: none.
            lifecycle_registry_id: default: this account's registry.
            lifecycle_rules: rules of ``aws_ecr``, also as dicts, ``ArchiveRule`` and ``ExpireArchivedRule``, at most
                50. Default: untagged images expire after 14 days; ``[]`` for no rule.
            removal_policy: default: ``RETAIN_ON_UPDATE_OR_DELETE``: what a failed deployment has just created goes
                with it, so that the next one finds the name free; everything else is retained. ECR deletes no
                repository that holds images.

        Raises:
            RuntimeError: for ``empty_on_delete`` without ``DESTROY``.
            ValueError: if AWS would refuse the name, the encryption or the lifecycle rules, with all that is wrong
                with the rules; nothing has been built then.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
        """
        written = None if repository_name is None or is_token(repository_name) else repository_name
        if written is not None and (problem := name_error(written)):
            raise Code.REPOSITORY_NAME.error(problem)
        lifecycle = Lifecycle(
            lifecycle_rules, named=written or f"{scope.node.path}/{id}", registry_id=lifecycle_registry_id
        )
        encrypted = Encryption.of(encryption, encryption_key, region=registry_of(stack_of(scope)).region)
        declared = repository_name
        if written is not None and _REJECTED_BY_AWS_ECR.search(written):
            # A token is not validated by aws_ecr, whose pattern is narrower than the API's.
            repository_name = Token.as_string(Intrinsic(written))
        super().__init__(
            scope,
            id,
            repository_name=repository_name,
            auto_delete_images=auto_delete_images,
            empty_on_delete=empty_on_delete,
            encryption=encrypted.for_aws_ecr,
            encryption_key=encryption_key,
            image_scan_on_push=True if image_scan_on_push is None else image_scan_on_push,
            image_tag_mutability=image_tag_mutability or immutable(image_tag_mutability_exclusion_filters),
            image_tag_mutability_exclusion_filters=as_list(image_tag_mutability_exclusion_filters),
            lifecycle_registry_id=lifecycle_registry_id,
            lifecycle_rules=lifecycle.for_aws_ecr,
            removal_policy=removal_policy or RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        encrypted.render(self)
        lifecycle.render(self)
        if image_tag_mutability_exclusion_filters:
            check_filters(self)
        self._lifecycle = lifecycle
        arn = self.repository_arn
        self._side = DeclaredSide(self, arn=arn)
        self._side.retained = removal_policy is RemovalPolicy.RETAIN
        stack = stack_of(scope)
        if written is not None:
            DeclaredNames.of(stack).add(self, written, stack)
        name = self.repository_name if declared is None else declared
        self._grants = Grants(self, stack=stack, arn=arn, registry=registry_of(stack), name=name, side=self._side)
        self._grants.add_to_known(self)

    @python_only
    @typed
    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Add a statement of one's own to the repository's policy; the check finds it in the live policy.

        Args:
            statement: names its principals and no resource, which ECR refuses; mind that a token is never allowed by
                a repository policy.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
        """
        self._grants.keep(statement)
        self._side.join()
        return super().add_to_resource_policy(statement)

    @python_only
    @typed
    def apply_removal_policy(self, policy: RemovalPolicy) -> None:
        """Choose another removal policy than the constructor was given.

        Args:
            policy: what becomes of the repository when it leaves its stack.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
        """
        super().apply_removal_policy(policy)
        self._side.retained = policy is RemovalPolicy.RETAIN

    @python_only
    @typed
    def add_lifecycle_rule(
        self,
        *,
        description: str | None = None,
        max_image_age: Duration | None = None,
        max_image_count: float | None = None,
        rule_priority: float | None = None,
        tag_pattern_list: Sequence[str] | None = None,
        tag_prefix_list: Sequence[str] | None = None,
        tag_status: ecr.TagStatus | None = None,
    ) -> None:
        """Add a rule that deletes images, beside the rules that the repository was declared with, or the default.

        The default gives way to a rule for untagged images, and to one for any image with a priority.

        Takes what ``aws_ecr.LifecycleRule`` takes; give exactly one of ``max_image_age`` and ``max_image_count``.

        Args:
            description: what the rule is for. Default: none.
            max_image_age: delete images pushed longer ago, in whole days. Default: none.
            max_image_count: delete all but so many images, the oldest first. Default: none.
            rule_priority: 1 or more; the lowest number comes first, any image last. Default: assigned.
            tag_pattern_list: only images that match all of these, with up to four ``*`` each. Default: none.
            tag_prefix_list: only images with tags that start with all of these. Default: none.
            tag_status: default: ``TAGGED`` where tags are listed, or else ``ANY``.

        Raises:
            ValueError: with everything that AWS would refuse about the rule beside the others; it is not added then.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
        """
        rule: dict[str, Any] = {
            "description": description,
            "max_image_age": max_image_age,
            "max_image_count": max_image_count,
            "rule_priority": rule_priority,
            "tag_pattern_list": as_list(tag_pattern_list),
            "tag_prefix_list": as_list(tag_prefix_list),
            "tag_status": tag_status,
        }
        if self._lifecycle.add(self, ecr.LifecycleRule(**rule)):
            super().add_lifecycle_rule(**rule)

    @typed
    def add_archive_rule(self, rule: ArchiveRule | ExpireArchivedRule) -> None:
        """Add a rule that archives images, or one that deletes archived ones.

        Args:
            rule: what is archived or deleted, and when.

        Raises:
            ValueError: with everything that AWS would refuse about the rule beside the others; it is not added then.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
        """
        self._lifecycle.add(self, rule)

    def _grant(
        self, grantees: Sequence[iam.IGrantable | str], level: AccessLevel, name_prefix: str | None = None
    ) -> iam.Grant:
        grant = super()._grant(grantees, level, name_prefix)
        self._lifecycle.granted(self, level)
        return grant
