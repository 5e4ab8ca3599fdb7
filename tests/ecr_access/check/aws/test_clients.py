"""Tests of making the AWS clients; nothing is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.session import Session

from ecr_access.check.aws.api_usage import ApiUsage
from ecr_access.check.aws.clients import BotocoreClients
from ecr_access.check.aws.parallel import WORKERS
from ecr_access.check.aws.rate_limit import RateLimiters
from tests.ecr_access.check.fakes import Clock

if TYPE_CHECKING:
    import pytest


def _limiters() -> RateLimiters:
    clock = Clock()
    return RateLimiters(clock=clock, sleep=clock.sleep, jitter=clock.jitter, left=clock.left, usage=ApiUsage())


def test_each_client_is_made_once_and_retries_nothing_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the version that Lambda brings: the check tries again, and it alone knows its deadline."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    clients: Any = BotocoreClients(_limiters())
    ecr, iam, cloudformation = clients.ecr("eu-west-1"), clients.iam(), clients.cloudformation()
    assert clients.ecr("eu-west-1") is ecr
    assert clients.ecr("us-east-1") is not ecr
    assert clients.iam() is iam
    assert clients.cloudformation() is cloudformation
    assert ecr.meta.region_name == "eu-west-1"
    assert clients.ecr("us-east-1").meta.region_name == "us-east-1"
    for client in (ecr, iam, cloudformation):
        assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 1}
        assert client.meta.config.read_timeout == 15
        assert client.meta.config.connect_timeout == 5
        assert client.meta.config.max_pool_connections == WORKERS


def test_every_client_has_the_credentials_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check from a terminal uses the profile that the user names."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    session = Session()
    session.set_credentials("profile", "test")
    clients: Any = BotocoreClients(_limiters(), session)
    for client in (clients.iam(), clients.ecr("eu-west-1")):
        url = client.generate_presigned_url("get_user" if client is clients.iam() else "describe_repositories")
        assert "=profile" in url
