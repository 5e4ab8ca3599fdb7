"""A dashboard of a stack's access: what is proved, the calls against their quotas, and the pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_ecr_access.access_check.construct import AccessCheck
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.monitoring.patterns import OPERATIONS
from cdk_ecr_access.monitoring.usage import share_of_quota
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ecr as ecr

_WIDTH: Final = 24
_MOST: Final = 500
"""Metrics of one graph: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""
_NAMESPACE, _PULLED, _NAME = "AWS/ECR", "RepositoryPullCount", "RepositoryName"
_ALL_PULLS: Final = f"SEARCH('{{{_NAMESPACE},{_NAME}}} MetricName=\"{_PULLED}\"', 'Sum', 86400)"


class AccessDashboard(Construct):
    """Shows what a stack's access check proves, and how the registry is used.

    Renders one ``AWS::CloudWatch::Dashboard``, with what the check of the stack found allowed, denied and undetermined,
    the use of each quota of ECR's calls in the account and Region, and the pulls of repositories a day. The check
    repeats itself every hour, unless ``recheck`` was called before: a dashboard without a recheck would show nothing.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
    """

    @typed
    def __init__(
        self,
        scope: Construct,
        id: str = "EcrAccessDashboard",  # noqa: A002 -- the CDK's name for it
        *,
        dashboard_name: str | None = None,
        repositories: Sequence[ecr.IRepository] | None = None,
    ) -> None:
        """Make the dashboard of the stack that the scope is in.

        Args:
            scope: a stack, or a construct in it.
            id: unique in the scope. Default: ``"EcrAccessDashboard"``.
            dashboard_name: of letters, digits, ``-`` and ``_``. Default: CloudFormation makes one.
            repositories: whose pulls are shown, 500 at most, of this account and Region. Default: all that have been
                pulled in the account and Region; CloudWatch finds them as it draws.

        Raises:
            ValueError: if more than 500 repositories are given.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html
        """
        if repositories is not None and len(repositories) > _MOST:
            raise Code.ARGUMENT.error(
                f"repositories: got {len(repositories)}, allowed are {_MOST}, the metrics of one graph; "
                "leave it out to have CloudWatch find them"
            )
        check = AccessCheck.of(scope)
        super().__init__(scope, id)
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Resource",
            dashboard_name=dashboard_name,
            widgets=[
                [_title(stack_of(self).stack_name)],
                _proof(check),
                [_usage(), _pulls(repositories)],
            ],
        )


def _title(stack: str) -> cloudwatch.IWidget:
    how = f"`ecr-access check --stack {stack}` shows each finding, its cause and its fix."
    return cloudwatch.TextWidget(markdown=f"# Access to ECR: {stack}\n{how}", width=_WIDTH, height=2)


def _proof(check: AccessCheck) -> list[cloudwatch.IWidget]:
    """Show the numbers of the last recheck, and how they were before."""
    metrics = [
        check.metric_denied().with_(label="denied", color=cloudwatch.Color.RED),
        check.metric_undetermined().with_(label="undetermined", color=cloudwatch.Color.ORANGE),
        check.metric_allowed().with_(label="allowed", color=cloudwatch.Color.GREEN),
    ]
    now = cloudwatch.SingleValueWidget(title="The last recheck", metrics=[*metrics], width=6, height=6)
    before = cloudwatch.GraphWidget(
        title="Rechecks: no line where no proof came",
        left=[*metrics],
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=_WIDTH - 6,
        height=6,
    )
    return [now, before]


def _usage() -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title="Calls to ECR in this account and Region, in percent of their quotas",
        left=[share_of_quota(api) for api in OPERATIONS],
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        left_annotations=[cloudwatch.HorizontalAnnotation(value=100, label="ThrottlingException")],
        width=_WIDTH // 2,
        height=8,
    )


def _pulls(repositories: Sequence[ecr.IRepository] | None) -> cloudwatch.IWidget:
    day = Duration.days(1)
    shown: list[cloudwatch.IMetric] = (
        [cloudwatch.MathExpression(expression=_ALL_PULLS, using_metrics={}, label="", period=day)]
        if repositories is None
        else [
            cloudwatch.Metric(
                namespace=_NAMESPACE,
                metric_name=_PULLED,
                dimensions_map={_NAME: one.repository_name},
                statistic="Sum",
                period=day,
            )
            for one in repositories
        ]
    )
    return cloudwatch.GraphWidget(
        title="Pulls a day, by repository",
        left=shown,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=_WIDTH // 2,
        height=8,
    )
