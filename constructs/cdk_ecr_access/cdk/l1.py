"""The resource behind a repository, for what ``aws_ecr`` cannot render."""

from __future__ import annotations

from aws_cdk import aws_ecr as ecr


def leaf_of(repository: ecr.Repository) -> ecr.CfnRepository:
    """Return the ``AWS::ECR::Repository`` of a repository: two crossings into the CDK's process, so ask if need be."""
    leaf = repository.node.default_child
    assert isinstance(leaf, ecr.CfnRepository)  # noqa: S101 -- a repository has one
    return leaf
