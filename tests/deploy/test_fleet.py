"""A tenth of a large fleet: more repositories of other stacks than a check looks up itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud


def test_a_fleet_deploys_and_every_access_is_proved(
    local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The services' check simulates all its roles; the policies that it leaves out are read by their stacks' checks."""
    fleet = Deployment(local_cloud, "fleet.py", tmp_path_factory.mktemp("fleet"))
    outcome = fleet.deploy("--all", "--concurrency", "4")
    assert outcome.code == 0, outcome.text
    found = fleet.findings(stack="Services")
    assert {one["verdict"] for one in found} == {"allowed"}
    assert len([one for one in found if one["access"] == "PULL"]) == 500
    assert len([one for one in found if one["access"] == "TOKEN"]) == 20
    elsewhere = {one["repository"] for one in found if "own stack proves" in one["cause"]}
    assert len(elsewhere) == 300
    proved = [one for number in range(13) for one in fleet.findings(stack=f"Images{number:02d}")]
    assert {one["verdict"] for one in proved} == {"allowed"}
    assert {one["repository"] for one in proved} == elsewhere
