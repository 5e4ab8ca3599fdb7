"""A Lambda function of this library, and its log group, as the check and the watch have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import RemovalPolicy, Token
from constructs import Construct

from cdk_ecr_access.cdk.l1 import made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import CfnResource
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_s3_assets as s3_assets

    from cdk_ecr_access.access_check.hosting import Hosting

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
LOG_ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")

_FOR_EVER: Final = 9999
"""What the CDK takes for no retention."""


def python_function(
    place: Construct, code: s3_assets.Asset, properties: Mapping[str, Any], *, role: iam.Role, log: CfnResource
) -> CfnResource:
    """Make a function of our code.

    Args:
        place: whose only resource it is, besides the code.
        code: what it runs.
        properties: what else it has, as ``aws_lambda.CfnFunction`` names it in JavaScript.
        role: what it runs under; the function is made after its policies.
        log: its log group.
    """
    function = made(
        "aws_lambda.CfnFunction",
        place,
        {
            "runtime": "python3.14",
            "architectures": ["arm64"],
            "code": {"s3Bucket": code.s3_bucket_name, "s3Key": code.s3_object_key},
            "role": role.role_arn,
            "loggingConfig": {"logGroup": log.ref},
            **properties,
        },
    )
    function.node.add_dependency(role)
    # For the SAM CLI, which runs the function from the copy.
    code.add_resource_metadata(function, "Code")
    return function


def log_group(scope: Construct, hosted: Hosting) -> CfnResource:
    """Make the log group of a function, which goes with it."""
    days = hosted.log_days
    if hosted.log_retention is not None:
        # The CDK's own number of an enumeration's member, known in its process alone.
        days = int(Token.as_number(hosted.log_retention))
    kept = {} if days == _FOR_EVER else {"retentionInDays": days}
    key = {"kmsKeyId": hosted.log_key} if hosted.log_key else {}
    group = made("aws_logs.CfnLogGroup", Construct(scope, "Logs"), {**kept, **key})
    group.apply_removal_policy(RemovalPolicy.DESTROY)
    return group
