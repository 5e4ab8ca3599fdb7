"""A repository of another app or team. It is looked up at deploy time, and a grant that has no effect is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.access_check.check_inputs import inputs_of
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.grants.existing_repository_policy import ExistingSide
from cdk_ecr_access.grants.grant import Grants
from cdk_ecr_access.grants.grant_methods import Granting
from cdk_ecr_access.monitoring.failed_calls import FailedCalls
from cdk_ecr_access.repository.named_repository import by_arn, by_parts, refuse_wrong_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from cdk_ecr_access.repository.named_repository import NamedRepository
    from ecr_access.iam.actions import AccessLevel
    from ecr_access.iam.arns import Registry


class ExistingRepository(Granting, FailedCalls, ecr.RepositoryBase):
    """A repository that this app uses and does not declare; goes wherever an ``IRepository`` goes.

    Made by ``from_repository_name``, ``_arn``, ``_attributes`` and ``from_lookup``. That it exists is a requirement
    as soon as it is granted, or the URI of its images is asked for: a missing one fails the deployment, which names the
    nearest. Until then it renders nothing. In another account it cannot be looked up from here.

    Grants render the identity side. Whatever would need a statement in its repository policy is an error that shows
    the statement and where it belongs, unless ``policy_covers_grants`` says that it is there already: then the check
    proves it against the live policy, if that is this account's.
    """

    @typed
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        registry: Registry,
        repository_name: str,
        repository_arn: str,
        policy_covers_grants: bool = False,
    ) -> None:
        """Use a repository; prefer the three ways that begin with ``from_``.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            registry: where the repository lives.
            repository_name: its name, with its namespaces.
            repository_arn: its ARN.
            policy_covers_grants: whether its policy holds the statements that grants need. Default: False.

        Raises:
            ValueError: if the name is not one that the API accepts, the account has not 12 digits, or an argument is of
                another type; nothing has been built then.
        """
        refuse_wrong_parts(registry, repository_name)
        super().__init__(scope, id, account=registry.account, region=registry.region)
        self._name = repository_name
        self._arn = repository_arn
        self._side = ExistingSide(self, name=repository_name, registry=registry, covered=policy_covers_grants)
        stack, arn = stack_of(scope), repository_arn
        self._grants = Grants(self, stack=stack, arn=arn, registry=registry, name=repository_name, side=self._side)
        self._grants.add_to_known(self)

    @classmethod
    @typed
    def from_repository_name(
        cls,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        repository_name: str,
        *,
        policy_covers_grants: bool = False,
    ) -> ExistingRepository:
        """Use a repository of the stack's own account and Region.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            repository_name: its name, with its namespaces; may be a token.
            policy_covers_grants: whether its policy holds the statements that grants need. Default: False.

        Raises:
            ValueError: if the name is not one that the API accepts.
        """
        named = by_parts(registry_of(stack_of(scope)), name=repository_name)
        return cls._named(scope, id, named, policy_covers_grants)

    @classmethod
    @typed
    def from_repository_arn(
        cls,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        repository_arn: str,
        *,
        policy_covers_grants: bool = False,
    ) -> ExistingRepository:
        """Use the repository with an ARN, of whatever account and Region.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            repository_arn: ``arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME``, each part known or a token.
            policy_covers_grants: whether its policy holds the statements that grants need. Default: False.

        Raises:
            ValueError: if it is no ARN of a repository, or a token as a whole.
        """
        return cls._named(scope, id, by_arn(repository_arn), policy_covers_grants)

    @classmethod
    @typed
    def from_repository_attributes(
        cls,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        repository_name: str,
        repository_arn: str | None = None,
        account: str | None = None,
        region: str | None = None,
        policy_covers_grants: bool = False,
    ) -> ExistingRepository:
        """Use a repository of another account or Region, by its parts.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            repository_name: its name, with its namespaces; may be a token.
            repository_arn: its ARN. Default: made of the other parts.
            account: whose registry it is in. Default: the ARN's, or the stack's own.
            region: which Region's registry it is in. Default: the ARN's, or the stack's own.
            policy_covers_grants: whether its policy holds the statements that grants need. Default: False.

        Raises:
            ValueError: if the name is not one that the API accepts, or differs from the ARN's.
        """
        own = registry_of(stack_of(scope))
        named = by_parts(own, name=repository_name, arn=repository_arn, account=account, region=region)
        return cls._named(scope, id, named, policy_covers_grants)

    @classmethod
    def _named(cls, scope: Construct, id: str, named: NamedRepository, covers: bool) -> ExistingRepository:  # noqa: A002, FBT001
        return cls(
            scope,
            id,
            registry=named.registry,
            repository_name=named.name,
            repository_arn=named.arn,
            policy_covers_grants=covers,
        )

    @classmethod
    @typed
    def from_lookup(
        cls,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        repository_name: str | None = None,
        repository_arn: str | None = None,
        policy_covers_grants: bool = False,
    ) -> ExistingRepository:
        """Use a repository that the CDK CLI looks up at synthesis, in the account and Region of the stack.

        Args:
            scope: where in the tree, in a stack with an account and a Region.
            id: unique in the scope.
            repository_name: its name; give this or the ARN. Default: looked up by its ARN.
            repository_arn: its ARN. Default: looked up by its name.
            policy_covers_grants: whether its policy holds the statements that grants need. Default: False.

        Raises:
            RuntimeError: if neither is given, or one is known only at deployment; the words are the CDK's.

        https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        # For its errors, and for what it has the CLI look up; until then it answers with values that name nothing.
        ecr.Repository.from_lookup(scope, id, repository_name=repository_name, repository_arn=repository_arn)
        scope.node.try_remove_child(id)
        if repository_name is None or repository_arn is not None:
            return cls.from_repository_arn(scope, id, repository_arn or "", policy_covers_grants=policy_covers_grants)
        return cls.from_repository_name(scope, id, repository_name, policy_covers_grants=policy_covers_grants)

    @property
    def repository_arn(self) -> str:
        """The repository's ARN."""
        return self._arn

    @property
    def repository_name(self) -> str:
        """The repository's name, with its namespaces."""
        return self._name

    @typed
    def repository_uri_for_tag(self, tag: str | None = None) -> str:
        """Return the URI of an image by its tag; the repository has to exist then.

        Args:
            tag: of the image. Default: none, the URI of the repository.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
        """
        self.require()
        return super().repository_uri_for_tag(tag)

    @typed
    def repository_uri_for_digest(self, digest: str | None = None) -> str:
        """Return the URI of an image by its digest; the repository has to exist then.

        Args:
            digest: of the image. Default: none, the URI of the repository.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
        """
        self.require()
        return super().repository_uri_for_digest(digest)

    def require(self) -> None:
        """Require that the repository exists at deploy time; a grant and the URI of an image do so by themselves."""
        # Nothing can be added to the tree any more while it is synthesized.
        if not self.node.locked:
            inputs_of(self._grants.check).look_up(self._grants.checked)

    @typed
    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Refuse a statement: the app or team that declares the repository writes its policy.

        Raises:
            ValueError: always, with the statement and where it belongs.
        """
        return self._side.take(statement)

    def _grant(
        self, grantees: Sequence[iam.IGrantable | str], level: AccessLevel, name_prefix: str | None = None
    ) -> iam.Grant:
        grant = super()._grant(grantees, level, name_prefix)
        self.require()
        return grant
