"""A repository of a manifest, as the properties of its construct, and a principal of one, as the CDK's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule
from ecr_access.iam.principal_names import Account, ExternalPrincipal, IamArn, Organization, Service, UnitPath
from ecr_access.manifest.deployed import id_part

if TYPE_CHECKING:
    from constructs import Construct

    from cdk_ecr_access.repository.lifecycle_rules import LifecycleRule
    from ecr_access.manifest import LifecycleEntry, RepositoryEntry

_ENCRYPTION: Final = {
    "AES256": ecr.RepositoryEncryption.AES_256,
    "KMS": ecr.RepositoryEncryption.KMS,
    "KMS_DSSE": ecr.RepositoryEncryption.KMS_DSSE,
}
_MUTABILITY: Final = {
    ("immutable", False): ecr.TagMutability.IMMUTABLE,
    ("immutable", True): ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
    ("mutable", False): ecr.TagMutability.MUTABLE,
    ("mutable", True): ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
}


def properties(scope: Construct, entry: RepositoryEntry) -> dict[str, Any]:
    """Return the properties of an ``AccessibleRepository``. What the manifest leaves out keeps its default.

    Args:
        scope: where a customer managed key is imported.
        entry: the repository.
    """
    exclusions = [ecr.ImageTagMutabilityExclusionFilter.wildcard(one) for one in entry.mutability_exclusions]
    key = entry.encryption and entry.encryption.key
    return {
        "repository_name": entry.name,
        "encryption": _ENCRYPTION[entry.encryption.type] if entry.encryption else None,
        "encryption_key": kms.Key.from_key_arn(scope, f"Key:{id_part(entry.name)}", key) if key else None,
        "lifecycle_rules": None if entry.lifecycle is None else [_rule(one) for one in entry.lifecycle],
        "image_tag_mutability": _MUTABILITY[entry.tag_mutability or "immutable", bool(exclusions)],
        "image_tag_mutability_exclusion_filters": exclusions or None,
        "image_scan_on_push": entry.scan_on_push,
        "removal_policy": RemovalPolicy[entry.removal_policy.upper()],
        "empty_on_delete": entry.empty_on_delete,
    }


def principal(name: ExternalPrincipal) -> iam.PrincipalBase:
    """Make the principal that a manifest names and does not make itself.

    A role or user is named by its ARN alone: a manifest never edits the policies of what it does not own, so
    access is granted on the repository side, and the check proves that the principal can get a token.
    """
    match name:
        case IamArn():
            return iam.ArnPrincipal(name.arn)
        case Account():
            return iam.AccountPrincipal(name.account_id)
        case Organization():
            return iam.OrganizationPrincipal(name.organization_id)
        case UnitPath():
            in_unit = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": name.path}}
            return iam.StarPrincipal().with_conditions(in_unit)
    source = {
        "StringEquals": {"aws:SourceAccount": name.source_account},
        "ArnLike": {"aws:SourceArn": name.source_arn},
    }
    return iam.ServicePrincipal(name.name, conditions={k: v for k, v in source.items() if None not in v.values()})


def grantee(name: ExternalPrincipal) -> iam.IGrantable | str:
    """Return what is granted to a principal by: its text, or the CDK's principal where a service has a source."""
    match name:
        case IamArn(text) | Account(text) | Organization(text) | UnitPath(text) | Service(text, None, None):
            return text
    return principal(name)


def _rule(entry: LifecycleEntry) -> LifecycleRule:
    selection: dict[str, Any] = {
        "description": entry.description,
        "rule_priority": entry.priority,
        # jsii takes no tuple for a list.
        "tag_pattern_list": None if entry.tag_patterns is None else [*entry.tag_patterns],
        "tag_prefix_list": None if entry.tag_prefixes is None else [*entry.tag_prefixes],
        "tag_status": ecr.TagStatus[entry.tag_status.upper()] if entry.tag_status else None,
    }
    if entry.archived_for_days is not None:
        return ExpireArchivedRule(archived_for=Duration.days(entry.archived_for_days), **selection)
    age, count = _days(entry.max_image_age_days), entry.max_image_count
    if entry.action == "archive":
        not_pulled_for = _days(entry.not_pulled_for_days)
        return ArchiveRule(max_image_age=age, max_image_count=count, not_pulled_for=not_pulled_for, **selection)
    return ecr.LifecycleRule(max_image_age=age, max_image_count=count, **selection)


def _days(number: int | None) -> Duration | None:
    return None if number is None else Duration.days(number)
