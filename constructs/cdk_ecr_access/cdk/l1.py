"""The resource behind a repository, for what ``aws_ecr`` cannot render."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr


def cfn_repository_of(repository: ecr.Repository) -> ecr.CfnRepository:
    """Return the ``AWS::ECR::Repository`` of a repository: two crossings into the CDK's process, so ask if need be."""
    return cast("ecr.CfnRepository", repository.node.default_child)
