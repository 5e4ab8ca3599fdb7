"""All rules, in the order in which they are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.rules.checks import (
    archived_and_pulled,
    arn_of_no_repository,
    codebuild_not_allowed,
    endpoint_policy,
    execution_role_cannot_pull,
    image_region_or_account,
    image_repository_unknown,
    key_of_another_region,
    lambda_image,
    lambda_not_allowed,
    lifecycle_policy_limits,
    mutable_tag_pulled,
    no_deletion_policy,
    no_lifecycle,
    no_scan,
    no_such_action,
    no_way_to_ecr,
    open_to_everybody,
    pull_incomplete,
    puller_not_trusted,
    push_incomplete,
    push_without_batch_get_image,
    repository_policy_too_long,
    resource_in_repository_policy,
    role_named_by_arn,
    service_without_source,
    token_in_resource_policy,
    token_missing,
    token_on_resource,
)
from ecr_access.rules.guard import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.finding import Rule, RuleFinding

RULES: Final[tuple[Rule, ...]] = (
    token_missing.RULE,
    token_on_resource.RULE,
    token_in_resource_policy.RULE,
    image_repository_unknown.RULE,
    image_region_or_account.RULE,
    execution_role_cannot_pull.RULE,
    puller_not_trusted.RULE,
    codebuild_not_allowed.RULE,
    lambda_image.RULE,
    no_way_to_ecr.RULE,
    endpoint_policy.RULE,
    key_of_another_region.RULE,
    repository_policy_too_long.RULE,
    lifecycle_policy_limits.RULE,
    resource_in_repository_policy.RULE,
    open_to_everybody.RULE,
    arn_of_no_repository.RULE,
    no_such_action.RULE,
    pull_incomplete.RULE,
    push_incomplete.RULE,
    push_without_batch_get_image.RULE,
    role_named_by_arn.RULE,
    service_without_source.RULE,
    archived_and_pulled.RULE,
    mutable_tag_pulled.RULE,
    lambda_not_allowed.RULE,
    no_scan.RULE,
    no_lifecycle.RULE,
    no_deletion_policy.RULE,
)


def findings_of(app: Application) -> Iterator[tuple[Rule, RuleFinding]]:
    """Yield where an app breaks a rule, rule by rule."""
    for rule in RULES:
        yield from guarded(rule, app)
