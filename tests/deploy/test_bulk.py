"""A deployed manifest changes from constructs to bulk, and keeps what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud


def _ids(deployment: Deployment) -> dict[str, str]:
    listed = deployment.cloud.client("cloudformation").list_stack_resources(StackName=deployment.name)
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed["StackResourceSummaries"]}


def test_bulk_changes_nothing_that_is_deployed(
    local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its ids stay, and every grant is proved again; and it deploys in bulk from nothing."""
    deployment = Deployment(local_cloud, "bulk.py", tmp_path_factory.mktemp("bulk"), "Bulk")
    outcome = deployment.deploy()
    assert outcome.code == 0, outcome.text
    before = _ids(deployment)
    outcome = deployment.deploy(bulk="1")
    assert outcome.code == 0, outcome.text
    assert _ids(deployment) == before
    assert deployment.destroy().code == 0
    outcome = deployment.deploy(bulk="1")
    assert outcome.code == 0, outcome.text
    assert {*_ids(deployment)} == {*before}
    assert {one["verdict"] for one in deployment.findings()} == {"allowed"}
