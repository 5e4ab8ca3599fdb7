"""Rules on the failed calls of one repository, which every repository of this library offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.l1 import resource_of
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.monitoring import patterns
from ecr_access.codes import Code
from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from constructs import Construct

    from cdk_ecr_access.grants.grant import Grants


class FailedCalls:
    """Rules of EventBridge on failed calls to push to, or pull from, one repository; a mixin of an ``IRepository``.

    A bus holds 300 rules: for a whole registry make one ``RegistryWatch``, whose message has the cause and the fix.

    Each rule needs a CloudTrail trail that logs management events in this account and Region; none is made here.
    Delivery is best effort and may take minutes. Calls are heard in the account that CloudTrail records them in.
    """

    _grants: Grants

    @typed
    def on_denied(
        self,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        event_pattern: events.EventPattern | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Hear calls on this repository that are denied (403), by an ``AWS::Events::Rule``; needs a trail.

        A denied ``GetAuthorizationToken`` names no repository, and is heard by ``RegistryWatch`` alone. What the
        policy of a VPC endpoint denies is not in CloudTrail.

        Args:
            id: of the rule, unique in the repository.
            target: what is invoked. Default: none; use ``add_target``.
            description: what the rule is for. Default: none.
            event_pattern: what events must match besides. Default: nothing.
            rule_name: its name. Default: CloudFormation makes one.
            cross_stack_scope: where the rule is, if its target is in another stack. Default: in the repository.

        Raises:
            ValueError: if the repository is known to be in another Region than the rule, which would hear nothing.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        """
        return self._on(
            id,
            patterns.DENIED,
            target,
            description=description,
            event_pattern=event_pattern,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    @typed
    def on_not_found(
        self,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        event_pattern: events.EventPattern | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Hear pushes and pulls that do not find this repository (404), by an ``AWS::Events::Rule``; needs a trail.

        A repository that was deleted outside of CloudFormation, or is not made yet. A tag that is missing is no failed
        call: ``BatchGetImage`` succeeds, and tells it in its answer.

        Args:
            id: of the rule, unique in the repository.
            target: what is invoked. Default: none; use ``add_target``.
            description: what the rule is for. Default: none.
            event_pattern: what events must match besides. Default: nothing.
            rule_name: its name. Default: CloudFormation makes one.
            cross_stack_scope: where the rule is, if its target is in another stack. Default: in the repository.

        Raises:
            ValueError: if the repository is known to be in another Region than the rule, which would hear nothing.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        """
        return self._on(
            id,
            patterns.NOT_FOUND,
            target,
            description=description,
            event_pattern=event_pattern,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    @typed
    def on_throttled(
        self,
        id: str,  # noqa: A002 -- the CDK's name for it
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        event_pattern: events.EventPattern | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Hear calls on this repository that are throttled (429), by an ``AWS::Events::Rule``; needs a trail.

        Quotas are of an account and Region, not of a repository: ``RegistryWatch`` hears all of them, and its
        ``alarm_on_usage`` warns before. A throttled ``GetAuthorizationToken`` names no repository.

        Args:
            id: of the rule, unique in the repository.
            target: what is invoked. Default: none; use ``add_target``.
            description: what the rule is for. Default: none.
            event_pattern: what events must match besides. Default: nothing.
            rule_name: its name. Default: CloudFormation makes one.
            cross_stack_scope: where the rule is, if its target is in another stack. Default: in the repository.

        Raises:
            ValueError: if the repository is known to be in another Region than the rule, which would hear nothing.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        """
        return self._on(
            id,
            patterns.THROTTLED,
            target,
            description=description,
            event_pattern=event_pattern,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def _on(
        self,
        id: str,  # noqa: A002 -- the CDK's name for it
        codes: tuple[Any, ...],
        target: events.IRuleTarget | None,
        *,
        cross_stack_scope: Construct | None,
        **options: Any,
    ) -> events.Rule:
        from aws_cdk import aws_events as events  # only where a rule is asked for

        scope = cast("Construct", self)
        registry, name = self._grants.registry, self._grants.name
        region = stack_of(cross_stack_scope or scope).region
        if are_different(registry.region, region):
            raise Code.NOT_HEARD.error(
                f"repository '{scope.node.path}' is in Region {registry.region}, and rule '{id}' would be in {region}, "
                "where CloudTrail tells nothing of its calls; allowed: a rule in the repository's Region; make it in a "
                "stack there, on ExistingRepository.from_repository_name"
            )
        rule = events.Rule(
            scope,
            id,
            targets=[target] if target else None,
            cross_stack_scope=cross_stack_scope,
            **options,
        )
        rule.add_event_pattern(**patterns.failed_calls_of(codes, registry, name))
        hear_all_calls(rule)
        return rule


def hear_all_calls(rule: events.Rule) -> None:
    """Let a rule hear calls that only read, too: the L2 knows no such state."""
    resource = resource_of(rule)
    if resource:
        resource.add_property_override("State", patterns.ALL_CALLS)
