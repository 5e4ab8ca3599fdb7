"""An alarm before calls are throttled, for each API call that has a usage metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_ecr_access import RegistryWatch
from tests.reading import ACCOUNT, rendered

if TYPE_CHECKING:
    from aws_cdk import Stack

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html, the dimension Resource.
METERED = {
    "GetAuthorizationToken", "BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart",
    "CompleteLayerUpload", "PutImage", "BatchGetImage", "GetDownloadUrlForLayer",
}  # fmt: skip


def watch(stack: Stack) -> RegistryWatch:
    """A watch with a topic."""
    return RegistryWatch(stack, topic=sns.Topic(stack, "Topic"))


def test_each_metered_call_has_an_alarm_on_its_quota(stack: Stack) -> None:
    """By the metric's own dimensions, in one Region's minutes, to the topic."""
    assert len(watch(stack).alarm_on_usage(threshold=0.5)) == 8
    found = rendered(stack)
    alarms = [one["Properties"] for one in found.all("AWS::CloudWatch::Alarm")]
    dimensions: list[dict[str, Any]] = []
    for one in alarms:
        math, metric = sorted(one["Metrics"], key=lambda part: part["ReturnData"], reverse=True)
        assert math["Expression"] == f"{metric['Id']}/SERVICE_QUOTA({metric['Id']})*100"
        stat = metric["MetricStat"]
        assert (stat["Stat"], stat["Period"]) == ("Sum", 60)
        assert (stat["Metric"]["Namespace"], stat["Metric"]["MetricName"]) == ("AWS/Usage", "CallCount")
        dimensions.append({part["Name"]: part["Value"] for part in stat["Metric"]["Dimensions"]})
        assert (one["Threshold"], one["TreatMissingData"]) == (50, "notBreaching")
        assert one["AlarmActions"] == [{"Ref": found.id("AWS::SNS::Topic")}]
        assert "50%" in one["AlarmDescription"]
        assert len(one["AlarmDescription"]) <= 1024
    assert {one.pop("Resource") for one in dimensions} == METERED
    assert all(one == {"Service": "ECR", "Type": "API", "Class": "None"} for one in dimensions)


CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
OWN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_alarms_may_use_the_key_of_the_topic(stack: Stack) -> None:
    """Without it a topic of the app stays silent."""
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    RegistryWatch(stack, topic=topic).alarm_on_usage()
    statements = rendered(stack).one("AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    assert [one["Action"] for one in statements if one["Principal"] == CLOUDWATCH and one["Condition"] == OWN] == [
        ["kms:Decrypt", "kms:GenerateDataKey*"]
    ]


def test_alarms_may_publish_where_the_topic_has_a_policy(stack: Stack) -> None:
    """A policy of the app replaces AWS's, which lets them; a topic without one keeps it."""
    RegistryWatch(stack, topic=sns.Topic(stack, "Topic", enforce_ssl=True)).alarm_on_usage()
    statements = rendered(stack).one("AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert [one["Action"] for one in statements if one["Principal"] == CLOUDWATCH and one["Condition"] == OWN] == [
        "sns:Publish"
    ]


def test_a_topic_without_a_policy_gets_none(stack: Stack) -> None:
    """It would replace the one that AWS gives it, which lets alarms of the account publish."""
    watch(stack).alarm_on_usage()
    assert rendered(stack).all("AWS::SNS::TopicPolicy") == []


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, 80, float("nan"), float("inf")])
def test_a_threshold_that_is_no_part_of_the_quota_is_refused(stack: Stack, threshold: float) -> None:
    """Before any alarm is made; 80 is meant to be 0.8."""
    one = watch(stack)
    with pytest.raises(ValueError, match=r"threshold is .*; allowed: a part of the quota, .*ECR-ACCESS-351"):
        one.alarm_on_usage(threshold=threshold)
    assert rendered(stack).all("AWS::CloudWatch::Alarm") == []


def test_the_whole_quota_is_a_threshold(stack: Stack) -> None:
    """Above it calls are throttled."""
    assert len(watch(stack).alarm_on_usage(threshold=1)) == 8
