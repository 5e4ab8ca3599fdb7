"""A check that repeats itself: its schedule, and who hears of what it finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnParameter, Duration, NestedStack, Stack, Stage
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_events_targets import SqsQueue

from cdk_ecr_access import AccessCheck, AccessibleRepository
from cdk_ecr_access.access_check import schedule
from ecr_access.check import request
from tests.ecr_access.check.conftest import Context
from tests.reading import ACCOUNT, ENV, REGION, ROLE, rendered

if TYPE_CHECKING:
    from tests.reading import Rendered

SCHEDULE = "AWS::Scheduler::Schedule"
ALARM = "AWS::CloudWatch::Alarm"


@pytest.fixture
def check(stack: Stack, repository: AccessibleRepository) -> AccessCheck:
    """A check of a grant."""
    repository.grant_pull(ROLE)
    return AccessCheck.of(stack)


def event_of(found: Rendered) -> dict[str, Any]:
    """Read what the schedule sends, with a text for each reference."""
    given = found.one(SCHEDULE)["Properties"]["Target"]["Input"]
    parts = given["Fn::Join"][1] if isinstance(given, dict) else [given]
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app"
    text = "".join(part if isinstance(part, str) else arn if "Fn::GetAtt" in part else "team/app" for part in parts)
    event: dict[str, Any] = json.loads(text)
    return event


def test_the_schedule_asks_for_what_the_deployment_proves(stack: Stack, check: AccessCheck) -> None:
    """The function reads the same requirements from its event."""
    check.recheck(every=Duration.minutes(30))
    found = rendered(stack)
    assert found.one(SCHEDULE)["Properties"]["ScheduleExpression"] == "rate(30 minutes)"
    sent = event_of(found)["Recheck"]
    assert sent["Publish"] == stack.stack_name
    read = request.parse({"ResourceProperties": {"Digest": "d", **sent}}, Context())
    of_the_deployment = found.check["Properties"]
    assert sent["Requirements"] == of_the_deployment["Requirements"]
    assert of_the_deployment["Publish"] == stack.stack_name
    assert {one.principal.name for one in read.requirements} == {ROLE}


def test_it_starts_after_the_deployments_own_proof(stack: Stack, check: AccessCheck) -> None:
    """Policies that are half made are not proved."""
    check.recheck()
    found = rendered(stack)
    assert found.id("Custom::EcrAccessCheck") in found.one(SCHEDULE)["DependsOn"]
    assert found.one(SCHEDULE)["Properties"]["ScheduleExpression"] == "rate(60 minutes)"


def test_it_adds_two_resources(stack: Stack, check: AccessCheck) -> None:
    """The schedule, and a role that may invoke this function and nothing else."""
    before = len(rendered(stack).template["Resources"])
    again = Stack(App(), "Again", env=ENV)
    AccessibleRepository(again, "Repository", repository_name="team/app").grant_pull(ROLE)
    AccessCheck.of(again).recheck()
    found = rendered(again)
    assert len(found.template["Resources"]) == before + 2
    role = next(value for key, value in found.template["Resources"].items() if "RecheckRole" in key)
    (policy,) = role["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Action": "lambda:InvokeFunction",
            "Effect": "Allow",
            "Resource": {"Fn::GetAtt": [found.id("AWS::Lambda::Function"), "Arn"]},
        }
    ]
    assert check.node.path


def test_the_function_may_put_these_metrics_and_events_alone(stack: Stack, check: AccessCheck) -> None:
    """By namespace and by bus; a check without a schedule may not."""
    check.recheck()
    put = [one for one in rendered(stack).checks_own if "Condition" in one]
    assert put == [
        {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "EcrAccess"}},
        },
        {
            "Effect": "Allow",
            "Action": "events:PutEvents",
            "Resource": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default",
            "Condition": {"StringEquals": {"events:source": "cdk-ecr-access"}},
        },
    ]


def test_a_check_without_one_is_as_it_was(stack: Stack, check: AccessCheck) -> None:
    """No property, no permission, no schedule."""
    found = rendered(stack)
    assert not found.all(SCHEDULE)
    assert "Publish" not in found.check["Properties"]
    assert "PutMetricData" not in str(found.checks_own)
    assert check.node.path


@pytest.mark.parametrize(("text", "rate"), [("1m", "1 minute"), ("90m", "90 minutes"), ("1d", "1440 minutes")])
def test_the_context_sets_it(text: str, rate: str) -> None:
    """For every check of the app."""
    stack = Stack(App(context={"cdk-ecr-access:recheck": text}), "Stack", env=ENV)
    AccessibleRepository(stack, "Repository", repository_name="team/app").grant_pull(ROLE)
    assert rendered(stack).one(SCHEDULE)["Properties"]["ScheduleExpression"] == f"rate({rate})"


@pytest.mark.parametrize("text", ["0m", "30s", "2d", "1.5h", "hourly", "", 60, True])
def test_a_context_that_is_no_interval_is_refused(text: object) -> None:
    """The error says what is allowed."""
    stack = Stack(App(context={"cdk-ecr-access:recheck": text}), "Stack", env=ENV)
    with pytest.raises(ValueError, match=r"from 1m to 1d, such as 30m or 1h .ECR-ACCESS-308.$"):
        AccessCheck.of(stack)


@pytest.mark.parametrize("every", [Duration.seconds(59), Duration.seconds(90), Duration.days(2)])
def test_an_interval_that_no_schedule_or_alarm_takes_is_refused(check: AccessCheck, every: Duration) -> None:
    """Under a minute, no whole minutes, over a day."""
    with pytest.raises(ValueError, match=r"the interval of the recheck is \d+ seconds; allowed: whole minutes"):
        check.recheck(every=every)


def test_an_interval_that_only_the_deployment_knows_is_refused(stack: Stack, check: AccessCheck) -> None:
    """The alarm's period follows from it."""
    every = Duration.minutes(CfnParameter(stack, "Every", type="Number").value_as_number)
    with pytest.raises(ValueError, match="the interval of the recheck is known only at deployment; allowed: "):
        check.recheck(every=every)


def test_one_interval_a_stack(check: AccessCheck) -> None:
    """The same again is harmless."""
    check.recheck(every=Duration.hours(1))
    check.recheck()
    with pytest.raises(ValueError, match=r"'Stack/EcrAccessCheck' is proved again every 60 minutes already, got 30"):
        check.recheck(every=Duration.minutes(30))


def test_a_stack_with_nothing_to_prove_is_refused(stack: Stack) -> None:
    """A schedule that proves nothing would look like a proof."""
    AccessCheck(stack, recheck=Duration.hours(1))
    with pytest.raises(RuntimeError, match=r"'Stack/EcrAccessCheck' has nothing to prove again; .*ECR-ACCESS-308"):
        rendered(stack)


def test_more_than_a_schedule_takes_is_refused(
    stack: Stack, check: AccessCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how much it is, and the way out."""
    monkeypatch.setattr(schedule, "_LONGEST_INPUT", 300)
    check.recheck()
    with pytest.raises(RuntimeError, match=r"has some \d{3} bytes; allowed: 300, .* in another stack"):
        rendered(stack)


def test_the_size_is_not_underestimated(stack: Stack, check: AccessCheck) -> None:
    """What is written is no more than what is counted."""
    for number in range(30):
        role = iam.Role(stack, f"Role{number}", assumed_by=iam.AccountRootPrincipal())
        AccessibleRepository(stack, f"R{number}", repository_name=f"team/r{number}").grant_pull(role)
    check.recheck()
    found = rendered(stack)
    written = found.one(SCHEDULE)["Properties"]["Target"]["Input"]["Fn::Join"][1]
    longest = sum(len(part) if isinstance(part, str) else 64 for part in written)
    properties = {key: value for key, value in found.check["Properties"].items() if key != "ServiceToken"}
    assert longest <= schedule._size(properties) * 1.1  # noqa: SLF001 -- an estimate


@pytest.mark.parametrize("kind", ["agnostic", "stage", "nested"])
def test_any_stack_can_have_one(kind: str) -> None:
    """Whatever is known of it at synth."""
    app = App()
    scope = Stage(app, "Stage") if kind == "stage" else app
    outer = Stack(scope, "Outer", env=None if kind == "agnostic" else ENV)
    stack = NestedStack(outer, "Nested") if kind == "nested" else outer
    AccessibleRepository(stack, "Repository", repository_name="team/app").grant_pull(ROLE)
    AccessCheck.of(stack).alarm()
    found = rendered(stack)
    assert found.one(SCHEDULE)
    name = found.one(ALARM)["Properties"]["Dimensions"][0]["Value"]
    assert found.check["Properties"]["Publish"] == name


def test_the_alarm_hears_what_is_wrong_and_what_does_not_come(stack: Stack, check: AccessCheck) -> None:
    """Over two intervals, so that a run which comes a little late is no alarm; told once when the state changes."""
    check.recheck(every=Duration.minutes(10))
    check.alarm(topic=sns.Topic(stack, "Topic"))
    found = rendered(stack)
    alarm = found.one(ALARM)
    properties = alarm["Properties"]
    topic = [{"Ref": found.id("AWS::SNS::Topic")}]
    assert {key: properties[key] for key in ("MetricName", "Namespace", "Period", "EvaluationPeriods")} == {
        "MetricName": "NotProved",
        "Namespace": "EcrAccess",
        "Period": 1200,
        "EvaluationPeriods": 1,
    }
    assert properties["TreatMissingData"] == "breaching"
    assert properties["Statistic"] == "Maximum"
    assert properties["AlarmActions"] == properties["OKActions"] == topic
    assert alarm["DependsOn"] == [found.id("Custom::EcrAccessCheck")]


def test_an_alarm_has_the_check_repeat_itself(stack: Stack, check: AccessCheck) -> None:
    """Every hour; without a schedule nothing would ever come."""
    check.alarm()
    assert rendered(stack).one(SCHEDULE)["Properties"]["ScheduleExpression"] == "rate(60 minutes)"


def test_a_topic_of_another_region_is_refused(stack: Stack, check: AccessCheck) -> None:
    """CloudWatch would refuse the alarm."""
    topic = sns.Topic.from_topic_arn(stack, "Topic", f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms")
    with pytest.raises(ValueError, match=f"the topic is of Region us-east-1; allowed: one of {REGION}"):
        check.alarm(topic=topic)
    assert not rendered(stack).all(ALARM)


@pytest.mark.parametrize("name", ["denied", "undetermined", "not_proved"])
def test_the_metrics_are_those_of_the_stack(stack: Stack, check: AccessCheck, name: str) -> None:
    """For alarms and dashboards of one's own."""
    metric = getattr(check, f"metric_{name}")()
    assert metric.metric_name == "".join(word.capitalize() for word in name.split("_"))
    assert metric.namespace == "EcrAccess"
    assert dict(metric.dimensions or {}) == {"Stack": stack.stack_name}


def test_findings_are_events_of_the_stack(stack: Stack, check: AccessCheck) -> None:
    """A rule hands them to a target."""
    check.on_finding("Findings", target=SqsQueue(sqs.Queue(stack, "Queue")))
    rule = rendered(stack).one("AWS::Events::Rule")["Properties"]
    assert rule["EventPattern"] == {
        "source": ["cdk-ecr-access"],
        "detail-type": ["ECR Access Finding"],
        "detail": {"stack": [stack.stack_name]},
    }
    assert len(rule["Targets"]) == 1
