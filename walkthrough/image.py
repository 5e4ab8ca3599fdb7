"""A small image of our own making: nothing has to be downloaded to push one."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from typing import Any

_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True)
class Blob:
    """Bytes with the media type that a registry files them under."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The name of the content in a registry."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    @property
    def descriptor(self) -> dict[str, Any]:
        """How a manifest refers to it: https://github.com/opencontainers/image-spec/blob/main/descriptor.md."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content)}


@dataclass(frozen=True)
class Image:
    """A configuration and one layer."""

    config: Blob
    layer: Blob

    @property
    def blobs(self) -> tuple[Blob, Blob]:
        """What must be uploaded before the manifest."""
        return self.config, self.layer

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest that ties them together."""
        return {
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": self.config.descriptor,
            "layers": [self.layer.descriptor],
        }


def small_image(text: str) -> Image:
    """Make an image with one file, ``hello.txt``; the same text makes the same digests."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("hello.txt")
        entry.size = len(text.encode())
        tar.addfile(entry, io.BytesIO(text.encode()))
    plain = archive.getvalue()
    config = {
        "architecture": "arm64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(plain).hexdigest()}"]},
    }
    return Image(
        config=Blob(_CONFIG_TYPE, json.dumps(config).encode()),
        layer=Blob(_LAYER_TYPE, gzip.compress(plain, mtime=0)),
    )
