"""The grants that every repository of this library offers, declared or existing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.access_check.construct import AccessCheck
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.grants.handover_policy import identity_policy
from cdk_ecr_access.grants.lambda_pull import lambda_principals
from ecr_access.iam.actions import AccessLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.grants.grant import Grants


class Granting:
    """Grants that are complete on both sides of a permission, and proved at deploy time.

    A mixin of constructs that are an ``IRepository``. A grant to a role, user or group of this account, or of another
    stack of the app, renders the level's actions on the repository's ARN, and the authorization token on ``*`` in a
    statement of its own, into the principal's policies. A principal without policies here gets a statement in the
    repository's policy. Either way the access check has a requirement more.
    """

    _grants: Grants

    @property
    def access_check(self) -> AccessCheck:
        """The access check of this repository's stack."""
        return AccessCheck.of(self._grants.stack)

    @typed
    def grant_pull(self, grantee: iam.IGrantable | str, *, name_prefix: str | None = None) -> iam.Grant:
        """Let a principal pull images: the actions of ``AccessLevel.PULL`` and the authorization token.

        Args:
            grantee: any principal that ECR can trust, or a construct that has a role; or, as a text, the ARN of a
                role or user, the id of an account or organization, the path of a unit, or the name of a service.
            name_prefix: let the grantee into every repository whose name starts so, ``repository/PREFIX*``: one
                statement for hundreds of them. Default: into this repository alone.

        Raises:
            ValueError: if the grant would allow no call, or the name does not start with the prefix, with the reason.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
        """
        return self._grant([grantee], AccessLevel.PULL, name_prefix)

    @typed
    def grant_push(self, grantee: iam.IGrantable | str, *, name_prefix: str | None = None) -> iam.Grant:
        """Let a principal push images: the actions of ``AccessLevel.PUSH`` and the authorization token.

        Args:
            grantee: any principal that ECR can trust, or a construct that has a role; or, as a text, the ARN of a
                role or user, the id of an account or organization, the path of a unit, or the name of a service.
            name_prefix: let the grantee into every repository whose name starts so, ``repository/PREFIX*``: one
                statement for hundreds of them. Default: into this repository alone.

        Raises:
            ValueError: if the grant would allow no call, or the name does not start with the prefix, with the reason.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
        """
        return self._grant([grantee], AccessLevel.PUSH, name_prefix)

    @typed
    def grant_pull_push(self, grantee: iam.IGrantable | str, *, name_prefix: str | None = None) -> iam.Grant:
        """Let a principal pull and push images: ``AccessLevel.PULL_PUSH`` and the authorization token.

        Args:
            grantee: any principal that ECR can trust, or a construct that has a role; or, as a text, the ARN of a
                role or user, the id of an account or organization, the path of a unit, or the name of a service.
            name_prefix: let the grantee into every repository whose name starts so, ``repository/PREFIX*``: one
                statement for hundreds of them. Default: into this repository alone.

        Raises:
            ValueError: if the grant would allow no call, or the name does not start with the prefix, with the reason.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
        """
        return self._grant([grantee], AccessLevel.PULL_PUSH, name_prefix)

    @typed
    def grant_read(self, grantee: iam.IGrantable | str, *, name_prefix: str | None = None) -> iam.Grant:
        """Let a principal describe the repository and its images: ``AccessLevel.READ``, without the token.

        Args:
            grantee: any principal that ECR can trust, or a construct that has a role; or, as a text, the ARN of a
                role or user, the id of an account or organization, the path of a unit, or the name of a service.
            name_prefix: let the grantee into every repository whose name starts so, ``repository/PREFIX*``: one
                statement for hundreds of them. Default: into this repository alone.

        Raises:
            ValueError: if the grant would allow no call, or the name does not start with the prefix, with the reason.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        """
        return self._grant([grantee], AccessLevel.READ, name_prefix)

    @typed
    def grant_lambda_pull(self, *, accounts: Sequence[str]) -> iam.Grant:
        """Let the Lambda functions of accounts run images of this repository, in its Region.

        Renders both statements that AWS asks for: one for Lambda itself, under the condition that it acts for a
        function of one of the accounts, and one for the other accounts, whose roles create the functions. Lambda
        would add them by itself to the policy of a repository of its own account; the next update would drop them.

        Args:
            accounts: ids of 12 digits, or tokens; this repository's own account may be one.

        Raises:
            ValueError: with everything that is wrong with the accounts; nothing is rendered then.

        https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
        """
        principals = lambda_principals(self._grants.stack, self._grants.registry, accounts)
        return self._grant(principals, AccessLevel.LAMBDA_PULL)

    @typed
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
        return identity_policy([self._grants.arn_elsewhere], level)

    def _grant(
        self, grantees: Sequence[iam.IGrantable | str], level: AccessLevel, name_prefix: str | None = None
    ) -> iam.Grant:
        return self._grants.grant(grantees, level, name_prefix=name_prefix)
