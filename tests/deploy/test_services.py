"""Repositories in one stack, services in two others, in one deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.deploy.conftest import Deployment

pytestmark = pytest.mark.local_cloud


def test_services_deploy_with_their_repositories(services: Deployment) -> None:
    """`cdk deploy --all` needs no second run, and each service's check proves its own role."""
    outcome = services.deploy("--all")
    assert outcome.code == 0, outcome.text
    for stack in ("Shop", "Mail"):
        found = services.findings(stack=stack)
        assert {(one["access"], one["verdict"]) for one in found} == {("TOKEN", "allowed"), ("PULL", "allowed")}
        assert len({one["repository"] for one in found if one["access"] == "PULL"}) == 2
