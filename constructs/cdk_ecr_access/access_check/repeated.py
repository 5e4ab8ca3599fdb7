"""The proof repeated after the deployment: its schedule, its metrics, its alarm, and its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Duration
from constructs import Construct

from cdk_ecr_access.access_check.interval import minutes_of
from cdk_ecr_access.access_check.schedule import Schedule
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from ecr_access.check.recheck import terms
from ecr_access.codes import Code
from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_sns as sns

    from cdk_ecr_access.access_check.function import CheckFunction

_HOUR: Final = 60


class RepeatedCheck(Construct):
    """An access check that can repeat itself."""

    _behind: CheckFunction
    _properties: dict[str, Any]
    _schedule: Schedule | None = None

    @typed
    def recheck(self, *, every: Duration | None = None) -> None:
        """Prove again and again, after the deployment, what the deployment has proved.

        EventBridge Scheduler invokes the check's function with what it has to prove. What it finds is in its log, in
        the metrics of the namespace ``EcrAccess``, and an event on the account's default bus for each finding that is
        not allowed, at most fifty a run. No deployment fails. Renders a schedule and its role, and lets the function
        put these metrics and events.

        Args:
            every: the interval, in whole minutes, from a minute to a day. Default: an hour.

        Raises:
            ValueError: if the interval is another, or the check repeats itself already at another one. At synthesis,
                if the stack has nothing to prove, or more than the 256 KB that a schedule's input may have.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
        """
        self._repeat(_HOUR if every is None else minutes_of(every))

    def _repeat(self, minutes: int) -> None:
        if self._schedule and self._schedule.minutes != minutes:
            raise Code.RECHECK.error(
                f"'{self.node.path}' is proved again every {self._schedule.minutes} "
                f"minutes already, got {minutes}; allowed: one interval a stack"
            )
        if not self._schedule:
            self._behind.may_publish()
            self._schedule = Schedule(self, self._behind.arn, minutes, self._properties)

    @typed
    def metric_allowed(self) -> cloudwatch.Metric:
        """Return the number of findings that are allowed, the most of a period of the interval."""
        return self._metric(terms.ALLOWED)

    @typed
    def metric_denied(self) -> cloudwatch.Metric:
        """Return the number of findings that are denied, the most of a period of the interval."""
        return self._metric(terms.DENIED)

    @typed
    def metric_undetermined(self) -> cloudwatch.Metric:
        """Return the number of findings that could not be determined, the most of a period of the interval."""
        return self._metric(terms.UNDETERMINED)

    @typed
    def metric_not_proved(self) -> cloudwatch.Metric:
        """Return the number of findings that are not allowed, denied or undetermined, the most of a period."""
        return self._metric(terms.NOT_PROVED)

    @typed
    def alarm(
        self,
        id: str = "Alarm",  # noqa: A002 -- the CDK's name for it
        *,
        topic: sns.ITopic | None = None,
    ) -> cloudwatch.Alarm:
        """Notify a person when something is not proved any more, and when the proof stops coming.

        Renders an ``AWS::CloudWatch::Alarm`` on ``metric_not_proved``, over two intervals, so that a run which comes a
        little late is no alarm. Missing data are breaching. An alarm notifies when its state changes, and not at each
        run. The check repeats itself every hour, unless ``recheck`` was called before.

        Args:
            id: unique in the check. Default: ``"Alarm"``.
            topic: which is told of the alarm, and that it is over; of this Region. Default: none; add actions to the
                alarm that is returned.

        Raises:
            ValueError: if the topic is of another Region.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
        """
        from aws_cdk import aws_cloudwatch as cloudwatch

        if topic is not None:
            self._refuse_elsewhere(topic)
        minutes, name = self._minutes(), stack_of(self).stack_name
        alarm = cloudwatch.Alarm(
            self,
            id,
            metric=self._metric(terms.NOT_PROVED, periods=2),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_description=(
                f"Access to ECR that stack {name} granted is not proved any more, or its proof, due every {minutes} "
                f"minutes, does not come. ecr-access check --stack {name} shows it."
            ),
        )
        # The deployment's own proof is the first value; without one the alarm would start with what is missing.
        alarm.node.add_dependency(self.node.find_child("Resource"))
        if topic is not None:
            from aws_cdk import aws_cloudwatch_actions as actions

            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))
        return alarm

    @typed
    def on_finding(
        self,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
    ) -> events.Rule:
        """Hand each finding of a recheck that is not allowed to a target: a queue, a function, a topic.

        A finding comes again with each recheck until it is mended, so this is for programs; ``alarm`` is for persons.
        The check repeats itself every hour, unless ``recheck`` was called before.

        Args:
            id: unique in the check.
            target: what gets the events. Default: none; call ``add_target`` of the rule that is returned.
            description: of the rule. Default: none.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
        """
        from aws_cdk import aws_events as events

        self._minutes()
        return events.Rule(
            self,
            id,
            description=description,
            event_pattern=events.EventPattern(
                source=[terms.SOURCE], detail_type=[terms.DETAIL_TYPE], detail={"stack": [stack_of(self).stack_name]}
            ),
            targets=[target] if target else None,
        )

    def _published(self) -> str | None:
        """Return the name that metrics are put under, None where none are."""
        return stack_of(self).stack_name if self._schedule else None

    def _minutes(self) -> int:
        """Return the interval; have the check repeat itself every hour, if it does not yet."""
        if not self._schedule:
            self._repeat(_HOUR)
        return self._schedule.minutes if self._schedule else _HOUR

    def _metric(self, name: str, *, periods: int = 1) -> cloudwatch.Metric:
        from aws_cdk import aws_cloudwatch as cloudwatch

        return cloudwatch.Metric(
            namespace=terms.NAMESPACE,
            metric_name=name,
            dimensions_map={terms.STACK: stack_of(self).stack_name},
            statistic="Maximum",
            period=Duration.minutes(self._minutes() * periods),
        )

    def _refuse_elsewhere(self, topic: sns.ITopic) -> None:
        here = registry_of(stack_of(self)).region
        if are_different(topic.env.region, here):
            raise Code.RECHECK.error(
                f"the topic is of Region {topic.env.region}; allowed: one of {here}, the alarm's own Region"
            )
