"""The sections of a manifest, read from what the schema has found sound or reported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ecr_access.iam.principal_names import read_principal, read_trusted
from ecr_access.manifest.grantees import principals, repeated
from ecr_access.manifest.lifecycle import lifecycle
from ecr_access.manifest.model import CheckEntry, EncryptionEntry, ExistingEntry, RepositoryEntry, RoleEntry

if TYPE_CHECKING:
    from collections.abc import Collection

    from ecr_access.manifest.entry import Entry
    from ecr_access.manifest.model import Tags

_MAX_TAGS = 50
_LEVELS = ("pull", "push", "pull_push", "read")


def roles(entry: Entry) -> tuple[RoleEntry, ...]:
    """Read the roles to make."""
    return tuple(
        RoleEntry(key, principals(member["assumed_by"], read_trusted)) for key, member in entry.members().items()
    )


def repositories(entry: Entry, roles: Collection[str], common: Tags) -> tuple[RepositoryEntry, ...]:
    """Read the repositories to make, whose principals may be ``roles``, and which all get the ``common`` tags."""
    items = entry.items()
    for item in items:
        both = dict(common) | dict(tags(item["tags"]))
        if len(both) > _MAX_TAGS and item["tags"].is_sound:
            item["tags"].wrong(f"{len(both)} are given, with the tags at the top; allowed: at most {_MAX_TAGS}")
    repeated([(item["name"], item["name"].text()) for item in items])
    return tuple(_repository(item, roles) for item in items)


def existing(entry: Entry, roles: Collection[str], made: Entry) -> tuple[ExistingEntry, ...]:
    """Read the repositories that exist; none of them is one that is made."""
    items = entry.items()
    repeated([(item["name"], item["name"].text()) for item in items], before=[one["name"] for one in made.items()])
    repeated([(item["arn"], item["arn"].text()) for item in items])
    return tuple(
        ExistingEntry(
            name=item["name"].text(),
            arn=item["arn"].text(),
            policy_covers_grants=item["policy_covers_grants"].boolean() or False,
            **_access(item, roles),
        )
        for item in items
    )


def check(entry: Entry) -> CheckEntry:
    """Read the settings of the access check."""
    subnets, groups = entry["subnets"], entry["security_groups"]
    for ids in (subnets, groups):
        repeated([(one, one.text()) for one in ids.items()])
    if bool(subnets.items()) != bool(groups.items()) and entry.is_sound:
        entry.wrong("a function in a VPC needs both subnets and security_groups; give both, or neither")
    return CheckEntry(
        subnets=subnets.texts() or (),
        security_groups=groups.texts() or (),
        log_retention_days=entry["log_retention_days"].integer(),
        log_encryption_key=entry["log_encryption_key"].text(),
        propagation_seconds=entry["propagation_seconds"].integer(),
        allow_undetermined=entry["allow_undetermined"].boolean(),
        report_only=entry["report_only"].boolean(),
        log_allowed=entry["log_allowed"].boolean(),
    )


def tags(entry: Entry) -> Tags:
    """Read resource tags."""
    return tuple((key, text) for key, member in entry.members().items() if (text := member.text()) is not None)


def _repository(item: Entry, roles: Collection[str]) -> RepositoryEntry:
    exclusions = item["mutability_exclusions"]
    repeated([(one, one.text()) for one in exclusions.items()])
    empty, removal = item["empty_on_delete"], item["removal_policy"].text() or "retain_on_update_or_delete"
    if empty.boolean() and removal != "destroy":
        empty.wrong(f"true has no effect with removal_policy '{removal}'; write removal_policy: destroy too")
    return RepositoryEntry(
        name=item["name"].text() or "",
        encryption=_encryption(item["encryption"]),
        lifecycle=lifecycle(item["lifecycle"]),
        tag_mutability=item["tag_mutability"].text(),
        mutability_exclusions=exclusions.texts() or (),
        scan_on_push=item["scan_on_push"].boolean(),
        removal_policy=removal,
        empty_on_delete=empty.boolean(),
        tags=tags(item["tags"]),
        **_access(item, roles),
    )


def _access(item: Entry, roles: Collection[str]) -> dict[str, Any]:
    read = partial(read_principal, roles=roles)
    accounts = item["lambda_accounts"]
    repeated([(one, one.text()) for one in accounts.items()])
    return {level: principals(item[level], read) for level in _LEVELS} | {"lambda_accounts": accounts.texts() or ()}


def _encryption(entry: Entry) -> EncryptionEntry | None:
    kind = entry.text() or entry["type"].text()
    return EncryptionEntry(kind, entry["key"].text()) if kind else None
