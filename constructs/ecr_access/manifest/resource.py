"""A repository of a manifest as a resource of CloudFormation, without its policy and its tags.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.ecr.lifecycle_policy import UNTAGGED, text
from ecr_access.manifest.lifecycle import policy_rule

if TYPE_CHECKING:
    from ecr_access.manifest.model import EncryptionEntry, RepositoryEntry

_POLICIES: Final = {
    "destroy": {"UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete"},
    "retain": {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "Retain"},
    "retain_on_update_or_delete": {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "RetainExceptOnCreate"},
}


def resource(entry: RepositoryEntry) -> dict[str, Any]:
    """Write a repository as a template has it: type, properties and deletion policies, as its construct renders it."""
    properties = {
        "RepositoryName": entry.name,
        "EmptyOnDelete": entry.empty_on_delete,
        "EncryptionConfiguration": _encryption(entry.encryption),
        "ImageScanningConfiguration": {"ScanOnPush": True if entry.scan_on_push is None else entry.scan_on_push},
        "ImageTagMutability": _mutability(entry),
        "ImageTagMutabilityExclusionFilters": _filters(entry),
        "LifecyclePolicy": _lifecycle(entry),
    }
    present = {key: value for key, value in properties.items() if value is not None}
    return {"Type": "AWS::ECR::Repository", "Properties": present, **_POLICIES[entry.removal_policy]}


def _encryption(given: EncryptionEntry | None) -> dict[str, str] | None:
    # AES-256 is what ECR does by itself, and aws_ecr writes nothing for it.
    if given is None or given.type == "AES256":
        return None
    return {"EncryptionType": given.type, **({"KmsKey": given.key} if given.key else {})}


def _mutability(entry: RepositoryEntry) -> str:
    return (entry.tag_mutability or "immutable").upper() + ("_WITH_EXCLUSION" if entry.mutability_exclusions else "")


def _filters(entry: RepositoryEntry) -> list[dict[str, str]] | None:
    return [
        {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": one}
        for one in entry.mutability_exclusions
    ] or None


def _lifecycle(entry: RepositoryEntry) -> dict[str, str] | None:
    rules = [UNTAGGED] if entry.lifecycle is None else [policy_rule(one) for one in entry.lifecycle]
    return {"LifecyclePolicyText": text(rules)} if rules else None
