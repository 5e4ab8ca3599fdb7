"""The pages of documentation that the causes refer to."""

from __future__ import annotations

from typing import Final

_ECR: Final = "https://docs.aws.amazon.com/AmazonECR/latest"

ERRORS: Final = f"{_ECR}/userguide/common-errors.html"
DOCKER_ERRORS: Final = f"{_ECR}/userguide/common-errors-docker.html"
SIGN_IN: Final = f"{_ECR}/userguide/registry_auth.html"
CREATE: Final = f"{_ECR}/userguide/repository-create.html"
PUSH: Final = f"{_ECR}/userguide/image-push-iam.html"
REPOSITORY_POLICY: Final = f"{_ECR}/userguide/repository-policy-examples.html"
ENDPOINTS: Final = f"{_ECR}/userguide/vpc-endpoints.html"
QUOTAS: Final = f"{_ECR}/userguide/service-quotas.html"
IMMUTABLE: Final = f"{_ECR}/userguide/image-tag-mutability.html"
ARCHIVE: Final = f"{_ECR}/userguide/archive_restore_image.html"
ENCRYPTION: Final = f"{_ECR}/userguide/encryption-at-rest.html"
LIFECYCLE: Final = f"{_ECR}/userguide/LifecyclePolicies.html"
CACHE: Final = f"{_ECR}/userguide/pull-through-cache.html"
PUBLIC_SIGN_IN: Final = f"{_ECR}/public/public-registry-auth.html"
PUBLIC_QUOTAS: Final = f"{_ECR}/public/public-service-quotas.html"
LAMBDA: Final = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"
ECS_PULL: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
DENIED: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
BOUNDARY: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
CREDENTIALS: Final = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html"
CLI_2: Final = "https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html"
HELPER: Final = "https://github.com/awslabs/amazon-ecr-credential-helper"
BOOTSTRAP: Final = "https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html"
DOCKER_HUB: Final = "https://docs.docker.com/docker-hub/usage/"
