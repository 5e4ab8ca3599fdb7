"""The sections of a manifest besides its repositories, read from what the schema has found sound or reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.iam.principal_names import RoleKey, read_trusted
from ecr_access.manifest.grantees import principals, repeated
from ecr_access.manifest.layers import Layer
from ecr_access.manifest.model import CheckEntry, ExistingEntry, RoleEntry
from ecr_access.manifest.settings import access, environment_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecr_access.manifest.entry import Entry
    from ecr_access.manifest.expand import Expander
    from ecr_access.manifest.model import Access, Environment
    from ecr_access.manifest.settings import Known


def roles(members: Iterable[tuple[str, Entry]], users: Iterable[Access], expander: Expander) -> Iterator[RoleEntry]:
    """Yield the roles to make, each in the environments of the repositories that name it."""
    used = _environments_of_roles(users)
    first: dict[str, Entry] = {}
    for key, member in members:
        if first.setdefault(key, member) is not member:
            member.repeats(first[key])
            continue
        trusted = principals(member["assumed_by"], read_trusted)
        there = used.get(key) or expander.default_of(member.source)
        yield RoleEntry(key, trusted, tuple(there), expander.tags_of(member.source), is_used=key in used)


def existing(item: Entry, expander: Expander, known: Known) -> Iterator[ExistingEntry]:
    """Yield a repository that exists, in each of its environments."""
    said: dict[str, Any] = access(item, known)
    if covers := item["policy_covers_grants"].boolean():
        said["policy_covers_grants"] = covers
    chosen = environment_names(item, known)
    layers = (Layer("", item.place, {**said, **chosen}),)
    names = chosen.get("environments")
    for environment in expander.environments(names) if names else expander.default_of(item.source):
        yield ExistingEntry(
            name=item["name"].text(), arn=item["arn"].text(), environment=environment, layers=layers, **said
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
        recheck=entry["recheck"].text(),
        images=entry["images"].boolean(),
    )


def _environments_of_roles(users: Iterable[Access]) -> dict[str, dict[Environment, None]]:
    """Return the environments of the repositories that name each role."""
    used: dict[str, dict[Environment, None]] = {}
    for user in users:
        for names in user.levels.values():
            for name in names:
                if isinstance(name, RoleKey):
                    used.setdefault(name.key, {})[user.environment] = None
    return used
