"""A repository outlives its stack and comes back with its images.

AWS refuses to create a repository that exists, which `--import-existing-resources` is for. The embedded cloud imports
as AWS does; without the flag it would take the repository over in silence, so that the refusal is not tested here. AWS
has been seen to drop the repository policy at an import, which the embedded cloud does not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.conftest import Deployment
from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from cdk_ecr_access.local_cloud import LocalCloud
    from tests.deploy.conftest import Outcome

pytestmark = pytest.mark.local_cloud

_NAME = "adopted/app"


@pytest.fixture(scope="module")
def adopted(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The app."""
    return Deployment(local_cloud, "adoption.py", tmp_path_factory.mktemp("adopted"), "Adopted")


@pytest.fixture(scope="module")
def pushed(adopted: Deployment) -> str:
    """An image, pushed to the repository of a stack that is gone by now."""
    outcome = adopted.deploy()
    assert outcome.code == 0, outcome.text
    digest = registry(adopted).push(small_image("kept\n"), repository=_NAME, tag="1.0")
    assert isinstance(digest, str)
    assert adopted.destroy().code == 0
    return digest


@pytest.fixture(scope="module")
def adoption(adopted: Deployment, pushed: str) -> Outcome:
    """A deployment that imports what is there."""
    assert pushed
    return adopted.deploy("--import-existing-resources")


def registry(deployment: Deployment) -> Registry:
    """Reach the registry as an OCI client does."""
    return Registry(deployment.cloud)


def digests(deployment: Deployment) -> list[str]:
    """Read the digests of the repository's images."""
    images = deployment.cloud.client("ecr").list_images(repositoryName=_NAME)["imageIds"]
    return [one["imageDigest"] for one in images]


def test_a_retained_repository_keeps_its_images(adopted: Deployment, pushed: str) -> None:
    """The stack is gone, the image is not."""
    assert digests(adopted) == [pushed]


def test_the_repository_is_imported(adoption: Outcome, adopted: Deployment) -> None:
    """The stack has it again."""
    assert adoption.code == 0, adoption.text
    assert adopted.resource("AWS::ECR::Repository") == _NAME


@pytest.mark.usefixtures("adoption")
def test_the_images_survive_the_import(adopted: Deployment, pushed: str) -> None:
    """Not one is lost, and a client pulls it as before."""
    assert digests(adopted) == [pushed]


@pytest.mark.usefixtures("adoption")
def test_the_grants_are_proved_after_the_import(adopted: Deployment) -> None:
    """On both sides of a permission."""
    found = {(one["access"], one["verdict"]) for one in adopted.findings()}
    assert found == {("TOKEN", "allowed"), ("PUSH", "allowed"), ("PULL", "allowed")}


@pytest.mark.usefixtures("adoption")
def test_the_next_deployment_changes_nothing(adopted: Deployment, pushed: str) -> None:
    """The repository is the stack's like any other."""
    outcome = adopted.deploy()
    assert outcome.code == 0, outcome.text
    assert "no changes" in outcome.words
    assert digests(adopted) == [pushed]


def test_a_first_deployment_that_fails_leaves_the_repository_and_the_next_takes_it_in(
    local_cloud: LocalCloud, tmp_path: Path
) -> None:
    """Its deletion policy keeps it when what the deployment made is removed."""
    failed = Deployment(local_cloud, "adoption.py", tmp_path, "Failed")
    outcome = failed.deploy(denied="1")
    assert outcome.code == 1
    assert "explicitly denied" in outcome.words
    assert failed.status() == "ROLLBACK_COMPLETE"
    found = local_cloud.client("ecr").describe_repositories(repositoryNames=["failed/app"])["repositories"]
    assert [one["repositoryName"] for one in found] == ["failed/app"]
    outcome = failed.deploy("--import-existing-resources")
    assert outcome.code == 0, outcome.text
    assert failed.resource("AWS::ECR::Repository") == "failed/app"
