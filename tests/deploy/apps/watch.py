"""An app under test: a watch for the registry, and a queue that stands for the person who is told."""

from __future__ import annotations

from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from cdk_ecr_access import RegistryWatch

app = App()
stack = Stack(app, app.node.get_context("name"))
person = sqs.Queue(stack, "Person")
topic = sns.Topic(stack, "Topic")
topic.add_subscription(subscriptions.SqsSubscription(person))
watch = RegistryWatch(stack, topic=topic)
CfnOutput(stack, "PersonUrl", value=person.queue_url)
CfnOutput(stack, "UnreadUrl", value=watch.unread_queue.queue_url)

app.synth()
