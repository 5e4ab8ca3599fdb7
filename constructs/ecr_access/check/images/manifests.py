"""Manifests of images: a single image, or an index of the same for several platforms.

https://github.com/opencontainers/image-spec/blob/main/image-index.md
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check.aws.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

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

# https://github.com/containerd/platforms/blob/main/compare.go
_DEFAULTS: Final = {"amd64": "v1", "arm": "v7", "arm64": "v8"}
_VARIANT: Final = re.compile(r"v(\d+(?:\.\d+)?)")


def platforms(manifest: object) -> list[str]:
    """List the platforms of an index, such as ``linux/arm64/v8``; an empty one for an image that does not tell its own.

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
    return [one for one in dict.fromkeys(found) if one is not None]


def _platform(given: Any) -> str | None:
    """Read a platform; None for what is no image."""
    told = given if isinstance(given, dict) else {}
    if _UNKNOWN in (told.get("os"), told.get("architecture")):
        return None
    parts = [told.get(key) for key in ("os", "architecture", "variant")]
    read = [part if isinstance(part, str) else "" for part in parts]
    return "/".join(filter(None, read)) if all(read[:2]) else ""


def has_platform(wanted: str, listed: Sequence[str]) -> bool | None:
    """Whether an index has a variant for a platform; None if only an image that does not tell its own may be it.

    A processor runs what is built for its variant or an earlier one, as containerd chooses: ``linux/arm64`` is
    ``linux/arm64/v8``, and takes no ``linux/arm64/v9``.
    """
    if any(_runs(wanted, one) for one in listed if one):
        return True
    return None if "" in listed else False


def _runs(wanted: str, built: str) -> bool:
    (system, variant), (its, other) = _parts(wanted), _parts(built)
    if system != its:
        return False
    numbers = [_VARIANT.fullmatch(one) for one in (other, variant)]
    if system.partition("/")[2] not in _DEFAULTS or not all(numbers):
        return variant == other
    earlier, later = ([int(part) for part in one[1].split(".")] for one in numbers if one)
    # Arm's 9.0 took over 8.5: what is built for a minor version of 8 may need more than a processor of 9 has.
    return earlier <= later and (earlier[0] == later[0] or len(earlier) == 1)


def _parts(platform: str) -> tuple[str, str]:
    """Take a platform apart: ``linux/arm64``, and its variant or the one that is meant without."""
    system, architecture, *variant = platform.split("/")
    return f"{system}/{architecture}", variant[0] if variant else _DEFAULTS.get(architecture, "")
