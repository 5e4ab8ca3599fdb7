"""``node-role-cannot-pull``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.access.node_roles import node_roles
from ecr_access.rules.checks.node_role_cannot_pull import RULE
from ecr_access.rules.checks.puller_not_trusted import RULE as TRUST
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    PARAMETER,
    PULL,
    REGION,
    WEB,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
POLICY = "arn:aws:iam::aws:policy/"
WORKER = [f"{POLICY}AmazonEKSWorkerNodePolicy", f"{POLICY}AmazonEKS_CNI_Policy"]
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
MAY_TOKEN = allow(TOKEN, Resource="*")


def resource(kind: str, **properties: object) -> dict[str, Any]:
    """A resource of Amazon EKS, or beside it."""
    return {"Type": f"AWS::{kind}", "Properties": properties}


NODES = resource("EKS::Nodegroup", NodeRole=ROLE)


def found(made: dict[str, Any], it: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """What is found of a role of nodes."""
    return findings(RULE, app_of({"Role": made, "It": it or NODES, **more}))


def test_a_role_of_nodes_that_may_pull_nothing_is_reported() -> None:
    """With the policy that AWS names for it."""
    name = "AmazonEC2ContainerRegistryPullOnly"
    assert found(role(ManagedPolicyArns=WORKER)) == [
        f"role ci is the NodeRole of It, whose nodes pull by it, but may not {PULL[0]} and {PULL[1]} and {TOKEN} on "  # noqa: ISC004
        f"'*': pods of images of ECR end in ImagePullBackOff; fix: add '{POLICY}{name}' to its ManagedPolicyArns; in "
        f"the CDK, iam.ManagedPolicy.from_aws_managed_policy_name('{name}')"
    ]


PROFILE = resource("IAM::InstanceProfile", Roles=[{"Ref": "Role"}])
PROFILE_ARN, PROFILE_NAME = {"Arn": {"Fn::GetAtt": ["Profile", "Arn"]}}, {"Name": {"Ref": "Profile"}}
OF_CLUSTER = {"Key": {"Fn::Sub": "kubernetes.io/cluster/${Cluster}"}, "Value": "owned", "PropagateAtLaunch": True}
MIXED = {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Launch"}}}}


def launched(profile: object) -> dict[str, Any]:
    """A launch template."""
    return resource("EC2::LaunchTemplate", LaunchTemplateData={"IamInstanceProfile": profile})


@pytest.mark.parametrize(
    ("it", "more"),
    [
        (NODES, {}),
        (resource("EKS::Nodegroup", NodeRole="ci"), {}),
        (resource("EKS::FargateProfile", PodExecutionRoleArn=ROLE), {}),
        (resource("EKS::Cluster", ComputeConfig={"Enabled": True, "NodeRoleArn": ROLE}), {}),
        (resource("EKS::AccessEntry", PrincipalArn=ROLE, Type="EC2_LINUX"), {}),
        (
            resource(
                "AutoScaling::AutoScalingGroup",
                Tags=[OF_CLUSTER],
                LaunchTemplate={"LaunchTemplateId": {"Ref": "Launch"}},
            ),
            {"Launch": launched(PROFILE_ARN), "Profile": PROFILE},
        ),
        (
            resource("AutoScaling::AutoScalingGroup", Tags=[OF_CLUSTER], MixedInstancesPolicy=MIXED),
            {"Launch": launched(PROFILE_NAME), "Profile": PROFILE},
        ),
        (
            resource("AutoScaling::AutoScalingGroup", Tags=[OF_CLUSTER], LaunchConfigurationName={"Ref": "Launch"}),
            {
                "Launch": resource("AutoScaling::LaunchConfiguration", IamInstanceProfile={"Ref": "Profile"}),
                "Profile": PROFILE,
            },
        ),
    ],
)
def test_wherever_it_is_named(it: dict[str, Any], more: dict[str, Any]) -> None:
    """By a node group, for pods on Fargate, of EKS Auto Mode, of Karpenter, of nodes that are not managed."""
    assert len(found(role(ManagedPolicyArns=WORKER), it, **more)) == 1
    assert found(role(ManagedPolicyArns=[f"{POLICY}AmazonEC2ContainerRegistryReadOnly"]), it, **more) == []


def test_pods_on_fargate_have_a_policy_of_their_own() -> None:
    """Once for the role, whatever names it."""
    profile = resource("EKS::FargateProfile", PodExecutionRoleArn=ROLE)
    (one,) = found(role(), profile, Again=profile)
    assert "whose pods pull by it" in one
    assert "AmazonEKSFargatePodExecutionRolePolicy" in one


@pytest.mark.parametrize(
    "made",
    [
        role(MAY_TOKEN, allow(PULL, Resource=WEB)),
        role(MAY_TOKEN, allow("ecr:*", Resource=PARAMETER)),
        role(allow("*", Resource="*")),
        role(allow(PULL, Resource="*")),  # token-missing reports it
        role(MAY_TOKEN, allow("ecr:Batch*", Resource=WEB), allow("ecr:Get*", Resource=WEB)),
        role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        role(allow(PARAMETER, Resource="*")),
        role(PARAMETER),
        role(ManagedPolicyArns=[*WORKER, PARAMETER]),
        role(ManagedPolicyArns=[f"arn:aws:iam::{ACCOUNT}:policy/nodes"]),
        role(
            ManagedPolicyArns=[f"{POLICY}AmazonEC2ContainerRegistryPullOnly"],
            PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
        ),
    ],
)
def test_a_role_that_may_pull_something_or_may_is_not(made: dict[str, Any]) -> None:
    """Which images run is in no template."""
    assert found(made) == []


def test_a_repository_may_let_a_role_in_by_its_own_policy() -> None:
    """Then the role needs no more than the token."""
    trusting = repository(allow(PULL, Principal={"AWS": ROLE}))
    assert found(role(MAY_TOKEN), Web=trusting) == []
    assert len(found(role(MAY_TOKEN), Web=repository())) == 1
    (one,) = found(role(), Web=trusting)
    assert f"but may not {TOKEN} on '*': pods" in one


@pytest.mark.parametrize(
    "it",
    [
        resource("EKS::Nodegroup", NodeRole=PARAMETER),
        resource("EKS::Nodegroup", NodeRole=f"arn:aws:iam::{ACCOUNT}:role/other"),
        resource("EKS::Cluster", RoleArn=ROLE),
        resource("EKS::Cluster", ComputeConfig={"Fn::If": ["A", {"NodeRoleArn": ROLE}, PARAMETER]}),
        resource("EKS::AccessEntry", PrincipalArn=ROLE),
        resource("EKS::AccessEntry", PrincipalArn=ROLE, Type="STANDARD"),
        resource("EKS::AccessEntry", PrincipalArn=ROLE, Type=PARAMETER),
        resource("EKS::AccessEntry", PrincipalArn=ROLE, Type="HYBRID_LINUX"),
        resource("AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": {"Ref": "Launch"}}),
        resource("AutoScaling::AutoScalingGroup", Tags=[OF_CLUSTER], LaunchTemplate={"LaunchTemplateId": PARAMETER}),
    ],
)
def test_a_role_that_is_not_known_to_be_of_nodes_is_not(it: dict[str, Any]) -> None:
    """That of the cluster, of a person, of instances that may be of anything."""
    assert found(role(ManagedPolicyArns=WORKER), it, Launch=launched(PROFILE_ARN), Profile=PROFILE) == []


def test_a_name_may_be_that_of_a_role_of_another_account() -> None:
    """Which is not the one that is declared."""
    here = Template("role.json", {"Resources": {"Role": role()}}, ACCOUNT, REGION)
    there = Template("nodes.json", {"Resources": {"It": resource("EKS::Nodegroup", NodeRole="ci")}}, OTHER, REGION)
    assert findings(RULE, Application([here, there])) == []


def cluster(stack: Stack, **more: Any) -> eks.Cluster:
    """A cluster of the CDK."""
    return eks.Cluster(stack, "Cluster", version=eks.KubernetesVersion.of("1.34"), **more)


def test_the_roles_that_the_cdk_makes_may_pull(app: App, stack: Stack) -> None:
    """Of managed nodes, of nodes that are not, of pods on Fargate."""
    made = cluster(stack, default_capacity_type=eks.DefaultCapacityType.NODEGROUP)
    made.add_fargate_profile("Pods", selectors=[eks.Selector(namespace="default")])
    group = autoscaling.AutoScalingGroup(
        stack,
        "Group",
        vpc=made.vpc,
        instance_type=ec2.InstanceType("m7i.large"),
        machine_image=eks.EksOptimizedImage(kubernetes_version="1.34"),
    )
    made.connect_auto_scaling_group_capacity(group)
    application = synthesized(app)
    assert len([*node_roles(application)]) > 2
    assert findings(RULE, application) == findings(TRUST, application) == []


def test_a_role_that_is_given_to_the_cdk_may_not(app: App, stack: Stack) -> None:
    """It is taken as it is."""
    given = iam.Role(stack, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    made = cluster(stack, default_capacity=0, default_capacity_type=eks.DefaultCapacityType.NODEGROUP)
    made.add_nodegroup_capacity("Group", node_role=given)
    assert len(findings(RULE, synthesized(app))) == 1
