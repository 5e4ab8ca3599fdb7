"""One watch for a registry: what it renders, what its function may do, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from cfnlint.api import lint

import ecr_access
from cdk_ecr_access import AccessCheck, RegistryWatch
from cdk_ecr_access.monitoring.patterns import ALL_CALLS, OPERATIONS
from cdk_ecr_access.testing import snapshot_of
from tests.cdk_ecr_access.test_nag import findings
from tests.cdk_ecr_access.test_template_lint import ANSWERED
from tests.reading import ACCOUNT, ENV, REGION, Rendered, rendered

if TYPE_CHECKING:
    from constructs import Construct
    from syrupy.assertion import SnapshotAssertion


def watched(stack: Stack, **settings: Any) -> Rendered:
    """A stack with a watch."""
    RegistryWatch(stack, topic=sns.Topic(stack, "Topic", enforce_ssl=True), **settings)
    return rendered(stack)


def allowed(found: Rendered) -> dict[str, Any]:
    """What the role may do: the resources by the actions."""
    statements = found.one("AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    assert all(one["Effect"] == "Allow" and one.keys() == {"Effect", "Action", "Resource"} for one in statements)
    return {str(one["Action"]): one["Resource"] for one in statements}


def id_of(found: Rendered, part: str, type_: str) -> str:
    """The logical id of the resource of a type whose id has a part."""
    resources = found.template["Resources"].items()
    (one,) = [key for key, value in resources if value["Type"] == type_ and part in key]
    return str(one)


def test_the_function_may_receive_publish_and_log_and_nothing_else(stack: Stack) -> None:
    """Each on the one resource that it is about, and never on ``*``."""
    found = watched(stack)
    queue = {"Fn::GetAtt": [id_of(found, "Queue", "AWS::SQS::Queue"), "Arn"]}
    assert allowed(found) == {
        str(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]): queue,
        str(["logs:CreateLogStream", "logs:PutLogEvents"]): {"Fn::GetAtt": [found.id("AWS::Logs::LogGroup"), "Arn"]},
        "sns:Publish": {"Ref": found.id("AWS::SNS::Topic")},
    }


def test_a_topic_with_a_key_of_the_app_gets_its_permissions(stack: Stack) -> None:
    """On the key alone."""
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    RegistryWatch(stack, topic=topic)
    found = rendered(stack)
    assert allowed(found)[str(["kms:Decrypt", "kms:GenerateDataKey*"])] == {
        "Fn::GetAtt": [found.id("AWS::KMS::Key"), "Arn"]
    }


def test_calls_that_only_read_are_heard_too(stack: Stack) -> None:
    """The state that the L2 does not know; the events of ECS and ECR need none."""
    rules = watched(stack).all("AWS::Events::Rule")
    states = {json.dumps(one["Properties"]["EventPattern"]["detail-type"]): one["Properties"]["State"] for one in rules}
    assert states == {
        '["AWS API Call via CloudTrail"]': ALL_CALLS,
        '["ECS Task State Change"]': "ENABLED",
        '["ECR Pull Through Cache Action"]': "ENABLED",
    }


def test_nothing_else_is_made_and_no_trail(stack: Stack) -> None:
    """What needs a trail says so; none is made, and no bucket for one."""
    types = sorted(one["Type"] for one in watched(stack).template["Resources"].values())
    assert types == sorted(
        [
            *["AWS::Events::Rule"] * 3, *["AWS::SQS::Queue"] * 2, *["AWS::SQS::QueuePolicy"] * 2,
            "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function",
            "AWS::Logs::LogGroup", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy",
        ]
    )  # fmt: skip


def test_template_of_a_watch_with_everything(stack: Stack, template_snapshot: SnapshotAssertion) -> None:
    """The logical ids are a promise: another one would replace the queue, with what it holds."""
    watch = RegistryWatch(
        stack, topic=sns.Topic(stack, "Topic"), every_call=True, log_retention=logs.RetentionDays.INFINITE
    )
    watch.alarm_on_usage()
    assert snapshot_of(stack) == template_snapshot


def test_a_storm_is_bounded_by_the_queue(stack: Stack) -> None:
    """Batches of a thousand, two at once, three attempts, and no reserved concurrency, which small accounts lack."""
    found = watched(stack)
    mapping = found.one("AWS::Lambda::EventSourceMapping")["Properties"]
    assert (mapping["BatchSize"], mapping["MaximumBatchingWindowInSeconds"]) == (1000, 60)
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "ReservedConcurrentExecutions" not in found.one("AWS::Lambda::Function")["Properties"]
    queue = found.template["Resources"][id_of(found, "Queue", "AWS::SQS::Queue")]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 3
    assert queue["VisibilityTimeout"] >= 6 * found.one("AWS::Lambda::Function")["Properties"]["Timeout"]


def test_every_call_is_heard_where_it_is_asked_for(stack: Stack) -> None:
    """By default, those of a push and a pull."""
    (detail,) = [
        one["Properties"]["EventPattern"]["detail"]
        for one in watched(stack, every_call=True).all("AWS::Events::Rule")
        if one["Properties"]["State"] == ALL_CALLS
    ]
    assert "eventName" not in detail
    assert len(OPERATIONS) == 8


def test_the_log_is_kept_as_it_is_asked_for(stack: Stack) -> None:
    """And encrypted with a key of one's own."""
    key = kms.Key(stack, "LogKey")
    found = watched(stack, log_retention=logs.RetentionDays.ONE_YEAR, log_encryption_key=key)
    group = found.one("AWS::Logs::LogGroup")["Properties"]
    assert group == {"RetentionInDays": 365, "KmsKeyId": {"Fn::GetAtt": [found.id("AWS::KMS::Key"), "Arn"]}}


def test_a_topic_of_another_region_is_refused(stack: Stack) -> None:
    """Before anything is built; alarms cannot notify it."""
    topic = sns.Topic.from_topic_arn(stack, "There", f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts")
    with pytest.raises(ValueError, match=r"topic 'Stack/There' is in Region us-east-1, .*ECR-ACCESS-351"):
        RegistryWatch(stack, topic=topic)
    assert [one.node.id for one in stack.node.children] == ["There"]


@pytest.mark.parametrize("arn", [f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts", f"arn:aws:sns:{REGION}:444455556666:alerts"])
def test_a_topic_that_is_named_is_published_to(stack: Stack, arn: str) -> None:
    """One of another account has a policy of its own, which must let the role publish."""
    RegistryWatch(stack, topic=sns.Topic.from_topic_arn(stack, "Theirs", arn))
    assert allowed(rendered(stack))["sns:Publish"] == arn


def test_a_second_watch_of_a_stack_is_refused(stack: Stack) -> None:
    """Each would tell every failure."""
    topic = sns.Topic(stack, "Topic")
    RegistryWatch(stack, topic=topic)
    with pytest.raises(ValueError, match=r"'Stack/Second' would be the second .* 'Stack/EcrRegistryWatch'.*351"):
        RegistryWatch(stack, "Second", topic=topic)


def test_a_stack_of_any_account_and_region_has_a_watch() -> None:
    """An agnostic stack's topic is of its Region."""
    stack = Stack(App(), "Stack")
    assert watched(stack).all("AWS::Lambda::Function")


def test_cfn_lint_finds_nothing(stack: Stack) -> None:
    """With the alarms, in a Region where everything exists."""
    RegistryWatch(stack, topic=sns.Topic(stack, "Topic")).alarm_on_usage()
    found = [
        f"{match.rule.id} {match.message}"
        for match in lint(json.dumps(rendered(stack).template), regions=[REGION])
        if not any(match.rule.id == rule and place in (match.path or []) for rule, place in ANSWERED)
    ]
    assert found == []


@pytest.mark.parametrize("env", [ENV, None])
def test_cdk_nag_finds_nothing(env: Any) -> None:
    """That is not acknowledged, with its reason; the topic is the app's own."""

    def build(scope: Construct) -> None:
        key = kms.Key(scope, "Key", enable_key_rotation=True)
        topic = sns.Topic(scope, "Topic", enforce_ssl=True, master_key=key)
        RegistryWatch(scope, topic=topic).alarm_on_usage()

    assert findings(build, env=env) == set()


def test_the_function_has_all_that_it_imports_and_no_more(app: App, stack: Stack) -> None:
    """Under the names of the package: the staged copy alone reads a batch, with the standard library."""
    AccessCheck.of(stack)
    watched(stack)
    assembly = Path(app.synth().directory)
    (handler,) = assembly.glob("asset.*/ecr_access/diagnosis/heard/handler.py")
    asset = handler.parents[3]
    staged = {path.relative_to(asset).parts[1] for path in asset.rglob("*.py")}
    assert staged == {"__init__.py", "check", "codes.py", "diagnosis", "ecr", "iam", "tokens.py", "wording.py"}
    assert [one.name for one in sorted((asset / "ecr_access/check").glob("*"))] == ["__init__.py", "log.py"]
    code = "import ecr_access, sys; from ecr_access.diagnosis.heard.handler import handle; print(handle({}, None))"
    ran = subprocess.run(  # noqa: S603 -- Python itself
        [sys.executable, "-S", "-c", code],
        cwd=asset, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "{'batchItemFailures': []}"
    assert str(Path(ecr_access.__file__).parent) not in ran.stdout
