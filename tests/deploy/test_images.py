"""An image that was never pushed fails the deployment of what runs it, in seconds and with its name.

The embedded cloud makes an ECS service and a Lambda function of any image, whether it is there or not: it is the check
alone that fails. On AWS the function would be refused, and the service would wait for hours.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud
    from tests.deploy.conftest import Deployment

pytestmark = pytest.mark.local_cloud

# A deployment takes some ten seconds there, most of them the CLI's.
_SECONDS = 60
_FUNCTION, _TASK = "AWS::Lambda::Function", "AWS::ECS::TaskDefinition"
_LAMBDA = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:lambda:us-east-1:000000000000:function:*"}},
}


@pytest.fixture(scope="module")
def images(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Deployment]:
    """Make deployments of the app, each a stack of its own name, with a repository that holds no image."""
    from tests.deploy.conftest import Deployment

    def made(name: str) -> Deployment:
        return Deployment(local_cloud, "images.py", tmp_path_factory.mktemp(name), name)

    return made


def _repository(deployment: Deployment) -> str:
    """Make the repository, whose policy lets Lambda in, as it does itself on AWS."""
    name = f"{deployment.name.lower()}/app"
    ecr = deployment.cloud.client("ecr")
    ecr.create_repository(repositoryName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [_LAMBDA]})
    ecr.set_repository_policy(repositoryName=name, policyText=policy)
    return name


def _push(deployment: Deployment, repository: str, tag: str) -> None:
    assert isinstance(Registry(deployment.cloud).push(small_image(tag), repository=repository, tag=tag), str)


@pytest.mark.parametrize(("name", "kind", "type_"), [("Run", "function", _FUNCTION), ("Served", "service", _TASK)])
def test_an_image_that_was_never_pushed_fails_in_seconds(
    images: Callable[[str], Deployment], name: str, kind: str, type_: str
) -> None:
    """What runs it is not made and not changed; the deployment succeeds after the push."""
    deployment = images(name)
    repository = _repository(deployment)
    begin = time.monotonic()
    outcome = deployment.deploy(image="1.0", **{kind: "1"})
    assert time.monotonic() - begin < _SECONDS
    assert outcome.code == 1
    assert f"there is no image {repository}:1.0; the repository has no tagged image" in outcome.words
    assert deployment.status() == "ROLLBACK_COMPLETE"
    assert _statuses(deployment, type_) == set()

    _push(deployment, repository, "1.0")
    outcome = deployment.deploy(image="1.0", **{kind: "1"})
    assert outcome.code == 0, outcome.text
    assert ("IMAGE", "allowed") in {(one["access"], one["verdict"]) for one in deployment.findings()}

    outcome = deployment.deploy(image="1.1", **{kind: "1"})
    assert outcome.code == 1
    assert f"{repository}:1.1" in outcome.words
    assert deployment.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "UPDATE_COMPLETE" not in _statuses(deployment, type_)


def test_a_repository_of_the_same_deployment_takes_two(images: Callable[[str], Deployment]) -> None:
    """The message says how to order them; without a task the first one succeeds, and with one after the push."""
    deployment = images("Both")
    outcome = deployment.deploy(image="1.0", made="1")
    assert outcome.code == 1
    assert "image both/app:1.0 cannot be there yet: this deployment makes the repository" in outcome.words
    assert "deploy the repository in a stack of its own, push, then deploy this stack" in outcome.words
    outcome = deployment.deploy(image="1.0", made="1", count="0")
    assert outcome.code == 0, outcome.text
    _push(deployment, "both/app", "1.0")
    outcome = deployment.deploy(image="1.0", made="1", count="1")
    assert outcome.code == 0, outcome.text


def _statuses(deployment: Deployment, type_: str) -> set[str]:
    """How the resources of a type fared that run the image, the check's function aside, in all deployments."""
    client = deployment.cloud.client("cloudformation")
    events = client.describe_stack_events(StackName=deployment.name)["StackEvents"]
    return {
        str(one["ResourceStatus"])
        for one in events
        if one["ResourceType"] == type_ and not one["LogicalResourceId"].startswith("EcrAccessCheck")
    }
