"""The calls to ECR of an account in a Region, against their quotas.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_ecr_access.monitoring.patterns import OPERATIONS


def share_of_quota(api: str) -> cloudwatch.MathExpression:
    """Return how much of its quota a call uses, in percent, minute by minute.

    It is AWS's own expression, with AWS's own period and statistic.

    Args:
        api: one of ``patterns.OPERATIONS``.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
    """
    name = f"calls{OPERATIONS.index(api)}"
    calls = cloudwatch.Metric(
        namespace="AWS/Usage",
        metric_name="CallCount",
        # The page of ECR leaves the class out; that of CloudWatch has it.
        dimensions_map={"Service": "ECR", "Type": "API", "Resource": api, "Class": "None"},
        statistic="Sum",
        period=Duration.minutes(1),
    )
    return cloudwatch.MathExpression(
        expression=f"{name}/SERVICE_QUOTA({name})*100",
        using_metrics={name: calls},
        label=api,
        period=Duration.minutes(1),
    )
