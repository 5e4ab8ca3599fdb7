"""The access check's Lambda function, its log group, and its role, which may do exactly what the check calls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Duration, IgnoreMode, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

import ecr_access
from cdk_ecr_access.access_check import acknowledgments
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.arguments import as_list
from cdk_ecr_access.cdk.stacks import registry_of
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.packing import PolicyBin, PolicyBins
from ecr_access.tokens import plausible_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from cdk_ecr_access.access_check.hosting import Hosting
    from ecr_access.iam.arns import Registry

TIMEOUT: Final = Duration.minutes(5)

_SOURCES: Final = Path(ecr_access.__file__).parents[1]
# In the words of .gitignore: of all that lies beside the package, the kernel and the check, and nothing else.
_ASSET: Final = (
    "/*",
    "!/ecr_access",
    "/ecr_access/*",
    "!/ecr_access/__init__.py",
    "!/ecr_access/tokens.py",
    "!/ecr_access/wording.py",
    "!/ecr_access/codes.py",
    "!/ecr_access/iam",
    "!/ecr_access/check",
    "__pycache__",
)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_SIMULATE: Final = ("iam:SimulatePrincipalPolicy",)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
_LIST: Final = ("ecr:DescribeRepositories",)
_LOOK_UP: Final = (*_LIST, "ecr:GetRepositoryPolicy")
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
_STATUS: Final = ("cloudformation:DescribeStacks",)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
_DESCRIBE_NETWORK: Final = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")
_NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
_LOG: Final = ("logs:CreateLogStream", "logs:PutLogEvents")


class CheckFunction:
    """The function, its role and its log group: the resources behind the custom resource.

    The role may do what is allowed by name, and where that outgrows what IAM puts into one role, a managed policy
    is added, and another: the only resources that a check has beyond its four.
    """

    def __init__(self, scope: Construct, hosted: Hosting) -> None:
        """Make function, role and log group; the role may log, get a token and read the status of its stack."""
        self._scope = scope
        self._pages = PolicyBins()
        self._listed: set[Registry] = set()
        self.policies: list[iam.CfnManagedPolicy] = []
        """The managed policies beyond the role's own."""
        self.log_group = _log_group(scope, hosted)
        self._role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        leaf = self._role.node.default_child
        own = self._pages.pages[0]
        if isinstance(leaf, iam.CfnRole):
            # A policy document can be made late; one that was given to the role early might have been read already.
            leaf.policies = lazy_values.value(lambda: [{"policyName": "Check", "policyDocument": self._written(own)}])
        self._reported = leaf is None
        acknowledgments.of_role(self._role)
        if hosted.in_vpc:
            # Lambda makes the function's network interfaces in its role's name.
            self._allow(_DESCRIBE_NETWORK, "*")
            registry = registry_of(Stack.of(scope))
            interfaces = f"arn:{registry.partition}:ec2:{registry.region}:{registry.account}:*/*"
            self._allow(_NETWORK, interfaces)
            acknowledgments.of_network(self._role, interfaces)
        self.function = lambda_.Function(
            scope,
            "Function",
            description="Proves that the principals granted access to ECR repositories really have it",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(_SOURCES), exclude=[*_ASSET], ignore_mode=IgnoreMode.GIT),
            handler="ecr_access.check.handler.handle",
            role=self._role,
            log_group=self.log_group,
            memory_size=256,
            timeout=TIMEOUT,
            vpc=hosted.vpc,
            vpc_subnets=hosted.vpc_subnets,
            security_groups=_security_groups(scope, hosted),
        )
        if hosted.subnet_ids:
            _put_into(hosted, self.function)
        acknowledgments.of_function(self.function)
        self._allow(_LOG, self.log_group.log_group_arn)
        # Whether CloudFormation is rolling the stack back.
        self._allow(_STATUS, Stack.of(scope).stack_id)
        # The action has no resource type: there is no ARN to name.
        self._allow((TOKEN_ACTION,), "*")

    def may_simulate(self, principal: str) -> None:
        """Allow the simulation of a principal, named by its ARN.

        Raises:
            ValueError: if a role cannot hold more.
        """
        self._allow(_SIMULATE, principal)

    def may_look_up(self, repository: str) -> None:
        """Allow a look at a repository and its policy, named by its ARN.

        Raises:
            ValueError: if a role cannot hold more.
        """
        self._allow(_LOOK_UP, repository)

    def may_list(self, region: str) -> None:
        """Allow the names of a registry, so that the finding on a missing repository can name its neighbours.

        Raises:
            ValueError: if a role cannot hold more.
        """
        registry = replace(registry_of(Stack.of(self._scope)), region=region)
        if registry not in self._listed:
            self._allow(_LIST, registry.repository_arn("*"))
            acknowledgments.of_listing(self._role, registry.repository_arn("*"))
            self._listed.add(registry)

    def _allow(self, actions: tuple[str, ...], resource: str) -> None:
        if self._reported:
            # Made outside of the app, as Role.customize_roles wants it: the CDK reports what it has to be allowed.
            self._role.add_to_policy(iam.PolicyStatement(actions=[*actions], resources=[resource]))
            return
        length = plausible_length(resource)
        page = self._pages.allow(actions, resource, length)
        if page is not None:
            name = f"More{len(self.policies) + 1}"
            document, roles = lazy_values.value(lambda: self._written(page)), [self._role.role_name]
            self.policies.append(iam.CfnManagedPolicy(self._scope, name, policy_document=document, roles=roles))

    def _written(self, page: PolicyBin) -> dict[str, Any]:
        return page.document(lambda resources: list(Stack.of(self._scope).resolve(resources)))


def _log_group(scope: Construct, hosted: Hosting) -> logs.LogGroup:
    """Make the log group; its days and its key may be texts, which the L2 does not take."""
    group = logs.LogGroup(scope, "Logs", retention=hosted.log_retention, removal_policy=RemovalPolicy.DESTROY)
    leaf = group.node.default_child
    if isinstance(leaf, logs.CfnLogGroup):
        if hosted.log_retention is None:
            leaf.retention_in_days = hosted.log_days
        leaf.kms_key_id = hosted.log_key
    return group


def _security_groups(scope: Construct, hosted: Hosting) -> Sequence[ec2.ISecurityGroup] | None:
    """Return the security groups of a function in a VPC; the default one lets it out to AWS and nothing in."""
    if hosted.vpc is None or hosted.security_groups is not None:
        return as_list(hosted.security_groups)
    from aws_cdk import aws_ec2 as ec2  # the CDK's largest module, for checks in a VPC alone

    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=hosted.vpc, allow_all_outbound=False, description="The ECR access check"
    )
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "the endpoints of AWS")
    return [group]


def _put_into(hosted: Hosting, function: lambda_.Function) -> None:
    """Run a function in subnets that are named by their ids."""
    leaf = function.node.default_child
    if isinstance(leaf, lambda_.CfnFunction):
        leaf.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=[*hosted.subnet_ids], security_group_ids=[*hosted.security_group_ids]
        )
