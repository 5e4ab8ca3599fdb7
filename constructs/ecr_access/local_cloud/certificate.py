"""A certificate for the local cloud, made without the openssl command, and what its clients trust."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("localhost", "*.localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The files of one local cloud's certificate."""

    certificate: Path
    key: Path
    authority: Path
    """The one authority that the local cloud itself trusts."""
    bundle: Path
    """The system's authorities and ours: a client's ``*_CA_BUNDLE`` replaces its own list."""


def make_certificate(directory: Path) -> Certificate:
    """Write a new authority and a server certificate for the loopback names to a directory."""
    import trustme  # of the extra `local-cloud`

    authority = trustme.CA(organization_name="cdk-ecr-access local cloud")
    server = authority.issue_cert(*_NAMES)
    files = Certificate(
        certificate=directory / "server.pem",
        key=directory / "server.key",
        authority=directory / "authority.pem",
        bundle=directory / "bundle.pem",
    )
    files.key.touch(mode=0o600)
    server.private_key_pem.write_to_path(files.key)
    files.certificate.write_bytes(b"".join(pem.bytes() for pem in server.cert_chain_pems))
    ours = authority.cert_pem.bytes()
    files.authority.write_bytes(ours)
    files.bundle.write_bytes(_system_authorities() + ours)
    return files


def _system_authorities() -> bytes:
    """Return the system's trusted certificates, empty where there is no such file."""
    paths = ssl.get_default_verify_paths()
    for name in (paths.cafile, paths.openssl_cafile):
        if name and Path(name).is_file():
            return Path(name).read_bytes().rstrip() + b"\n"
    return b""
