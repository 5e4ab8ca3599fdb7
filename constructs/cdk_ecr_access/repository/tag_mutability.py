"""Which tags of a repository can be moved, and which filters of tags ECR takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.l1 import cfn_repository_of
from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.codes import Code
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_WILDCARDS: Final = 2


def immutable(filters: Sequence[ecr.ImageTagMutabilityExclusionFilter] | None) -> ecr.TagMutability:
    """Return the default: immutable tags, except the tags that filters exclude."""
    return ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION if filters else ecr.TagMutability.IMMUTABLE


def check_filters(repository: ecr.Repository) -> None:
    """Refuse filters that ECR would refuse; their texts can be read in what ``aws_ecr`` made of them alone.

    Raises:
        ValueError: with all filters of too many wildcards; the repository is taken from the tree then.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html
    """
    found = stack_of(repository).resolve(cfn_repository_of(repository).image_tag_mutability_exclusion_filters) or []
    texts = [one.get("imageTagMutabilityExclusionFilterValue") for one in found]
    if wrong := [quoted(one) for one in texts if isinstance(one, str) and one.count("*") > _MOST_WILDCARDS]:
        scope, node = repository.node.scope, repository.node
        if scope is not None:
            scope.node.try_remove_child(node.id)
        raise Code.TAG_FILTER.error(
            f"image_tag_mutability_exclusion_filters of '{node.path}': {', '.join(wrong)}; allowed: {_MOST_WILDCARDS} "
            "wildcards '*' in each, such as 'pr-*'"
        )
