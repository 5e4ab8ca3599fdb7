"""The registry, as an OCI client sees it: oras pushes and pulls, AWS is not asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oras.client import OrasClient

from walkthrough.expect import expect

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from ecr_access.local_cloud import LocalCloud
    from walkthrough.image import Image


@dataclass(frozen=True)
class Refusal:
    """What a registry answered instead of taking a push."""

    status: int
    code: str
    message: str


class Registry:
    """A registry client, signed in or not."""

    def __init__(self, cloud: LocalCloud, *, credentials: tuple[str, str] | None = None) -> None:
        """Make a client of a local cloud's registry.

        Args:
            cloud: The cloud.
            credentials: User and password of ``ecr:GetAuthorizationToken``; none where not signed in.
        """
        self._host = f"localhost:{cloud.port}"
        self._scratch: Path = cloud.directory
        self._client = OrasClient(
            hostname=self._host, tls_verify=cloud.environment()["AWS_CA_BUNDLE"], auth_backend="basic"
        )
        self._client.session.trust_env = False  # no proxy, no netrc of the user's
        self._client.session.auth = credentials
        self._client.session.hooks["response"].append(self._note)
        self._last: requests.Response | None = None

    def push(self, image: Image, *, repository: str, tag: str) -> str | Refusal:
        """Push an image, return its digest or why it was refused."""
        target = f"{self._host}/{repository}:{tag}"
        scratch = self._scratch / "blob"
        for blob in image.blobs:
            scratch.write_bytes(blob.content)
            try:
                response = self._client.upload_blob(str(scratch), target, blob.descriptor)
            except ValueError:  # oras: "Issue retrieving session url", whatever the reason
                return self._refusal()
            if not response.ok:
                return self._refusal()
        container = self._client.get_container(target)
        response = self._client.upload_manifest(image.manifest, container)
        if not response.ok:
            return self._refusal()
        body = response.request.body
        return f"sha256:{hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest()}"

    def pull(self, *, repository: str, tag: str) -> tuple[str, list[bytes]]:
        """Pull an image, return the digest of its manifest and the content of its configuration and layers."""
        target = f"{self._host}/{repository}:{tag}"
        manifest = self._client.get_manifest(target)
        expect(self._last is not None, "the registry client made no request")
        digest = hashlib.sha256(self._last.content).hexdigest() if self._last is not None else ""
        descriptors = [manifest["config"], *manifest["layers"]]
        return f"sha256:{digest}", [
            self._client.get_blob(target, descriptor["digest"]).content for descriptor in descriptors
        ]

    def _note(self, response: requests.Response, *_args: object, **_options: object) -> None:
        self._last = response

    def _refusal(self) -> Refusal:
        if self._last is None:
            raise RuntimeError("the registry client made no request")
        try:
            error = self._last.json()["errors"][0]
        except (json.JSONDecodeError, LookupError):
            error = {"code": "none", "message": self._last.text[:300]}
        return Refusal(self._last.status_code, error["code"], error["message"])
