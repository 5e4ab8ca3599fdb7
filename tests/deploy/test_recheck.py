"""The proof repeated by the schedule of the local cloud: what is taken away is heard of, and that it is back."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud

# Most of it is waiting for the schedule, and for the alarm's two intervals.
pytestmark = [pytest.mark.local_cloud, pytest.mark.timeout(480)]

_PATIENCE = 100.0
"""Seconds: the schedule comes once a minute, and the alarm looks at two of them."""


@pytest.fixture(scope="module")
def again(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The app, deployed."""
    deployment = Deployment(local_cloud, "recheck.py", tmp_path_factory.mktemp("again"), "Again")
    outcome = deployment.deploy()
    assert outcome.code == 0, outcome.text
    return deployment


def test_what_is_taken_away_is_heard_of_and_what_is_back_too(again: Deployment) -> None:
    """By a finding, the metric, the alarm and a message; each of them clears."""
    iam, cloudwatch = again.cloud.client("iam"), again.cloud.client("cloudwatch")
    role, alarm = again.output("RoleName"), again.output("AlarmName")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]

    def state() -> str:
        return str(cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["StateValue"])

    assert _soon(lambda: state() == "OK"), state()
    iam.delete_role_policy(RoleName=role, PolicyName=name)

    (event, *_) = _received(again, "FoundUrl")
    assert event["source"] == "cdk-ecr-access"
    assert event["detail-type"] == "ECR Access Finding"
    assert event["detail"]["verdict"] == "denied"
    assert event["detail"]["principal"].endswith(f":role/{role}")
    assert _soon(lambda: state() == "ALARM"), state()
    (message, *_) = _received(again, "ToldUrl")
    assert message["AlarmName"] == alarm
    assert message["NewStateValue"] == "ALARM"

    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))
    assert _soon(lambda: state() == "OK", seconds=3 * _PATIENCE), state()
    assert any(one["NewStateValue"] == "OK" for one in _received(again, "ToldUrl"))


def _received(deployment: Deployment, queue: str) -> list[dict[str, Any]]:
    """Wait for messages of a queue."""
    sqs, url = deployment.cloud.client("sqs"), deployment.output(queue)
    messages: list[dict[str, Any]] = []

    def receive() -> bool:
        messages.extend(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))
        return bool(messages)

    assert _soon(receive), f"nothing came to {queue}"
    return [json.loads(one["Body"]) for one in messages]


def _soon(is_so: Callable[[], bool], *, seconds: float = _PATIENCE) -> bool:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(1)
    return False
