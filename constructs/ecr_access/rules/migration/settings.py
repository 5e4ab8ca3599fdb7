"""The settings of a repository that change, and what keeps them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.migration import lifecycle
from ecr_access.rules.migration.plan import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.migration.values import Declared

_ENCRYPTION: Final = {"AES256": "AES_256", "KMS": "KMS", "KMS_DSSE": "KMS_DSSE"}
# As RemovalPolicy writes them: what a removal and what a replacement does.
_REMOVAL: Final = {
    ("Delete", "Delete"): "DESTROY",
    ("Retain", "Retain"): "RETAIN",
    ("RetainExceptOnCreate", "Retain"): "RETAIN_ON_UPDATE_OR_DELETE",
}
_NONE: Final = "none"


def changes(before: Declared, after: Declared) -> Iterator[Setting]:
    """Yield each setting that changes."""
    old_id, new_id = before.resource.logical_id, after.resource.logical_id
    if old_id != new_id:
        yield Setting("logical id", old_id, new_id, f'repository.node.default_child.override_logical_id("{old_id}")')
    for name, words, keep in (
        ("name", _name, _keep_name),
        ("encryption", _encryption, _keep_encryption),
        ("tag mutability", _mutability, _keep_mutability),
        ("scan on push", _scan, lambda one: f"image_scan_on_push={_scan(one) == 'on'}"),
        ("lifecycle policy", lifecycle.words, lifecycle.keep),
        ("removal policy", _removal, _keep_removal),
        ("images at deletion", _emptied, lambda one: f"empty_on_delete={_emptied(one) == 'deleted with it'}"),
    ):
        old, new = words(before), words(after)
        if old != new:
            written = keep(before)
            yield Setting(name, old, new, written if is_known(written) else "")
    yield from _tags(before, after)


def _name(one: Declared) -> str:
    return shown(one.text("RepositoryName")) or "made by CloudFormation"


def _keep_name(before: Declared) -> str:
    name = before.text("RepositoryName")
    return f"repository_name={json.dumps(name, ensure_ascii=False)}" if name else "leave repository_name out"


def _encryption(one: Declared) -> str:
    given = mapping(one.plain("EncryptionConfiguration"))
    if not given:
        return shown(one.text("EncryptionConfiguration")) or "AES256 by default"
    key = f" with the key {shown(str(given['KmsKey']))}" if "KmsKey" in given else ""
    return f"{shown(str(given.get('EncryptionType')))}{key}"


def _keep_encryption(before: Declared) -> str:
    given = mapping(before.plain("EncryptionConfiguration"))
    kind = _ENCRYPTION.get(str(given.get("EncryptionType")))
    if not given:
        return "leave encryption and encryption_key out"
    key = ", encryption_key=KEY" if "KmsKey" in given else ""
    return f"encryption=ecr.RepositoryEncryption.{kind}{key}" if kind else ""


def _filters(one: Declared) -> list[str]:
    found = listed(one.plain("ImageTagMutabilityExclusionFilters"))
    return [str(mapping(each).get("ImageTagMutabilityExclusionFilterValue")) for each in found]


def _mutability(one: Declared) -> str:
    kind = one.text("ImageTagMutability") or "MUTABLE"
    excluded = f", but for {', '.join(map(shown, _filters(one)))}" if _filters(one) else ""
    return f"{shown(kind).partition('_')[0].lower() if kind.isupper() else shown(kind)}{excluded}"


def _keep_mutability(before: Declared) -> str:
    kind = before.text("ImageTagMutability") or "MUTABLE"
    made = ", ".join(f"ecr.ImageTagMutabilityExclusionFilter.wildcard({json.dumps(one)})" for one in _filters(before))
    filters = f", image_tag_mutability_exclusion_filters=[{made}]" if made else ""
    return f"image_tag_mutability=ecr.TagMutability.{kind}{filters}"


def _scan(one: Declared) -> str:
    given = mapping(one.plain("ImageScanningConfiguration")).get("ScanOnPush", False)
    return {"true": "on", "false": "off"}.get(str(given).lower(), shown(str(given)))


def _policies(one: Declared) -> tuple[str, str]:
    return one.attribute("DeletionPolicy", "Delete"), one.attribute("UpdateReplacePolicy", "Delete")


def _keep_removal(before: Declared) -> str:
    policy = _REMOVAL.get(_policies(before))
    return f"removal_policy=RemovalPolicy.{policy}" if policy else ""


def _removal(one: Declared) -> str:
    deletion, replacement = map(shown, _policies(one))
    return _REMOVAL.get((deletion, replacement), f"{deletion}; when it is replaced, {replacement}")


def _emptied(one: Declared) -> str:
    given = one.text("EmptyOnDelete") or "false"
    return {"true": "deleted with it", "false": "keep it from being deleted"}.get(given, shown(given))


def _tags(before: Declared, after: Declared) -> Iterator[Setting]:
    old, new = _by_key(before), _by_key(after)
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            call = f"add({json.dumps(key)}, {json.dumps(old[key])})" if key in old else f"remove({json.dumps(key)})"
            keep = f"Tags.of(repository).{call}" if is_known(key + old.get(key, "")) else ""
            yield Setting(f"tag {shown(key)}", shown(old.get(key, _NONE)), shown(new.get(key, _NONE)), keep)


def _by_key(one: Declared) -> dict[str, str]:
    tags: list[Any] = listed(one.plain("Tags"))
    return {str(mapping(each).get("Key")): str(mapping(each).get("Value")) for each in tags}
