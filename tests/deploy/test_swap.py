"""A deployed app swaps ``aws_ecr.Repository`` for ``AccessibleRepository``, and keeps what it has.

AWS replaces a repository whose name changes, as the embedded cloud does: a name that appears where CloudFormation made
one is such a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.deploy.conftest import Deployment
from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud


class Swap(NamedTuple):
    """What was there before the swap, and after."""

    deployment: Deployment
    before: dict[str, str]
    after: dict[str, str]
    pushed: dict[str, str]
    exports: list[tuple[str, str]]


@pytest.fixture(scope="module")
def swap(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Swap:
    """Deploy with one class, push an image to each repository, and deploy with the other class."""
    deployment = Deployment(local_cloud, "swap.py", tmp_path_factory.mktemp("swap"), "Swapped")
    outcome = deployment.deploy("--all")
    assert outcome.code == 0, outcome.text
    before, exports = _physical_ids(deployment), _exports(deployment)
    pushed = {}
    for name in _repositories(before):
        digest = Registry(local_cloud).push(small_image(f"{name}\n"), repository=name, tag="1.0")
        assert isinstance(digest, str)
        pushed[name] = digest
    outcome = deployment.deploy("--all", swapped="1")
    assert outcome.code == 0, outcome.text
    return Swap(deployment, before, _physical_ids(deployment), pushed, exports)


def _physical_ids(deployment: Deployment) -> dict[str, str]:
    listed = deployment.cloud.client("cloudformation").list_stack_resources(StackName=deployment.name)
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed["StackResourceSummaries"]}


def _exports(deployment: Deployment) -> list[tuple[str, str]]:
    # In pages: stacks of other tests may have exports, too.
    pages = deployment.cloud.client("cloudformation").get_paginator("list_exports").paginate()
    exports = [one for page in pages for one in page["Exports"]]
    return sorted((one["Name"], one["Value"]) for one in exports if one["Name"].startswith(f"{deployment.name}:"))


def _repositories(ids: dict[str, str]) -> list[str]:
    return [physical for logical, physical in ids.items() if logical.startswith(("Named", "Unnamed"))]


def test_swapping_the_class_replaces_no_resource(swap: Swap) -> None:
    """Every resource keeps its logical and its physical id, the repository that CloudFormation named among them."""
    assert len(_repositories(swap.before)) == len(["named", "unnamed"])
    assert swap.before.items() <= swap.after.items()


def test_swapping_the_class_keeps_what_other_stacks_import(swap: Swap) -> None:
    """CloudFormation refuses to drop an export that is in use; the embedded cloud does not, so the exports are read."""
    assert len(swap.exports) == 1
    assert _exports(swap.deployment) == swap.exports


def test_swapping_the_class_keeps_the_images(swap: Swap) -> None:
    """Each repository holds what was pushed before, under the same digest and tag."""
    ecr = swap.deployment.cloud.client("ecr")
    found = {name: ecr.list_images(repositoryName=name)["imageIds"] for name in swap.pushed}
    assert found == {name: [{"imageDigest": digest, "imageTag": "1.0"}] for name, digest in swap.pushed.items()}


def test_swapping_the_class_changes_the_settings_in_place(swap: Swap) -> None:
    """The safe defaults reach the repositories that were there."""
    described = swap.deployment.cloud.client("ecr").describe_repositories(repositoryNames=[*swap.pushed])
    found = {
        (one["imageTagMutability"], one["imageScanningConfiguration"]["scanOnPush"])
        for one in described["repositories"]
    }
    assert found == {("IMMUTABLE", True)}


def test_the_check_proves_the_grants_of_a_swapped_app(swap: Swap) -> None:
    """The grants that the app had already are proved with the first deployment of the new class."""
    found = {(one["access"], one["verdict"]) for one in swap.deployment.findings()}
    assert found == {("TOKEN", "allowed"), ("PULL_PUSH", "allowed"), ("PULL", "allowed")}
