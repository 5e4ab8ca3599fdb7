"""One watch for a registry: real 403, 404 and 429 are told to a person, with their causes and fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from cdk_ecr_access.access_check.hosting import Hosting
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.monitoring import patterns
from cdk_ecr_access.monitoring.failed_calls import hear_all_calls
from cdk_ecr_access.monitoring.usage_alarms import UsageAlarms
from cdk_ecr_access.monitoring.watch_function import WatchFunction
from ecr_access.codes import Code
from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs
    from aws_cdk.interfaces.aws_kms import IKeyRef

WATCH_ID = "EcrRegistryWatch"


class RegistryWatch(UsageAlarms, Construct):
    """Tells a person of real failures in a registry, that of the stack's account and Region: make one for it.

    Failed pushes and pulls come from CloudTrail, ECS tasks that could not pull their image from ECS, and failed pulls
    through cache from ECR. Each becomes a sentence with who, what, which repository and when, and the cause and the
    steps of ``ecr-access diagnose``. Equal failures are one line with their number, and a million are a few messages
    an hour.

    It needs a CloudTrail trail that logs management events, in this account and Region; without one, failed
    calls are not heard, and those of ECS and of pulls through cache are. It makes no trail, and no setting makes one.
    CloudTrail's events are best effort and may take 15 minutes; what a VPC endpoint's policy denies is not in them.

    A key of this app that encrypts the topic gets the permissions of the function, and of the alarms. For any other
    key let its policy allow the function's role, and ``cloudwatch.amazonaws.com`` for alarms, ``kms:Decrypt`` and
    ``kms:GenerateDataKey*``.
    """

    @typed
    def __init__(
        self,
        scope: Construct,
        id: str = WATCH_ID,  # noqa: A002 -- the CDK's name for it
        *,
        topic: sns.ITopic,
        every_call: bool | None = None,
        log_retention: logs.RetentionDays | None = None,
        log_encryption_key: IKeyRef | None = None,
    ) -> None:
        """Watch the registry of a stack.

        Renders three rules of EventBridge, two queues, a Lambda function with its role, log group and event source
        mapping.

        Args:
            scope: where in the tree.
            id: unique in the scope. Default: ``"EcrRegistryWatch"``.
            topic: that is told, of this Region.
            every_call: hear the three errors of every API call, those of tools that only look too. Default: False,
                those of the eight API calls of a push and a pull.
            log_retention: how long the function's log is kept. Default: one month.
            log_encryption_key: a key of this Region for the log, whose policy lets CloudWatch Logs use it. Default:
                CloudWatch's own.

        Raises:
            ValueError: if the topic is known to be in another Region, or the stack has a watch already; nothing has
                been built then.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        """
        stack = stack_of(scope)
        if problem := _topic_problem(topic, stack) or _second_problem(f"{scope.node.path}/{id}", _watches(stack)):
            raise Code.WATCH.error(problem)
        super().__init__(scope, id)
        _watches(stack).append(self.node.path)
        self._topic = topic
        key = log_encryption_key.key_ref.key_arn if log_encryption_key else None
        self._told = WatchFunction(self, topic, Hosting(log_retention=log_retention, log_key=key))
        three = (*patterns.DENIED, *patterns.NOT_FOUND, *patterns.THROTTLED)
        calls = self._rule(
            "FailedCalls",
            patterns.failed_calls(three, every_call=bool(every_call)),
            "Calls of ECR that are denied, that find no repository, or are throttled; needs a CloudTrail trail",
        )
        hear_all_calls(calls)
        self._rule("FailedTasks", patterns.failed_tasks(), "Tasks of ECS that could not pull their image from ECR")
        self._rule("FailedCaches", patterns.failed_caches(), "Pulls through cache that failed")

    @property
    def unread_queue(self) -> sqs.Queue:
        """The dead-letter queue: events that are not of a known shape, and those that could not be told."""
        return self._told.kept

    def _rule(self, name: str, pattern: patterns.Pattern, description: str) -> events.Rule:
        target = targets.SqsQueue(self._told.queue)
        event_pattern = events.EventPattern(**pattern)
        return events.Rule(self, name, description=description, event_pattern=event_pattern, targets=[target])


@per_construct
def _watches(_: Stack) -> list[str]:
    return []


def _topic_problem(topic: sns.ITopic, stack: Stack) -> str | None:
    region = topic.env.region
    if not are_different(region, stack.region):
        return None
    return (
        f"topic '{topic.node.path}' is in Region {region}, and the watch in {stack.region}; allowed: a topic of the "
        "watch's Region, because alarms cannot notify another; make a topic there"
    )


def _second_problem(path: str, watches: list[str]) -> str | None:
    if not watches:
        return None
    return (
        f"'{path}' would be the second watch of its stack, beside '{watches[0]}'; allowed: one, because each would "
        "tell every failure of the registry; subscribe to the topic of the first"
    )
