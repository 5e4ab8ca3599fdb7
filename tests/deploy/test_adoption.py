"""A repository outlives its stack, stands in the way of the next one, and comes back with its images.

AWS refuses to create a repository that exists, which ``--import-existing-resources`` is for. The embedded cloud refuses
and imports as AWS does. AWS has been seen to drop the repository policy at an import, which the embedded cloud does not
do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.conftest import Deployment
from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud
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
def refusal(adopted: Deployment, pushed: str) -> Outcome:
    """A plain deployment over what is there."""
    assert pushed
    return adopted.deploy()


@pytest.fixture(scope="module")
def adoption(adopted: Deployment, refusal: Outcome) -> Outcome:
    """A deployment that imports what is there, after the plain one."""
    assert refusal
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


def test_a_plain_deployment_is_refused_because_the_name_is_taken(refusal: Outcome) -> None:
    """CloudFormation validates before it creates anything, and the CLI says which name is taken, and where."""
    assert refusal.code == 1
    assert "Early validation failed for change set" in refusal.words
    assert f"Resource of type 'AWS::ECR::Repository' with identifier '{_NAME}' already exists." in refusal.words
    assert "Adopted/Repository/Resource" in refusal.words


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


@pytest.fixture(scope="module")
def failed(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A stack whose first deployment was refused by its check."""
    deployment = Deployment(local_cloud, "adoption.py", tmp_path_factory.mktemp("failed"), "Failed")
    outcome = deployment.deploy(denied="1")
    assert outcome.code == 1
    assert "explicitly denied" in outcome.words
    assert deployment.status() == "ROLLBACK_COMPLETE"
    return deployment


def test_a_first_deployment_that_fails_leaves_the_repository_in_the_way_of_the_next(failed: Deployment) -> None:
    """``RETAIN`` keeps it; without a change set the resource itself fails, in its handler's words."""
    found = failed.cloud.client("ecr").describe_repositories(repositoryNames=["failed/app"])["repositories"]
    assert [one["repositoryName"] for one in found] == ["failed/app"]
    outcome = failed.deploy("--method", "direct")
    assert outcome.code == 1
    assert "Resource handler returned message" in outcome.words
    assert "with identifier 'failed/app' already exists" in outcome.words
    assert "HandlerErrorCode: AlreadyExists" in outcome.words
    assert failed.status() == "ROLLBACK_COMPLETE"


def test_the_next_deployment_takes_the_repository_in_where_it_is_told_to(failed: Deployment) -> None:
    """With the flag, the first success."""
    outcome = failed.deploy("--import-existing-resources")
    assert outcome.code == 0, outcome.text
    assert failed.resource("AWS::ECR::Repository") == "failed/app"
