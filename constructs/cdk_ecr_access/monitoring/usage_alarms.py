"""429 before it happens: an alarm on the use of each quota of API calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.monitoring.patterns import OPERATIONS
from ecr_access.codes import Code
from ecr_access.tokens import is_known
from ecr_access.wording import number_shown

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns


class UsageAlarms:
    """Alarms of a ``RegistryWatch`` on the use of quotas; a mixin of a construct."""

    _topic: sns.ITopic

    @typed
    def alarm_on_usage(self, *, threshold: float = 0.8) -> list[cloudwatch.Alarm]:
        """Alarm before calls are throttled: for each of the eight API calls of a push and a pull, on use of its quota.

        Eight alarms (``AWS::CloudWatch::Alarm``) on ``CallCount`` of ``AWS/Usage`` against ``SERVICE_QUOTA``, each
        minute by itself, to the watch's topic. The quota is the one that the account has, raised or not. A minute
        without calls is no alarm. Needs no trail.

        Args:
            threshold: the part of the quota above which an alarm fires: more than 0, and 1 at most.

        Returns:
            The alarms, in the order of the calls' names.

        Raises:
            ValueError: if the threshold is not between 0 and 1; nothing has been built then.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
        """
        if not (is_known(threshold) and 0 < threshold <= 1):
            raise Code.WATCH.error(
                f"threshold is {number_shown(threshold)}; allowed: a part of the quota, more than 0 and 1 at most, "
                "such as 0.8 for 80 %"
            )
        _let_alarms_publish(self._topic)
        return [_alarm(self, one, threshold, self._topic) for one in OPERATIONS]


def _let_alarms_publish(topic: sns.ITopic) -> None:
    """Let CloudWatch publish, where this app has what would keep it from it: the topic's key, or its policy.

    A topic without a policy has AWS's own, which lets alarms of its account publish; one that is added replaces it.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    from aws_cdk import aws_iam as iam

    own = {"StringEquals": {"aws:SourceAccount": stack_of(topic).account}}
    cloudwatch = iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=own)
    if key := getattr(topic, "master_key", None):
        key.grant(cloudwatch, "kms:Decrypt", "kms:GenerateDataKey*")
    if topic.node.try_find_child("Policy"):
        topic.grant_publish(cloudwatch)


def _alarm(scope: object, operation: str, threshold: float, topic: sns.ITopic) -> cloudwatch.Alarm:
    # Imported where alarms are asked for: a repository needs none of it.
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_cloudwatch_actions as actions

    from cdk_ecr_access.monitoring.usage import share_of_quota

    alarm = cloudwatch.Alarm(
        scope,  # type: ignore[arg-type]  # the mixin's construct
        f"UsageOf{operation}",
        metric=share_of_quota(operation),
        threshold=threshold * 100,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=(
            f"ECR: the calls of {operation} use more than {threshold:.0%} of the quota of this account and Region. "
            "Above it, calls fail with 429 (ThrottlingException, toomanyrequests). Share tokens, which last twelve "
            "hours, start fewer tasks at once, or ask for more: aws service-quotas list-service-quotas "
            "--service-code ecr"
        ),
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    return alarm
