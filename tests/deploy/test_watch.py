"""From the queue of a watch to the person: the real function, under its own role, and the topic.

The embedded cloud refuses events of ``aws.*`` sources, as AWS does, and never fires a rule on calls that only read. The
test puts recorded events where the rules put them; that the rules match them is tested with their patterns.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_EVENTS = Path(__file__).parents[1] / "ecr_access/diagnosis/heard/events.yaml"
_PATIENCE = 120.0


@pytest.fixture(scope="module")
def watch(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The app, deployed."""
    one = Deployment(local_cloud, "watch.py", tmp_path_factory.mktemp("watch"), "Watch")
    outcome = one.deploy()
    assert outcome.code == 0, outcome.text
    return one


def event(name: str) -> str:
    """A recorded event."""
    return json.dumps(yaml.safe_load(_EVENTS.read_text(encoding="utf-8"))[name]["event"])


def received(watch: Deployment, output: str, enough: Callable[[list[str]], bool]) -> list[str]:
    """The messages of a queue, as soon as there are enough."""
    client, until = watch.cloud.client("sqs"), time.monotonic() + _PATIENCE
    found: list[str] = []
    while not enough(found) and time.monotonic() < until:
        answer = client.receive_message(QueueUrl=watch.output(output), MaxNumberOfMessages=10, WaitTimeSeconds=2)
        found += [one["Body"] for one in answer.get("Messages", [])]
    return found


def kept(client: Any, queue: str) -> int:
    """How many messages a queue is left with: they wait for another attempt, and the third is their last."""
    until = time.monotonic() + _PATIENCE
    while True:
        found = client.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        left = int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])
        if left <= 1 or time.monotonic() > until:
            return left
        time.sleep(0.5)


def test_failures_reach_the_person_in_sentences(watch: Deployment) -> None:
    """Fifty equal failures and another: few messages, with the cause and the fix; what is not of the shape is kept."""
    client = watch.cloud.client("sqs")
    resources: Any = watch.cloud.client("cloudformation").list_stack_resources(StackName="Watch")
    (queue,) = [
        one["PhysicalResourceId"]
        for one in resources["StackResourceSummaries"]
        if one["ResourceType"] == "AWS::SQS::Queue" and one["LogicalResourceId"].startswith("EcrRegistryWatchQueue")
    ]
    bodies = [event("denied-pull")] * 50 + [event("push-to-missing"), "{"]
    for start in range(0, len(bodies), 10):
        entries = [{"Id": str(n), "MessageBody": one} for n, one in enumerate(bodies[start : start + 10])]
        client.send_message_batch(QueueUrl=queue, Entries=entries)
    told = received(watch, "PersonUrl", lambda found: "grant_pull" in str(found) and "404 not found" in str(found))
    text = "\n".join(json.loads(one)["Message"] for one in told)
    assert "arn:aws:iam::111122223333:role/teams/ci failed to call BatchGetImage on repository team/app" in text
    assert "repository.grant_pull(principal)" in text
    assert "404 not found: repository team/app does not exist" in text
    # The embedded cloud gathers no window, and starts more functions at once than two.
    assert len(told) < 10
    assert "AROAEXAMPLE" not in text
    assert kept(client, queue) == 1
