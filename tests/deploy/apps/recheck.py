"""An app under test: a check that proves its grant again every minute, and all that hears of it."""

from __future__ import annotations

from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_events_targets import SqsQueue

from cdk_ecr_access import AccessCheck, AccessibleRepository

app = App()
stack = Stack(app, app.node.get_context("name"))
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
AccessibleRepository(stack, "Repository", repository_name="again/app").grant_pull(role)

check = AccessCheck.of(stack)
check.recheck(every=Duration.minutes(1))
found, told = sqs.Queue(stack, "Found"), sqs.Queue(stack, "Told")
check.on_finding("Findings", target=SqsQueue(found))
topic = sns.Topic(stack, "Topic")
topic.add_subscription(subscriptions.SqsSubscription(told, raw_message_delivery=True))
alarm = check.alarm(topic=topic)
for name, value in {
    "RoleName": role.role_name,
    "FoundUrl": found.queue_url,
    "ToldUrl": told.queue_url,
    "AlarmName": alarm.alarm_name,
}.items():
    CfnOutput(stack, name, value=value)

app.synth()
