"""Apps that use Amazon ECR as it is meant, in ways that look wrong to who reads one template, get no error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from aws_cdk import (
    App,
    CfnParameter,
    DefaultStackSynthesizer,
    Environment,
    LegacyStackSynthesizer,
    NestedStack,
    Stack,
    Validations,
)
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import EcrAccessRules
from tests.reading import ACCOUNT, ENV, OTHER, PULL, REGION, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

THERE: Final = Environment(account=OTHER, region=REGION)
TASKS: Final = iam.ServicePrincipal("ecs-tasks.amazonaws.com")


def pulling(*resources: str) -> iam.PolicyStatement:
    """May pull."""
    return iam.PolicyStatement(actions=PULL, resources=[*resources] or ["*"])


def signing_in() -> iam.PolicyStatement:
    """May get a token."""
    return iam.PolicyStatement(actions=[TOKEN], resources=["*"])


def run(stack: Stack, repository: ecr.IRepository, id_: str = "Task") -> None:
    """A task that runs an image."""
    image = ecs.ContainerImage.from_ecr_repository(repository, "1.0")
    ecs.FargateTaskDefinition(stack, id_).add_container("main", image=image)


def token_by_group_and_managed_policy(app: App) -> None:
    """The token is in a policy that a role and a group share, and the user is in the group."""
    stack = Stack(app, "Stack", env=ENV)
    role, user, group = iam.Role(stack, "Role", assumed_by=TASKS), iam.User(stack, "User"), iam.Group(stack, "Group")
    iam.ManagedPolicy(stack, "Token", statements=[signing_in()], roles=[role], groups=[group])
    user.add_to_group(group)
    iam.Policy(stack, "Pull", statements=[pulling()], roles=[role], users=[user])


def role_of_the_same_name_elsewhere(app: App) -> None:
    """The policy is attached to a role of another account, of which only the name is the same."""
    iam.Role(Stack(app, "Stack", env=ENV), "Role", role_name="ci", assumed_by=TASKS)
    other = Stack(app, "Other", env=THERE)
    iam.Role.from_role_name(other, "Role", "ci").add_to_principal_policy(pulling())


def all_but_some(app: App) -> None:
    """NotAction and NotResource allow the token, or nothing of Amazon ECR."""
    stack = Stack(app, "Stack", env=ENV)
    one, two = (iam.Role(stack, name, assumed_by=TASKS) for name in ("One", "Two"))
    one.add_to_policy(iam.PolicyStatement(not_actions=["iam:*"], resources=["*"]))
    one.add_to_policy(iam.PolicyStatement(actions=PULL, not_resources=["arn:aws:ecr:*:*:repository/secret"]))
    two.add_to_policy(iam.PolicyStatement(not_actions=["s3:DeleteBucket"], resources=["arn:aws:s3:::bucket/*"]))


def looked_up_by_cloudformation(app: App) -> None:
    """Names of a repository and of a role are dynamic references."""
    stack = Stack(app, "Stack", env=ENV)
    run(stack, ecr.Repository.from_repository_name(stack, "Repository", "{{resolve:ssm:/repository}}"))
    iam.Role(stack, "Role", role_name="ci", assumed_by=TASKS).add_to_policy(pulling())
    document = {"Statement": [{"Effect": "Allow", "Action": TOKEN, "Resource": "*"}]}
    iam.CfnPolicy(stack, "Token", policy_name="token", policy_document=document, roles=["{{resolve:ssm:/role}}"])


def assets(app: App) -> None:
    """Images that the CDK publishes, to a repository of one's own choice and to that of long ago."""
    folder = Path(app.outdir, "image")
    folder.mkdir(parents=True)
    folder.joinpath("Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    synthesizers = {
        "Own": DefaultStackSynthesizer(image_assets_repository_name="team-images"),
        "Qualified": DefaultStackSynthesizer(qualifier="team"),
        "Legacy": LegacyStackSynthesizer(),
    }
    for name, synthesizer in synthesizers.items():
        stack = Stack(app, name, env=ENV, synthesizer=synthesizer)
        lambda_.DockerImageFunction(stack, "Function", code=lambda_.DockerImageCode.from_image_asset(str(folder)))


def cached_by_a_rule_of_another_app(app: App) -> None:
    """The rules of a cache are the registry's, and here another app declares them."""
    stack = Stack(app, "Stack", env=ENV)
    run(stack, ecr.Repository.from_repository_name(stack, "Nginx", "docker-hub/library/nginx"))


def of_another_account_by_the_same_name(app: App) -> None:
    """A repository of a third account that the app grants, and an image of AWS."""
    stack = Stack(app, "Stack", env=ENV)
    for name in ("web", "pytorch-training", "aws-for-fluent-bit"):
        ecr.Repository(stack, name, repository_name=name)
    other = Stack(app, "Other", env=THERE)
    arn = f"arn:aws:ecr:{REGION}:999988887777:repository/web"
    run(other, ecr.Repository.from_repository_arn(other, "Web", arn))
    for name, account in (("pytorch-training", "763104351884"), ("aws-for-fluent-bit", "906394416424")):
        image = f"{account}.dkr.ecr.{REGION}.amazonaws.com/{name}:2.9"
        lambda_.CfnFunction(other, name, role="arn:aws:iam::1:role/x", code={"imageUri": image})


def public_except_strangers(app: App) -> None:
    """Every principal is allowed, and every principal outside the organization is denied."""
    repository = ecr.Repository(Stack(app, "Stack", env=ENV), "Repository")
    star = iam.AnyPrincipal()
    repository.add_to_resource_policy(iam.PolicyStatement(principals=[star], actions=PULL))
    strangers = {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    denied = iam.PolicyStatement(effect=iam.Effect.DENY, principals=[star], actions=["ecr:*"], conditions=strangers)
    repository.add_to_resource_policy(denied)


def deployer_of_functions(app: App) -> None:
    """Lambda demands that who creates a function may read its image; it pulls by itself."""
    role = iam.Role(
        Stack(app, "Stack", env=ENV), "Role", assumed_by=iam.ServicePrincipal("cloudformation.amazonaws.com")
    )
    role.add_to_policy(iam.PolicyStatement(actions=["lambda:CreateFunction", "iam:PassRole"], resources=["*"]))
    role.add_to_policy(pulling(f"arn:aws:ecr:{REGION}:{OTHER}:repository/function"))


def nested(app: App) -> None:
    """Repositories, policies and images are handed into nested stacks and out of them."""
    stack = Stack(app, "Stack", env=ENV)
    inner = NestedStack(stack, "Inner", parameters={"Name": "web"})
    name = CfnParameter(inner, "Name").value_as_string
    run(inner, ecr.Repository(stack, "Web", repository_name="web"))
    run(inner, ecr.Repository.from_repository_name(inner, "Named", name), "Other")
    role = iam.Role(stack, "Role", assumed_by=TASKS)
    role.add_to_policy(pulling())
    iam.Policy(inner, "Token", statements=[signing_in()], roles=[role])
    run(stack, ecr.Repository(NestedStack(stack, "Registry"), "Api", repository_name="api"))


def other_partitions(app: App) -> None:
    """With their endpoints: FIPS, and for both versions of IP."""
    regions = {"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "eusc-de-east-1": "aws-eusc"}
    isolated = {"us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b"}
    for region, partition in (regions | isolated).items():
        stack = Stack(app, region, env=Environment(account=ACCOUNT, region=region))
        ecr.Repository(stack, "Web", repository_name="web")
        role = iam.Role(stack, "Role", assumed_by=TASKS)
        for one in (signing_in(), pulling(f"arn:{partition}:ecr:{region}:{ACCOUNT}:repository/web")):
            role.add_to_policy(one)
        task = ecs.FargateTaskDefinition(stack, "Task", execution_role=role)
        for host in (f"dkr.ecr-fips.{region}.amazonaws.com", f"dkr-ecr.{region}.on.aws"):
            image = ecs.ContainerImage.from_registry(f"{ACCOUNT}.{host}/web@sha256:{'a' * 64}")
            task.add_container(host.replace(".", "-"), image=image)


def behind_endpoints_of_other_stacks(app: App) -> None:
    """Tasks in isolated subnets, whose endpoints are of another stack and of a nested one."""
    stack, there = Stack(app, "Stack", env=ENV), Stack(app, "There", env=ENV)
    subnets = [ec2.SubnetConfiguration(name="Own", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)]
    vpc = ec2.Vpc(stack, "Vpc", subnet_configuration=subnets)
    service = ec2.InterfaceVpcEndpointAwsService
    for name, kind in (("Api", service.ECR), ("Docker", service.ECR_DOCKER)):
        ec2.InterfaceVpcEndpoint(there, name, vpc=vpc, service=kind)
    layers = ec2.GatewayVpcEndpoint(
        NestedStack(stack, "Nested"), "S3", vpc=vpc, service=ec2.GatewayVpcEndpointAwsService.S3
    )
    bucket = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
    everyone = [iam.AnyPrincipal()]
    layers.add_to_policy(iam.PolicyStatement(principals=everyone, actions=["s3:GetObject"], resources=[bucket]))
    runs_in(stack, vpc)


def behind_nat_and_in_public(app: App) -> None:
    """Tasks with a public address, tasks behind a NAT gateway, and a VPC that another app made."""
    stack, public, other = (Stack(app, name, env=ENV) for name in ("Stack", "Public", "Other"))
    vpc = ec2.Vpc(stack, "Vpc")
    runs_in(stack, vpc)
    runs_in(public, vpc, assign_public_ip=True)
    runs_in(other, ec2.Vpc.from_lookup(other, "Vpc", vpc_id="vpc-0a1b2c3d"))


def runs_in(stack: Stack, vpc: ec2.IVpc, *, assign_public_ip: bool = False) -> None:
    """A service on Fargate, of a repository of its stack."""
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("main", image=ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Web"), "1"))
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    ecs.FargateService(stack, "Service", cluster=cluster, task_definition=task, assign_public_ip=assign_public_ip)


@pytest.mark.parametrize(
    "build",
    [
        token_by_group_and_managed_policy,
        role_of_the_same_name_elsewhere,
        all_but_some,
        looked_up_by_cloudformation,
        assets,
        cached_by_a_rule_of_another_app,
        of_another_account_by_the_same_name,
        public_except_strangers,
        deployer_of_functions,
        nested,
        other_partitions,
        behind_endpoints_of_other_stacks,
        behind_nat_and_in_public,
    ],
)
def test_an_app_that_is_right_has_no_error(build: Callable[[App], None], tmp_path: Path) -> None:
    """Nor does it fail to synthesize."""
    app = App(outdir=str(tmp_path))
    Validations.of(app).add_plugins(EcrAccessRules())
    build(app)
    app.synth()
    report = tmp_path / "validation-report.json"
    reports = json.loads(report.read_text(encoding="utf-8"))["pluginReports"] if report.exists() else []
    found = [one for part in reports if part["pluginName"] == "EcrAccess" for one in part["violations"]]
    assert [one["description"] for one in found if one["severity"] == "error"] == []
    assert [one["description"] for one in found if one["ruleName"] == "rule-not-applied"] == []
