"""The access check's Lambda function, its log group, and its role, which may do exactly what the check calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Aws, CfnCondition, Fn
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_ecr_access.access_check import acknowledgments
from cdk_ecr_access.access_check.code_asset import CHECK, code_of
from cdk_ecr_access.access_check.lambda_function import LOG_ACTIONS, log_group, python_function
from cdk_ecr_access.access_check.network import vpc_config
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import arn_of, resource_of
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from ecr_access.check.recheck import terms
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.arns import account_of, is_account_id
from ecr_access.iam.packing import Only, PolicyBin, PolicyBins
from ecr_access.tokens import is_token, plausible_length

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import CfnResource

    from cdk_ecr_access.access_check.hosting import Hosting
    from ecr_access.iam.arns import Registry

TIMEOUT_SECONDS: Final = 300

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_SIMULATE: Final = ("iam:SimulatePrincipalPolicy",)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
_LIST: Final = ("ecr:DescribeRepositories",)
_LOOK_UP: Final = (*_LIST, "ecr:GetRepositoryPolicy")
_IMAGES: Final = ("ecr:DescribeImages",)
_MANIFEST: Final = ("ecr:BatchGetImage",)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
_STATUS: Final = ("cloudformation:DescribeStacks",)
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
_DESCRIBE_NETWORK: Final = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")
_NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
_METRICS: Final = ("cloudwatch:PutMetricData",)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
_EVENTS: Final = ("events:PutEvents",)


class CheckFunction:
    """The function, its role and its log group: the resources behind the custom resource.

    The role may do what is allowed by name, and where that outgrows what IAM puts into one role, a managed policy
    is added, and another: the only resources that a check has beyond its four.
    """

    def __init__(self, scope: Construct, hosted: Hosting) -> None:
        """Make function, role and log group; the role may log, get a token and read the status of its stack."""
        self._scope = scope
        self._stack = stack_of(scope)
        self._pages = PolicyBins()
        self._listed: set[Registry] = set()
        self._of_images: dict[str, set[str]] = {}
        self._before_written: Callable[[], None] = lambda: None
        self.policies: list[iam.CfnManagedPolicy] = []
        """The managed policies beyond the role's own."""
        self.log_group = log_group(scope, hosted)
        self._role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        leaf = resource_of(self._role)
        own = self._pages.own
        if isinstance(leaf, iam.CfnRole):
            # A policy document can be made late; one that was given to the role early might have been read already.
            leaf.policies = lazy_values.value(lambda: [{"policyName": "Check", "policyDocument": self._written(own)}])
        self._reported = leaf is None
        acknowledgments.of_role(self._role)
        if hosted.in_vpc:
            # Lambda makes the function's network interfaces in its role's name.
            self._allow(_DESCRIBE_NETWORK, "*")
            registry = registry_of(self._stack)
            interfaces = f"arn:{registry.partition}:ec2:{registry.region}:{registry.account}:*/*"
            self._allow(_NETWORK, interfaces)
            acknowledgments.of_network(self._role, interfaces)
        self.arn = arn_of(self._function(hosted))
        self._allow(LOG_ACTIONS, arn_of(self.log_group))
        # Whether CloudFormation is rolling the stack back.
        self._allow(_STATUS, self._stack.stack_id)
        # The action has no resource type: there is no ARN to name.
        self._allow((TOKEN_ACTION,), "*")

    def _function(self, hosted: Hosting) -> CfnResource:
        place = Construct(self._scope, "Function")
        code = code_of(place, CHECK)
        network = vpc_config(self._scope, place, hosted)
        function = python_function(
            place,
            code,
            {
                "description": "Proves that the principals granted access to ECR repositories really have it",
                "handler": "ecr_access.check.handler.handle",
                "memorySize": 256,
                "timeout": TIMEOUT_SECONDS,
                **({"vpcConfig": network} if network else {}),
            },
            role=self._role,
            log=self.log_group,
        )
        acknowledgments.of_function(place)
        return function

    def may_simulate(self, principal: str) -> None:
        """Allow the simulation of a principal, named by its ARN.

        Raises:
            ValueError: if a role cannot hold more.
        """
        # Of a stack whose account only the deployment knows: a role of another account is not simulated there.
        account = account_of(principal) if is_token(registry_of(self._stack).account) else ""
        self._allow(_SIMULATE, principal, account=account if is_account_id(account) else "")

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
        registry = replace(registry_of(self._stack), region=region)
        if registry not in self._listed:
            self._allow(_LIST, registry.repository_arn("*"))
            acknowledgments.of_listing(self._role, registry.repository_arn("*"))
            self._listed.add(registry)

    def may_look_at_images(self, repository: str, *, foreign: bool, manifests: bool) -> None:
        """Allow a look at the images of a repository, named by its ARN.

        Args:
            repository: the ARN.
            foreign: whether it is another account's, whose policy usually lets a puller in and no reader.
            manifests: whether an image's variants have to be known, which its manifest alone lists.

        Raises:
            ValueError: if a role cannot hold more.
        """
        allowed = self._of_images.setdefault(repository, set())
        needed = (*(() if foreign else _IMAGES), *(_MANIFEST if foreign or manifests else ()))
        for action in needed:
            if action not in allowed:
                allowed.add(action)
                self._allow((action,), repository)

    def when_written(self, do: Callable[[], None]) -> None:
        """Do something before the role's policy is rendered, when more may still be allowed."""
        self._before_written = do

    def may_publish(self) -> None:
        """Allow the metrics and the events of a recheck: these of ours, and no others."""
        registry = registry_of(self._stack)
        bus = f"arn:{registry.partition}:events:{registry.region}:{registry.account}:event-bus/default"
        # The action has no resource type: there is no ARN to name.
        self._allow(_METRICS, "*", only=(("cloudwatch:namespace", terms.NAMESPACE),))
        self._allow(_EVENTS, bus, only=(("events:source", terms.SOURCE),))

    def _allow(self, actions: tuple[str, ...], resource: str, *, account: str = "", only: Only = ()) -> None:
        if self._reported:
            # Made outside of the app, as Role.customize_roles wants it: the CDK reports what it has to be allowed.
            conditions = {"StringEquals": dict(only)} if only else None
            self._role.add_to_policy(
                iam.PolicyStatement(actions=[*actions], resources=[resource], conditions=conditions)
            )
            return
        page = self._pages.allow(actions, resource, plausible_length(resource), account=account, only=only)
        if page is not None:
            name = f"More{len(self.policies) + 1}"
            document, roles = lazy_values.value(lambda: self._written(page)), [self._role.role_name]
            policy = iam.CfnManagedPolicy(self._scope, name, policy_document=document, roles=roles)
            if account:
                policy.cfn_options.condition = self._only_in(account)
            self.policies.append(policy)

    def _only_in(self, account: str) -> CfnCondition:
        """Return the condition that the stack is in an account, which the deployment alone knows."""
        id_ = f"Account{account}"
        found = self._scope.node.try_find_child(id_)
        if isinstance(found, CfnCondition):
            return found
        return CfnCondition(self._scope, id_, expression=Fn.condition_equals(Aws.ACCOUNT_ID, account))

    def _written(self, page: PolicyBin) -> dict[str, Any]:
        self._before_written()
        return page.document(self._resolved)

    def _resolved(self, resources: list[str]) -> list[Any]:
        return list(self._stack.resolve(resources)) if any(map(is_token, resources)) else resources
