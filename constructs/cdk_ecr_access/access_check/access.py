"""The access that an app requires of its access check by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from cdk_ecr_access.access_check.checked_repository import checked
from cdk_ecr_access.access_check.required import required_access, required_token
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.principals.grantees import iam_principal_of
from ecr_access.iam.actions import AccessLevel

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_iam as iam

    from cdk_ecr_access.access_check.check_inputs import CheckInputs


class CheckAccess(Construct):
    """Requirements on principals, beside those that grants make: they render no permission."""

    _inputs: CheckInputs

    @typed
    def require_token(self, principal: iam.IGrantable | str) -> None:
        """Require that a role or user of this account can get an authorization token.

        Args:
            principal: a role or a user, as a text its ARN, or a construct that has a role.

        Raises:
            ValueError: if the principal is none that has policies of its own, or lives in another account.
        """
        wanted, behind = required_token(principal, stack_of(self)), iam_principal_of(principal)
        for one in wanted:
            self._inputs.add(one, principal=behind)

    @typed
    def require_pull(self, principal: iam.IGrantable | str, repository: ecr.IRepository) -> None:
        """Require that a principal can pull from a repository, whichever policy grants it.

        Renders no permission. The token is required as well, where the principal is one of this account.

        Args:
            principal: any that ECR can trust, or a construct that has a role; or, as a text, the ARN of a role or
                user, the id of an account or organization, the path of a unit, or the name of a service.
            repository: of this library or of ``aws_ecr``, declared or imported.

        Raises:
            ValueError: if the principal is none that ECR can trust.
        """
        self._require(principal, repository, AccessLevel.PULL)

    @typed
    def require_push(self, principal: iam.IGrantable | str, repository: ecr.IRepository) -> None:
        """Require that a principal can push to a repository, whichever policy grants it.

        Renders no permission. The token is required as well, where the principal is one of this account.

        Args:
            principal: any that ECR can trust, or a construct that has a role; or, as a text, the ARN of a role or
                user, the id of an account or organization, the path of a unit, or the name of a service.
            repository: of this library or of ``aws_ecr``, declared or imported.

        Raises:
            ValueError: if the principal is none that ECR can trust.
        """
        self._require(principal, repository, AccessLevel.PUSH)

    def _require(self, principal: iam.IGrantable | str, repository: ecr.IRepository, level: AccessLevel) -> None:
        looked_up = checked(repository)
        wanted, behind = required_access(principal, level, looked_up.arn, stack_of(self)), iam_principal_of(principal)
        for one in wanted:
            self._inputs.add(one, principal=behind if one.token else None, repository=looked_up)
