"""KMS keys of a manifest: each must be in the Region where it is used.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.document import Path
    from ecr_access.manifest.model import Manifest

_REGION: Final = 3
"""Which part of an ARN it is."""


def keys_of_other_regions(manifest: Manifest, region: str) -> Iterator[tuple[Path, str]]:
    """Yield the path of each key of another Region than it is used in, and what is wrong with it.

    Args:
        manifest: with keys whose ARNs the schema has found sound.
        region: where it is deployed, perhaps a token.
    """
    keys: dict[Path, str | None] = {("check", "log_encryption_key"): manifest.check.log_encryption_key}
    for index, one in enumerate(manifest.repositories):
        keys["repositories", index, "encryption", "key"] = one.encryption.key if one.encryption else None
    for path, arn in keys.items():
        if arn and arn.count(":") > _REGION and are_different(there := arn.split(":")[_REGION], region):
            yield path, f"the key is in Region {there}; allowed: a key of {region}, where it is used"
