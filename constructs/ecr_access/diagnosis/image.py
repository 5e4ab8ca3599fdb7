"""The parts of an image of a private registry, from a reference or from a URL of the registry's API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ecr_access.diagnosis.patterns import IMAGE
from ecr_access.ecr.names import REPOSITORY_NAME_PATTERN

_API: Final = re.compile(r"/v2/(?P<name>[^?]{1,256}?)/(?:manifests|blobs|tags|referrers)(?:/(?P<reference>[^?]*))?")
_REFERENCE: Final = re.compile(r"/(?P<name>[^:@?]{1,256})(?::(?P<reference>[^@?]{1,128}))?")
_TAG: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,127}", re.ASCII)
_NAME: Final = re.compile(REPOSITORY_NAME_PATTERN)


@dataclass(frozen=True)
class Image:
    """An image, or only its registry."""

    host: str | None
    account: str | None
    region: str | None
    repository: str | None
    tag: str | None


def image_of(text: str) -> Image | None:
    """Read an image; None if the text names no private registry of ECR."""
    found = IMAGE.search(text)
    if not found:
        return None
    path = found["path"] or ""
    parts = _API.match(path) or (None if path.startswith("/v2/") else _REFERENCE.match(path))
    name = parts["name"].rstrip("./-_") if parts else ""
    is_name = _NAME.fullmatch(name) is not None
    tag = (parts["reference"] or "").rstrip(":.") if parts and is_name else ""
    host = found[0][: len(found[0]) - len(path)]
    return Image(
        host=host if found["account"] and found["region"] else None,
        account=found["account"],
        region=found["region"],
        repository=name if is_name else None,
        tag=tag if _TAG.fullmatch(tag) and "sha256" not in tag else None,
    )
