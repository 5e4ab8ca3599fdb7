"""All rules, in the order in which they are reported: what breaks before what it may be due to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.rules.checks import (
    app_runner_not_deployed,
    app_runner_source,
    archived_and_pulled,
    arn_of_no_repository,
    cache_not_filled,
    codebuild_not_allowed,
    denied_by_repository,
    emr_serverless_not_allowed,
    endpoint_policy,
    execution_role_cannot_pull,
    fixed_tag_pushed,
    image_of_another_account,
    image_region_or_account,
    image_repository_unknown,
    key_of_another_region,
    lambda_image,
    lambda_not_allowed,
    lambda_not_allowed_across_accounts,
    lifecycle_policy_limits,
    mutable_tag_pulled,
    name_declared_twice,
    no_deletion_policy,
    no_lifecycle,
    no_scan,
    no_such_action,
    no_way_to_ecr,
    node_role_cannot_pull,
    not_substituted,
    open_to_everybody,
    principal_not_there,
    pull_incomplete,
    pull_through_cache,
    puller_not_trusted,
    push_incomplete,
    push_without_batch_get_image,
    repository_policy_refused,
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
    not_substituted.RULE,
    image_repository_unknown.RULE,
    image_region_or_account.RULE,
    image_of_another_account.RULE,
    execution_role_cannot_pull.RULE,
    app_runner_source.RULE,
    app_runner_not_deployed.RULE,
    node_role_cannot_pull.RULE,
    puller_not_trusted.RULE,
    codebuild_not_allowed.RULE,
    emr_serverless_not_allowed.RULE,
    pull_through_cache.RULE,
    cache_not_filled.RULE,
    lambda_image.RULE,
    no_way_to_ecr.RULE,
    endpoint_policy.RULE,
    lambda_not_allowed_across_accounts.RULE,
    name_declared_twice.RULE,
    key_of_another_region.RULE,
    repository_policy_refused.RULE,
    repository_policy_too_long.RULE,
    lifecycle_policy_limits.RULE,
    resource_in_repository_policy.RULE,
    open_to_everybody.RULE,
    token_missing.RULE,
    pull_incomplete.RULE,
    denied_by_repository.RULE,
    push_incomplete.RULE,
    push_without_batch_get_image.RULE,
    token_on_resource.RULE,
    token_in_resource_policy.RULE,
    arn_of_no_repository.RULE,
    no_such_action.RULE,
    role_named_by_arn.RULE,
    principal_not_there.RULE,
    service_without_source.RULE,
    archived_and_pulled.RULE,
    mutable_tag_pulled.RULE,
    fixed_tag_pushed.RULE,
    lambda_not_allowed.RULE,
    no_scan.RULE,
    no_lifecycle.RULE,
    no_deletion_policy.RULE,
)


def findings_of(app: Application) -> Iterator[tuple[Rule, RuleFinding]]:
    """Yield where an app breaks a rule, rule by rule."""
    for rule in RULES:
        yield from guarded(rule, app)
