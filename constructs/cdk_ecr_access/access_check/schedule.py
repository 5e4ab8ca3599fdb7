"""The schedule that has an access check repeat itself.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_ecr_access.access_check import acknowledgments
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import made
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from ecr_access.check.recheck import terms
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import CfnResource

RECHECK_ID: Final = "Recheck"

_LONGEST_INPUT: Final = 256 * 1024
"""Bytes of a schedule's input."""

_UNRESOLVED: Final = 100
"""Bytes that a reference is taken for, which the deployment replaces by an ARN."""

# What only a deployment needs.
_LEFT_OUT: Final = ("Digest", "Retained", "ReportOnly", "AllowUndetermined")


class Schedule(Construct):
    """Invokes the check's function again and again with what it has to prove.

    Renders an ``AWS::Scheduler::Schedule`` and its role, which may invoke the function, and nothing else.
    """

    def __init__(self, check: Construct, function_arn: str, minutes: int, properties: Mapping[str, Any]) -> None:
        """Make the schedule, which starts once the check of the deployment has passed.

        Args:
            check: the check, whose resource is its child ``Resource``.
            function_arn: its function.
            minutes: the interval, from 1 to 1,440.
            properties: those of the custom resource.
        """
        super().__init__(check, RECHECK_ID)
        self.minutes = minutes
        self._stack = stack_of(check)
        self._properties = {key: value for key, value in properties.items() if key not in _LEFT_OUT}
        registry = registry_of(self._stack)
        groups = f"arn:{registry.partition}:scheduler:{registry.region}:{registry.account}:schedule-group/default"
        role = iam.Role(
            self,
            "Role",
            # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": registry.account},
                    "ArnEquals": {"aws:SourceArn": groups},
                },
            ),
            inline_policies={
                "Invoke": iam.PolicyDocument(
                    statements=[iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function_arn])]
                )
            },
        )
        acknowledgments.of_inline_policy(role)
        self._schedule(role, function_arn).node.add_dependency(check.node.find_child("Resource"))
        self.node.add_validation(lazy_values.Validation(self._errors))

    def _schedule(self, role: iam.Role, function_arn: str) -> CfnResource:
        unit = "minute" if self.minutes == 1 else "minutes"
        return made(
            "aws_scheduler.CfnSchedule",
            Construct(self, "Schedule"),
            {
                "description": "Proves again that the principals granted access to ECR repositories still have it",
                "scheduleExpression": f"rate({self.minutes} {unit})",
                "flexibleTimeWindow": {"mode": "OFF"},
                "target": {
                    "arn": function_arn,
                    "roleArn": role.role_arn,
                    "input": self._stack.to_json_string({terms.RECHECK: self._properties}),
                    # One that is late is overtaken by the next.
                    "retryPolicy": {"maximumRetryAttempts": 2, "maximumEventAgeInSeconds": self.minutes * 60},
                },
            },
        )

    def _errors(self) -> list[str]:
        """Find what is wrong with what is to be proved, once everything is declared."""
        given: dict[str, Any] = dict(self._stack.resolve(self._properties))
        if not any(given.get(name) for name in ("Requirements", "NotDenied", "Existing", "Declared", "Images")):
            nothing = (
                f"'{self.node.scope.node.path if self.node.scope else ''}' has nothing to prove again; "  # always one
                "grant access or require it in this stack, or leave the recheck out"
            )
            return [Code.RECHECK.ends(nothing)]
        size = _size(given)
        if size > _LONGEST_INPUT:
            too_much = (
                f"what the recheck has to prove has some {size:,} bytes; allowed: {_LONGEST_INPUT:,}, an input of "
                "EventBridge Scheduler; declare some of the repositories or principals in another stack"
            )
            return [Code.RECHECK.ends(too_much)]
        return []


def _size(value: object) -> int:
    """Estimate the bytes of what is resolved, as JSON inside of JSON, references as what they will be at most."""
    match value:
        case {"Fn::GetAtt": _} | {"Ref": _} | {"Fn::ImportValue": _}:
            return _UNRESOLVED
        case {"Fn::Join": [_, list(parts)]}:
            return sum(map(_size, parts))
        case dict():
            return sum(len(key) + len('"":,') + _size(one) for key, one in value.items()) + len("{}")
        case list():
            return sum(_size(one) + 1 for one in value) + len("[]")
    return len(json.dumps(value, separators=(",", ":")).encode())
