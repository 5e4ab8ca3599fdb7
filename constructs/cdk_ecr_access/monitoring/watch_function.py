"""What tells a person of failures: a queue, a function that reads it in batches, its role and its log group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_ecr_access.access_check import acknowledgments
from cdk_ecr_access.access_check.code_asset import code_of
from cdk_ecr_access.access_check.lambda_function import LOG_ACTIONS, log_group, python_function
from cdk_ecr_access.cdk.l1 import arn_of, made

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

    from cdk_ecr_access.access_check.hosting import Hosting

BATCH: Final = 1_000
"""Events in a batch; its 6 MB are some 2,500 events of CloudTrail."""

WINDOW_SECONDS: Final = 60
"""How long a batch is gathered."""

CONCURRENCY: Final = 2
"""How many batches are read at once, the fewest that Lambda takes; reserved concurrency would be the account's."""

ATTEMPTS: Final = 3
TIMEOUT_SECONDS: Final = 60
_DAYS_KEPT: Final = 14

_SHIPPED: Final = (
    "!/ecr_access/ecr",
    "!/ecr_access/diagnosis",
    "!/ecr_access/check",
    "/ecr_access/check/*",
    "!/ecr_access/check/__init__.py",
    "!/ecr_access/check/log.py",
)
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_RECEIVE: Final = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
_KEY: Final = Acknowledgment(
    id="AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
    reason="what SNS asks of a publisher of a topic that is encrypted; the CDK writes it so, on the topic's key alone",
)


class WatchFunction:
    """The queue and what reads it; events that cannot be read, or told, are kept in the dead-letter queue."""

    def __init__(self, scope: Construct, topic: sns.ITopic, hosted: Hosting) -> None:
        """Make them; the role may receive from the queue, publish to the topic and log, and nothing else."""
        self.kept = sqs.Queue(
            scope,
            "Unread",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(_DAYS_KEPT),
        )
        self.queue = sqs.Queue(
            scope,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            # Six times the function's, as Lambda's page has it.
            visibility_timeout=Duration.seconds(6 * TIMEOUT_SECONDS),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.kept, max_receive_count=ATTEMPTS),
        )
        self.log_group = log_group(scope, hosted)
        role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        for actions, resource in ((_RECEIVE, self.queue.queue_arn), (LOG_ACTIONS, arn_of(self.log_group))):
            role.add_to_policy(iam.PolicyStatement(actions=[*actions], resources=[resource]))
        # The key of the topic, too, if the app has it.
        topic.grant_publish(role)
        acknowledgments.of_role(role)
        Validations.of(role).acknowledge(_KEY)
        self._function(scope, topic, role)

    def _function(self, scope: Construct, topic: sns.ITopic, role: iam.Role) -> None:
        place = Construct(scope, "Function")
        function = python_function(
            place,
            code_of(place, _SHIPPED),
            {
                "description": "Tells failed calls of ECR in sentences, with their causes and fixes",
                "handler": "ecr_access.diagnosis.heard.handler.handle",
                "environment": {"variables": {"TOPIC_ARN": topic.topic_arn}},
                "memorySize": 512,
                "timeout": TIMEOUT_SECONDS,
            },
            role=role,
            log=self.log_group,
        )
        acknowledgments.of_function(place)
        mapping = made(
            "aws_lambda.CfnEventSourceMapping",
            Construct(scope, "Batches"),
            {
                "functionName": function.ref,
                "eventSourceArn": self.queue.queue_arn,
                "batchSize": BATCH,
                "maximumBatchingWindowInSeconds": WINDOW_SECONDS,
                "scalingConfig": {"maximumConcurrency": CONCURRENCY},
                "functionResponseTypes": ["ReportBatchItemFailures"],
            },
        )
        mapping.node.add_dependency(role)
