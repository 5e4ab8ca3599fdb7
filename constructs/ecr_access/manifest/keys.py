"""KMS keys of a manifest: each must be in the Region where it is used.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.manifest.model import Manifest
    from ecr_access.manifest.places import Place

_REGION: Final = 3
"""Which part of an ARN it is."""


def keys_of_other_regions(manifest: Manifest, region: str | None = None) -> Iterator[tuple[Place, str]]:
    """Yield the place of each key of another Region than it is used in, and what is wrong with it.

    Args:
        manifest: with keys whose ARNs the schema has found sound.
        region: where all of it is deployed, perhaps a token. Default: the Region of each environment.
    """
    for one in manifest.repositories:
        if one.encryption and one.encryption.key:
            place = one.said_by("encryption")[1].inside("key")
            yield from _wrong(place, one.encryption.key, region or one.environment.region)
    if log := manifest.check.log_encryption_key:
        place = manifest.places["check"].inside("log_encryption_key")
        for there in [region] if region else [one.region for one in manifest.environments]:
            yield from _wrong(place, log, there)


def _wrong(place: Place, arn: str, region: str | None) -> Iterator[tuple[Place, str]]:
    if region and arn.count(":") > _REGION and are_different(there := arn.split(":")[_REGION], region):
        yield place, f"the key is in Region {there}; allowed: a key of {region}, where it is used"
