"""Pushes and pulls a small image over HTTP, as docker does.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import certifi
import urllib3

if TYPE_CHECKING:
    from prove_on_aws.sessions import Session
    from walkthrough.image import Blob, Image

_TIMEOUT: Final = urllib3.Timeout(connect=5, read=30)
_CREATED: Final = (201, 202)


class RegistryError(Exception):
    """The registry did not take an image."""


class RegistryClient:
    """One repository in the registry, with a token of a session; the token is never printed."""

    def __init__(self, session: Session, repository: str) -> None:
        """Get a token.

        Raises:
            ClientError: The session may not get one.
        """
        ecr = session.client("ecr")
        found = ecr.get_authorization_token()["authorizationData"][0]
        self._base = f"{_registry(str(ecr.meta.endpoint_url), str(found['proxyEndpoint']))}/v2/{repository}/"
        self._headers = {"Authorization": f"Basic {found['authorizationToken']}"}
        bundle = os.environ.get("AWS_CA_BUNDLE") or certifi.where()
        self._http = urllib3.PoolManager(ca_certs=bundle, timeout=_TIMEOUT)

    def push(self, image: Image, tag: str) -> None:
        """Upload the blobs and the manifest.

        Raises:
            RegistryError: The registry refused one of them.
        """
        for blob in image.blobs:
            self._upload(blob)
        kind = str(image.manifest["mediaType"])
        self._expect(self._send("PUT", f"manifests/{tag}", json.dumps(image.manifest).encode(), kind), "the manifest")

    def manifest(self, reference: str) -> int:
        """Return the HTTP status of a manifest."""
        kinds = "application/vnd.oci.image.manifest.v1+json"
        return int(
            self._http.request("GET", f"{self._base}manifests/{reference}", headers=self._with(Accept=kinds)).status
        )

    def blob(self, digest: str) -> int:
        """Return the HTTP status of a layer; urllib3 leaves the token out where it is sent to another host."""
        return int(self._http.request("GET", f"{self._base}blobs/{digest}", headers=self._headers).status)

    def _upload(self, blob: Blob) -> None:
        kind = "application/octet-stream"
        begun = self._send("POST", "blobs/uploads/", b"", kind)
        self._expect(begun, "the upload")
        sent = self._send("PATCH", begun.headers["Location"], blob.content, kind)
        self._expect(sent, "a blob")
        where = sent.headers["Location"]
        self._expect(
            self._send("PUT", f"{where}{'&' if '?' in where else '?'}digest={blob.digest}", b"", kind), "a blob"
        )

    def _send(self, method: str, path: str, body: bytes, kind: str) -> Any:
        headers = self._with(**{"Content-Type": kind, "Content-Length": str(len(body))})
        return self._http.request(method, urljoin(self._base, path), body=body, headers=headers)

    def _with(self, **more: str) -> dict[str, str]:
        return {**self._headers, **more}

    @staticmethod
    def _expect(response: Any, what: str) -> None:
        if response.status not in _CREATED:
            raise RegistryError(f"the registry answers {response.status} to {what}: {response.data[:200]!r}")


def _registry(api: str, proxy: str) -> str:
    """Return the registry's URL: AWS's own, or the host of an endpoint that stands in for AWS."""
    host = urlsplit(api).hostname or ""
    on_aws = host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))
    return proxy if on_aws else api.rstrip("/")
