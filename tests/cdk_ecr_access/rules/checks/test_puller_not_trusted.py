"""``puller-not-trusted``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from ecr_access.rules.checks.puller_not_trusted import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    PARAMETER,
    WEB_URI,
    allow,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
ASSUME, TASKS, INSTANCES = "sts:AssumeRole", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"
CONDITION = {"StringEquals": {"aws:SourceAccount": "444455556666"}}
FIX = (
    "; fix: allow sts:AssumeRole to the service {0} in AssumeRolePolicyDocument; in the CDK, "
    "assumed_by=iam.ServicePrincipal('{0}')"
)


def task(execution: object = ROLE) -> dict[str, Any]:
    """A task of ECS, wherever it runs."""
    properties = {"ContainerDefinitions": [{"Image": WEB_URI}] * 2, "ExecutionRoleArn": execution}
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def assumed_by(principal: object, action: object = ASSUME, **more: Any) -> dict[str, Any]:
    """A role, by its trust policy of one statement."""
    return trusting([allow(action, Principal=principal, **more)])


def trusting(statements: object) -> dict[str, Any]:
    """A role, by the statements of its trust policy."""
    return role(AssumeRolePolicyDocument={"Statement": statements})


def found(puller: dict[str, Any], it: dict[str, Any] | None = None) -> list[str]:
    """What is found of a role that pulls."""
    return findings(RULE, app_of({"Role": puller, "It": it or task()}))


def test_an_execution_role_that_trusts_another_service_is_reported() -> None:
    """Once, whatever the number of its images."""
    assert found(assumed_by({"Service": INSTANCES})) == [
        f"role ci is the ExecutionRoleArn of It, but its trust policy names '{INSTANCES}' and not {TASKS}, which pulls "  # noqa: ISC004
        f"'{WEB_URI}' with it: the role cannot be assumed{FIX.format(TASKS)}"
    ]


ECS_JOB = {"ContainerProperties": {"Image": WEB_URI, "ExecutionRoleArn": ROLE}}
BUILD = {"Environment": {"Image": WEB_URI, "ImagePullCredentialsType": "SERVICE_ROLE"}, "ServiceRole": ROLE}
SOURCE = {"AuthenticationConfiguration": {"AccessRoleArn": ROLE}, "ImageRepository": {"ImageIdentifier": WEB_URI}}
AGENT = {"AgentRuntimeArtifact": {"ContainerConfiguration": {"ContainerUri": WEB_URI}}, "RoleArn": ROLE}
MODEL = {"Containers": [{"Image": WEB_URI}], "ExecutionRoleArn": ROLE}
PROCESSING = {"AppSpecification": {"ImageUri": WEB_URI}, "RoleArn": ROLE}
EXPRESS = {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": WEB_URI}}


@pytest.mark.parametrize(
    ("it", "service"),
    [
        (task("ci"), TASKS),
        (task(f"arn:aws:iam::{ACCOUNT}:role/ci"), TASKS),
        ({"Type": "AWS::Batch::JobDefinition", "Properties": ECS_JOB}, TASKS),
        ({"Type": "AWS::ECS::ExpressGatewayService", "Properties": EXPRESS}, TASKS),
        (
            {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": SOURCE}},
            "build.apprunner.amazonaws.com",
        ),
        ({"Type": "AWS::CodeBuild::Project", "Properties": BUILD}, "codebuild.amazonaws.com"),
        ({"Type": "AWS::BedrockAgentCore::Runtime", "Properties": AGENT}, "bedrock-agentcore.amazonaws.com"),
        ({"Type": "AWS::SageMaker::Model", "Properties": MODEL}, "sagemaker.amazonaws.com"),
        ({"Type": "AWS::SageMaker::ProcessingJob", "Properties": PROCESSING}, "sagemaker.amazonaws.com"),
    ],
)
def test_each_service_that_pulls_by_a_role_has_to_be_trusted(it: dict[str, Any], service: str) -> None:
    """By its own principal; App Runner has another for the role of instances."""
    others = {"Service": [INSTANCES, "tasks.apprunner.amazonaws.com", "ecs.amazonaws.com"]}
    (one,) = found(assumed_by(others), it)
    assert one.endswith(FIX.format(service))
    assert found(assumed_by({"Service": [INSTANCES, service]}), it) == []


@pytest.mark.parametrize(
    ("it", "service"),
    [
        ({"Type": "AWS::EKS::Nodegroup", "Properties": {"NodeRole": ROLE}}, INSTANCES),
        ({"Type": "AWS::EKS::Cluster", "Properties": {"ComputeConfig": {"NodeRoleArn": ROLE}}}, INSTANCES),
        ({"Type": "AWS::EKS::AccessEntry", "Properties": {"PrincipalArn": ROLE, "Type": "EC2_LINUX"}}, INSTANCES),
        (
            {"Type": "AWS::EKS::FargateProfile", "Properties": {"PodExecutionRoleArn": ROLE}},
            "eks-fargate-pods.amazonaws.com",
        ),
    ],
)
def test_nodes_and_pods_of_eks_pull_with_a_role_too(it: dict[str, Any], service: str) -> None:
    """Of instances, and of pods on Fargate; EKS refuses the node group or the profile."""
    (one,) = found(assumed_by({"Service": "eks.amazonaws.com"}), it)
    assert one.endswith(FIX.format(service))
    assert found(assumed_by({"Service": ["eks.amazonaws.com", service]}), it) == []
    assert found(assumed_by({"Service": PARAMETER}), it) == []


@pytest.mark.parametrize(
    "puller",
    [
        assumed_by({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        assumed_by({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity"),
        assumed_by({"Service": TASKS}, "sts:TagSession"),
        assumed_by({"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}),
        trusting([allow(ASSUME, "Deny", Principal={"Service": TASKS})]),
        trusting(allow(ASSUME, Principal={"Service": INSTANCES})),
        role(AssumeRolePolicyDocument=json.dumps({"Statement": [allow(ASSUME, Principal={"Service": INSTANCES})]})),
    ],
)
def test_whatever_is_trusted_in_its_place(puller: dict[str, Any]) -> None:
    """An account, an identity provider, no statement that allows it; also of a policy that is written as text."""
    assert len(found(puller)) == 1


@pytest.mark.parametrize(
    "puller",
    [
        assumed_by({"Service": TASKS}),
        assumed_by({"Service": TASKS}, "sts:*"),
        assumed_by({"Service": f"{TASKS}.cn"}),
        assumed_by({"Service": {"Fn::Sub": "ecs-tasks.${AWS::URLSuffix}"}}),
        assumed_by({"Service": TASKS}, Condition=CONDITION),
        assumed_by("*"),
        assumed_by({"AWS": "*"}),
        assumed_by({"Service": PARAMETER}),
        assumed_by({"Service": [INSTANCES, PARAMETER]}),
        assumed_by({"AWS": PARAMETER}),
        assumed_by(PARAMETER),
        assumed_by({"Fn::If": ["A", {"Service": INSTANCES}, {"Service": TASKS}]}),
        assumed_by({"Service": {"Fn::If": ["A", INSTANCES, TASKS]}}),
        assumed_by({"Service": TASKS}, PARAMETER),
        trusting([{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": ASSUME}]),
        trusting([allow(ASSUME, Principal={"Service": INSTANCES}), PARAMETER]),
        trusting([{**allow(ASSUME, Principal={"Service": INSTANCES}), "Effect": PARAMETER}]),
        trusting(PARAMETER),
        role(AssumeRolePolicyDocument=PARAMETER),
        role(AssumeRolePolicyDocument=NOTHING),
        role(),
    ],
)
def test_a_role_that_trusts_it_or_may_is_not(puller: dict[str, Any]) -> None:
    """A part is known only at deployment, or the condition is met there."""
    assert found(puller) == []


@pytest.mark.parametrize("execution", [PARAMETER, f"arn:aws:iam::{ACCOUNT}:role/other", "other", NOTHING])
def test_a_role_that_is_declared_elsewhere_is_not(execution: object) -> None:
    """Nor one that is chosen at deployment."""
    assert found(assumed_by({"Service": INSTANCES}), task(execution)) == []


def test_a_macro_may_change_it() -> None:
    """What it makes of the template is not known."""
    resources = {"Role": assumed_by({"Service": INSTANCES}), "It": task()}
    assert findings(RULE, app_of({"Resources": resources, "Transform": "Ours"})) == []


def test_a_construct_of_the_cdk_trusts_its_service(app: App, stack: Stack) -> None:
    """But a role may be given to it."""
    image = ecs.ContainerImage.from_registry(WEB_URI)
    ecs.FargateTaskDefinition(stack, "Own").add_container("main", image=image)
    assert findings(RULE, synthesized(app)) == []


def test_a_role_that_is_given_to_a_construct_may_not(app: App, stack: Stack) -> None:
    """The CDK does not look at its trust policy."""
    given = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal(INSTANCES))
    definition = ecs.FargateTaskDefinition(stack, "Task", execution_role=given)
    definition.add_container("main", image=ecs.ContainerImage.from_registry(WEB_URI))
    assert len(findings(RULE, synthesized(app))) == 1
