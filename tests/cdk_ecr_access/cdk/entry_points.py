"""The public entry points, with arguments that they cannot do without, and values that are wrong for each parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_ecr_access import (
    AccessCheck,
    AccessDashboard,
    AccessibleRepository,
    ArchiveRule,
    EcrAccessRules,
    ExistingRepository,
    ExpireArchivedRule,
    RegistryWatch,
)
from ecr_access.iam.arns import Registry
from tests.reading import ACCOUNT, REGION, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "team/app"
ARN: Final = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}"
GRANTEE: Final = {"grantee": iam.ArnPrincipal(ROLE)}
TEXT, NUMBER, LIST, CONSTRUCT, NONE = "the text 'x'", "7", "a list of 7", "of type Stack, 'Other'", "None"
VALUES: Final[dict[str, Callable[[], object]]] = {
    TEXT: lambda: "x",
    NUMBER: lambda: 7,
    LIST: lambda: [7],
    CONSTRUCT: lambda: Stack(App(), "Other"),
    NONE: lambda: None,
}
ALL: Final = (TEXT, NUMBER, LIST, CONSTRUCT)
NO_TEXT: Final = (NUMBER, LIST, CONSTRUCT)
NO_NUMBER: Final = (TEXT, LIST, CONSTRUCT)

# What is allowed, as the message begins to say it, and what is not; beside None, where that is no default.
PARAMETERS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "account": ("a text", NO_TEXT),
    "accounts": ("a list of account ids", (TEXT, NUMBER, CONSTRUCT)),
    "allow_undetermined": ("True or False, without quotes", ALL),
    "archived_for": ("a Duration", ALL),
    "auto_delete_images": ("True or False, without quotes", ALL),
    "dashboard_name": ("a text", NO_TEXT),
    "cross_stack_scope": ("a construct", (TEXT, NUMBER, LIST)),
    "description": ("a text", NO_TEXT),
    "digest": ("a text", NO_TEXT),
    "empty_on_delete": ("True or False, without quotes", ALL),
    "encryption": ("a RepositoryEncryption", ALL),
    "encryption_key": ("a key of aws_kms", ALL),
    "every": ("a Duration", ALL),
    "event_pattern": ("a pattern", ALL),
    "every_call": ("True or False, without quotes", ALL),
    "existing": ("a list of names", (TEXT, NUMBER, CONSTRUCT)),
    "grantee": ("a role, user or group", NO_TEXT),
    "id": ("a text", NO_TEXT),
    "image_scan_on_push": ("True or False, without quotes", ALL),
    "image_tag_mutability": ("a TagMutability", ALL),
    "image_tag_mutability_exclusion_filters": ("a list of filters", ALL),
    "images": ("True or False, without quotes", ALL),
    "level": ("an AccessLevel", ALL),
    "lifecycle_registry_id": ("a text", NO_TEXT),
    "lifecycle_rules": ("a list of rules", ALL),
    "log_allowed": ("True or False, without quotes", ALL),
    "log_encryption_key": ("a key of aws_kms", ALL),
    "log_retention": ("a RetentionDays", ALL),
    "max_image_age": ("a Duration", ALL),
    "max_image_count": ("a number", NO_NUMBER),
    "name_prefix": ("a text", NO_TEXT),
    "not_pulled_for": ("a Duration", ALL),
    "platform": ("a platform, such as 'linux/arm64'", NO_TEXT),
    "policy": ("a RemovalPolicy", ALL),
    "policy_covers_grants": ("True or False, without quotes", ALL),
    "principal": ("a role, user or group", NO_TEXT),
    "propagation": ("a Duration", ALL),
    "recheck": ("a Duration", ALL),
    "region": ("a text", NO_TEXT),
    "registry": ("a Registry", ALL),
    "removal_policy": ("a RemovalPolicy", ALL),
    "report_only": ("True or False, without quotes", ALL),
    "repositories": ("a list of repositories", ALL),
    "repository": ("a repository of this library or of aws_ecr", ALL),
    "repository_arn": ("a text", NO_TEXT),
    "repository_name": ("a text", NO_TEXT),
    "rule": ("an ArchiveRule or an ExpireArchivedRule", ALL),
    "rule_priority": ("a number", NO_NUMBER),
    "rule_name": ("a text", NO_TEXT),
    "scope": ("a construct", (TEXT, NUMBER, LIST)),
    "security_groups": ("a list of security groups", ALL),
    "statement": ("a statement", ALL),
    "tag": ("a text", NO_TEXT),
    "tag_or_digest": ("a text", NO_TEXT),
    "tag_pattern_list": ("a list of texts", ALL),
    "tag_prefix_list": ("a list of texts", ALL),
    "tag_status": ("a TagStatus", ALL),
    "target": ("a target of a rule", ALL),
    "threshold": ("a number", NO_NUMBER),
    "topic": ("a topic", ALL),
    "vpc": ("a VPC", ALL),
    "vpc_subnets": ("a SubnetSelection", ALL),
}


def _in(stack: Stack) -> dict[str, Any]:
    return {"scope": stack, "id": "One"}


def _declared(stack: Stack) -> AccessibleRepository:
    return AccessibleRepository(stack, "Repository", repository_name=NAME)


def _existing(stack: Stack) -> ExistingRepository:
    return ExistingRepository.from_repository_name(stack, "Existing", NAME)


def _topic(stack: Stack) -> sns.Topic:
    return sns.Topic(stack, "Topic")


def _required(stack: Stack) -> dict[str, Any]:
    return {"principal": iam.ArnPrincipal(ROLE), "repository": _declared(stack)}


# Each public entry point: how to get at it in a stack, and the arguments that it cannot do without.
ENTRY_POINTS: Final[dict[str, tuple[Callable[[Stack], Any], Callable[[Stack], dict[str, Any]]]]] = {
    "AccessCheck": (lambda _: AccessCheck, lambda stack: {"scope": stack}),
    "AccessCheck.of": (lambda _: AccessCheck.of, lambda stack: {"scope": stack}),
    "CheckAccess.require_pull": (lambda stack: AccessCheck.of(stack).require_pull, _required),
    "CheckAccess.require_push": (lambda stack: AccessCheck.of(stack).require_push, _required),
    "CheckAccess.require_token": (
        lambda stack: AccessCheck.of(stack).require_token,
        lambda _: {"principal": iam.ArnPrincipal(ROLE)},
    ),
    "AccessDashboard": (lambda _: AccessDashboard, lambda stack: {"scope": stack}),
    "AccessibleRepository": (lambda _: AccessibleRepository, _in),
    "AccessibleRepository.add_archive_rule": (lambda stack: _declared(stack).add_archive_rule, lambda _: {}),
    "AccessibleRepository.add_lifecycle_rule": (lambda stack: _declared(stack).add_lifecycle_rule, lambda _: {}),
    "AccessibleRepository.add_to_resource_policy": (
        lambda stack: _declared(stack).add_to_resource_policy,
        lambda _: {},
    ),
    "AccessibleRepository.apply_removal_policy": (lambda stack: _declared(stack).apply_removal_policy, lambda _: {}),
    "ArchiveRule": (lambda _: ArchiveRule, lambda _: {}),
    "CheckImages.require_image": (
        lambda stack: AccessCheck.of(stack).require_image,
        lambda stack: {"repository": _declared(stack), "tag_or_digest": "1.4"},
    ),
    "EcrAccessRules": (lambda _: EcrAccessRules, lambda _: {}),
    "ExistingRepository": (
        lambda _: ExistingRepository,
        lambda stack: {
            **_in(stack),
            "registry": Registry("aws", REGION, ACCOUNT),
            "repository_name": NAME,
            "repository_arn": ARN,
        },
    ),
    "ExistingRepository.add_to_resource_policy": (lambda stack: _existing(stack).add_to_resource_policy, lambda _: {}),
    "ExistingRepository.from_lookup": (lambda _: ExistingRepository.from_lookup, _in),
    "ExistingRepository.from_repository_arn": (
        lambda _: ExistingRepository.from_repository_arn,
        lambda stack: {**_in(stack), "repository_arn": ARN},
    ),
    "ExistingRepository.from_repository_attributes": (
        lambda _: ExistingRepository.from_repository_attributes,
        lambda stack: {**_in(stack), "repository_name": NAME},
    ),
    "ExistingRepository.from_repository_name": (
        lambda _: ExistingRepository.from_repository_name,
        lambda stack: {**_in(stack), "repository_name": NAME},
    ),
    "ExistingRepository.repository_uri_for_digest": (
        lambda stack: _existing(stack).repository_uri_for_digest,
        lambda _: {},
    ),
    "ExistingRepository.repository_uri_for_tag": (lambda stack: _existing(stack).repository_uri_for_tag, lambda _: {}),
    "ExpireArchivedRule": (lambda _: ExpireArchivedRule, lambda _: {"archived_for": Duration.days(90)}),
    "FailedCalls.on_denied": (lambda stack: _declared(stack).on_denied, lambda _: {"id": "One"}),
    "FailedCalls.on_not_found": (lambda stack: _declared(stack).on_not_found, lambda _: {"id": "One"}),
    "FailedCalls.on_throttled": (lambda stack: _declared(stack).on_throttled, lambda _: {"id": "One"}),
    "Granting.grant_lambda_pull": (lambda stack: _declared(stack).grant_lambda_pull, lambda _: {}),
    "Granting.grant_pull": (lambda stack: _declared(stack).grant_pull, lambda _: GRANTEE),
    "Granting.grant_pull_push": (lambda stack: _declared(stack).grant_pull_push, lambda _: GRANTEE),
    "Granting.grant_push": (lambda stack: _declared(stack).grant_push, lambda _: GRANTEE),
    "Granting.grant_read": (lambda stack: _declared(stack).grant_read, lambda _: GRANTEE),
    "Granting.identity_policy": (lambda stack: _declared(stack).identity_policy, lambda _: {}),
    "RepeatedCheck.alarm": (lambda stack: AccessCheck.of(stack).alarm, lambda _: {}),
    "RepeatedCheck.on_finding": (lambda stack: AccessCheck.of(stack).on_finding, lambda _: {"id": "Findings"}),
    "RepeatedCheck.recheck": (lambda stack: AccessCheck.of(stack).recheck, lambda _: {}),
    "RegistryWatch": (lambda _: RegistryWatch, lambda stack: {"scope": stack, "topic": _topic(stack)}),
    "UsageAlarms.alarm_on_usage": (
        lambda stack: RegistryWatch(stack, topic=_topic(stack)).alarm_on_usage,
        lambda _: {},
    ),
}
# The library's own to call, with values of its own; and the CDK's.
NOT_CALLED_BY_USERS: Final = {
    "EcrAccessRules.validate",
}
