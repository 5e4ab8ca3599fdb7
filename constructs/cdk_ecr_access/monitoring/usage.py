"""The calls to ECR of an account in a Region, against their quotas.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
"""

from __future__ import annotations

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

APIS: Final = (
    "GetAuthorizationToken",
    "BatchCheckLayerAvailability",
    "InitiateLayerUpload",
    "UploadLayerPart",
    "CompleteLayerUpload",
    "PutImage",
    "BatchGetImage",
    "GetDownloadUrlForLayer",
)
"""The calls whose use AWS publishes against their quotas: those of signing in, pushing and pulling."""


def share_of_quota(api: str) -> cloudwatch.MathExpression:
    """Return how much of its quota a call uses, in percent, minute by minute.

    It is AWS's own expression, with AWS's own period and statistic.

    Args:
        api: one of ``APIS``.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
    """
    name = f"calls{APIS.index(api)}"
    calls = cloudwatch.Metric(
        namespace="AWS/Usage",
        metric_name="CallCount",
        dimensions_map={"Service": "ECR", "Type": "API", "Resource": api},
        statistic="Sum",
        period=Duration.minutes(1),
    )
    return cloudwatch.MathExpression(
        expression=f"{name}/SERVICE_QUOTA({name})*100",
        using_metrics={name: calls},
        label=api,
        period=Duration.minutes(1),
    )
