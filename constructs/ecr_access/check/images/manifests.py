"""Manifests of images: a single image, or an index of the same for several platforms.

https://github.com/opencontainers/image-spec/blob/main/image-index.md
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from ecr_access.check.aws.errors import UnreadableError

INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
SINGLE: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)

_UNKNOWN: Final = "unknown"
"""The platform of what stands beside an image in an index and is none, such as an attestation."""


def platforms(manifest: object) -> list[str]:
    """List the platforms of an index, such as ``linux/arm64/v8``.

    Raises:
        UnreadableError: it is no index.
    """
    try:
        index = json.loads(manifest) if isinstance(manifest, str) else None
    except ValueError:
        index = None
    entries = index.get("manifests") if isinstance(index, dict) else None
    if not isinstance(entries, list):
        raise UnreadableError("it holds no index of images")
    found = [_platform(one.get("platform")) for one in entries if isinstance(one, dict)]
    return [*dict.fromkeys(filter(None, found))]


def _platform(given: Any) -> str:
    if not isinstance(given, dict) or _UNKNOWN in (given.get("os"), given.get("architecture")):
        return ""
    parts = [given.get("os"), given.get("architecture"), given.get("variant")]
    return "/".join(part for part in parts if isinstance(part, str) and part)


def has_platform(wanted: str, listed: list[str]) -> bool:
    """Whether an index has a variant for a platform: ``linux/arm64`` takes each variant of arm64."""
    return any(one == wanted or one.startswith(f"{wanted}/") or wanted.startswith(f"{one}/") for one in listed)
