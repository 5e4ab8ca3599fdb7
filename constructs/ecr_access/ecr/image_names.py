"""What names an image of a repository, and the platform that it is for."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ecr_access.wording import quoted

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
# https://github.com/opencontainers/image-spec/blob/main/image-index.md
_PLATFORM: Final = re.compile(r"[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?")
# What AWS calls the architectures: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
_ARCHITECTURES: Final = {"x86_64": "amd64", "arm64": "arm64"}

LATEST: Final = "latest"
"""The tag of an image that is named by none."""


def image_error(image: str) -> str | None:
    """Say why a text is no tag and no digest; None if it is one."""
    if _TAG.fullmatch(image) or _DIGEST.fullmatch(image):
        return None
    return (
        f"the image is {quoted(image)}; allowed: a tag of letters, digits and '_.-', such as '1.4', or a digest, "
        "'sha256:' and 64 hexadecimal digits"
    )


def platform_error(platform: str) -> str | None:
    """Say why a text is no platform; None if it is one."""
    if _PLATFORM.fullmatch(platform):
        return None
    return (
        f"the platform is {quoted(platform)}; allowed: an operating system and an architecture, such as 'linux/arm64'"
    )


def platform_of(architecture: str, system: str = "linux") -> str:
    """Return the platform of an architecture as AWS calls it; empty if it is not known."""
    known = _ARCHITECTURES.get(architecture.lower())
    return f"{system}/{known}" if known else ""


class ImageName(NamedTuple):
    """The name of a repository, and the tag or digest of one of its images; each may be a token."""

    repository: str
    image: str


def split_name(name: str) -> ImageName:
    """Take apart what stands behind the registry in the URI of an image; the digest goes before the tag."""
    tagged, _, digest = name.partition("@")
    repository, _, tag = tagged.partition(":")
    return ImageName(repository, digest or tag or LATEST)
