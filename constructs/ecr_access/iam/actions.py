"""The access levels and the IAM actions of each: the one place in the library with an ``ecr:`` action."""

from __future__ import annotations

from enum import Enum
from typing import Final

TOKEN_ACTION: Final = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action, no password
"""Signs a client in to the registry; has no resource type, so it is allowed on ``*`` or not at all.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
"""

_PULL: Final = (
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html
    # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
)

_PUSH: Final = (
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)

_READ: Final = (
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
)

# What a grant renders is in the order of aws_ecr, so that a diff of a swapped class shows only what changes.
_RENDERED_PULL: Final = (
    # AWS's examples of policies have the first action, and no client needs it to pull.
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
)

_RENDERED_PUSH: Final = (
    "ecr:CompleteLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:InitiateLayerUpload",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
    "ecr:BatchGetImage",  # which aws_ecr leaves out
)


class AccessLevel(str, Enum):
    """What a principal may do with a repository; the value is the level's name on the wire."""

    PULL = "PULL"
    PUSH = "PUSH"
    PULL_PUSH = "PULL_PUSH"
    READ = "READ"
    LAMBDA_PULL = "LAMBDA_PULL"

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions on a repository that a grant renders, in ``aws_ecr``'s order, without the token."""
        return _RENDERED[self]

    @property
    def required_actions(self) -> tuple[str, ...]:
        """The IAM actions that AWS requires for this level, sorted, without the token: the check proves these."""
        return _REQUIRED[self]

    @property
    def needs_token(self) -> bool:
        """Whether a registry client must sign in first: neither ``READ``, API calls alone, nor Lambda does."""
        return self not in (AccessLevel.READ, AccessLevel.LAMBDA_PULL)


_REQUIRED: Final[dict[AccessLevel, tuple[str, ...]]] = {
    AccessLevel.PULL: _PULL,
    AccessLevel.PUSH: _PUSH,
    AccessLevel.PULL_PUSH: tuple(sorted({*_PULL, *_PUSH})),
    AccessLevel.READ: _READ,
    AccessLevel.LAMBDA_PULL: _PULL,
}

_RENDERED: Final[dict[AccessLevel, tuple[str, ...]]] = {
    AccessLevel.PULL: _RENDERED_PULL,
    AccessLevel.PUSH: _RENDERED_PUSH,
    AccessLevel.PULL_PUSH: tuple(dict.fromkeys((*_RENDERED_PULL, *_RENDERED_PUSH))),
    AccessLevel.READ: ("ecr:DescribeRepositories", "ecr:DescribeImages"),
    AccessLevel.LAMBDA_PULL: _PULL,
}
