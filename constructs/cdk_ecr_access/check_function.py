"""The access check's Lambda function, its log group, and its role, which may do exactly what the check calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from cdk_ecr_access import acknowledgments, late
from cdk_ecr_access.actions import TOKEN_ACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from constructs import Construct

TIMEOUT: Final = Duration.minutes(5)

_RUNTIME: Final = Path(__file__).parent / "runtime"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_SIMULATE: Final = "iam:SimulatePrincipalPolicy"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
_DESCRIBE: Final = "ecr:DescribeRepositories"
_READ_POLICY: Final = "ecr:GetRepositoryPolicy"


@dataclass(frozen=True)
class Checked:
    """What the function looks at, by ARN.

    With ``existing``, the registry's names are listed too, so that the finding on a missing repository that
    nobody declares here can name its nearest neighbours.
    """

    principals: Iterable[str]
    repositories: Iterable[str]
    existing: bool


@dataclass(frozen=True)
class CheckFunction:
    """The three resources behind the custom resource."""

    function: lambda_.Function
    log_group: logs.LogGroup

    @classmethod
    def make(cls, scope: Construct, *, checked: Callable[[], Checked]) -> CheckFunction:
        """Make function, role and log group; ``checked`` tells at synthesis what the role must be able to see."""
        log_group = logs.LogGroup(
            scope, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        leaf = role.node.default_child
        assert isinstance(leaf, iam.CfnRole)  # noqa: S101 -- a role has one
        # A policy document can be made late; one that was given to the role early might have been read already.
        leaf.policies = late.value(lambda: [_policy(log_group, checked())])
        acknowledgments.of_role(role)
        function = lambda_.Function(
            scope,
            "Function",
            description="Proves that the principals granted access to ECR repositories really have it",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(_RUNTIME), exclude=["**/__pycache__", "*.pyc"]),
            handler="access_check.handler.handle",
            role=role,
            log_group=log_group,
            memory_size=256,
            timeout=TIMEOUT,
        )
        return cls(function, log_group)


def _policy(log_group: logs.LogGroup, checked: Checked) -> dict[str, object]:
    """Allow the function its calls, on the ARNs that it names."""
    statements = [
        iam.PolicyStatement(actions=actions, resources=resources)
        for actions, resources in _calls(log_group, checked)
        if resources
    ]
    return {"policyName": "Check", "policyDocument": iam.PolicyDocument(statements=statements)}


def _calls(log_group: logs.LogGroup, checked: Checked) -> Iterator[tuple[list[str], list[str]]]:
    yield ["logs:CreateLogStream", "logs:PutLogEvents"], [log_group.log_group_arn]
    # The action has no resource type: there is no ARN to name.
    yield [TOKEN_ACTION], ["*"]
    yield [_SIMULATE], sorted(checked.principals)
    yield [_DESCRIBE, _READ_POLICY], sorted(checked.repositories)
    if checked.existing:
        registry = Stack.of(log_group).format_arn(service="ecr", resource="repository", resource_name="*")
        yield [_DESCRIBE], [registry]
