"""The certificate that is made for each local cloud."""

from __future__ import annotations

import contextlib
import ssl
import stat
from typing import TYPE_CHECKING

from ecr_access.local_cloud.certificate import make_certificate

if TYPE_CHECKING:
    from pathlib import Path


def test_a_client_that_trusts_the_authority_accepts_the_certificate(tmp_path: Path) -> None:
    """A TLS handshake for ``localhost`` succeeds with the authority alone as trust."""
    files = make_certificate(tmp_path)
    client, server = ssl.create_default_context(cafile=str(files.authority)), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (asking, answering, asking, answering):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert asking.getpeercert()


def test_no_other_user_may_read_the_key(tmp_path: Path) -> None:
    """The key's file is the owner's alone."""
    assert stat.S_IMODE(make_certificate(tmp_path).key.stat().st_mode) == 0o600


def test_the_bundle_adds_to_the_systems_authorities(tmp_path: Path) -> None:
    """A command can still reach what the system trusts, for example to install a package."""
    files = make_certificate(tmp_path)
    context = ssl.create_default_context()
    assert files.bundle.read_bytes().endswith(files.authority.read_bytes())
    assert files.bundle.read_text().count("BEGIN CERTIFICATE") > min(1, context.cert_store_stats()["x509_ca"])


def test_each_cloud_has_an_authority_of_its_own(tmp_path: Path) -> None:
    """What trusts one local cloud does not trust the next."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(make_certificate(tmp_path / name).authority.read_bytes())
    assert made[0] != made[1]
