"""Tests of making the AWS clients; nothing is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from access_check.clients import Boto3Clients

if TYPE_CHECKING:
    import pytest


def test_each_client_is_made_once_and_leaves_retries_to_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two layers of retries would multiply the calls."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    clients: Any = Boto3Clients()
    ecr, iam = clients.ecr("eu-west-1"), clients.iam()
    assert clients.ecr("eu-west-1") is ecr
    assert clients.ecr("us-east-1") is not ecr
    assert clients.iam() is iam
    assert ecr.meta.region_name == "eu-west-1"
    for client in (ecr, iam):
        assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 1}
        assert client.meta.config.read_timeout == 15
