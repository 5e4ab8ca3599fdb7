"""``endpoint-policy``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from ecr_access.rules.checks.endpoint_policy import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    PARAMETER,
    PULL,
    REGION,
    WEB,
    WEB_URI,
    allow,
    function,
    repository,
    role,
    synthesized,
    task,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
REPOSITORIES = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"
LAYERS = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
ORGANIZATION = "o-abcdefghij"
ALL = allow("*", Principal="*", Resource="*")
OWN = {"Ref": "AWS::AccountId"}


def endpoint(service: object, *statements: object, **properties: object) -> dict[str, Any]:
    """An endpoint in the VPC of a parameter, with a policy if there are statements."""
    policy = {"PolicyDocument": {"Statement": [*statements]}} if statements else {}
    name = f"com.amazonaws.{REGION}.{service}" if isinstance(service, str) else service
    return {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {"ServiceName": name, "VpcId": {"Ref": "Vpc"}, **policy, **properties},
    }


def to(action: object, resource: object = "*", effect: str = "Allow", **more: object) -> dict[str, Any]:
    """A statement about every principal."""
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": resource, **more}


def under(operator: str, key: str, value: object) -> dict[str, Any]:
    """A condition of one key."""
    return {"Condition": {operator: {key: value}}}


def found(region: Any = REGION, **resources: Any) -> list[str]:
    """What is found in an app."""
    return findings(RULE, app_of(resources, region=region))


def test_an_endpoint_that_lets_no_token_through_is_reported() -> None:
    """Its policy is about repositories alone."""
    (one,) = found(Api=endpoint("ecr.api", to("ecr:*", REPOSITORIES)))
    assert one == (
        "the policy of this endpoint of ecr.api lets no ecr:GetAuthorizationToken on '*' through: every sign-in from "
        "its VPC ends in 403; fix: allow ecr:GetAuthorizationToken on '*' in a statement of its own, in the CDK "
        "endpoint.add_to_policy(iam.PolicyStatement(principals=[iam.AnyPrincipal()], ...))"
    )


@pytest.mark.parametrize(
    "statements",
    [
        [to(PULL)],
        [to(TOKEN, REPOSITORIES), to(PULL, REPOSITORIES)],
        [to("ecr:*", WEB, Principal={"AWS": "*"})],
        [{"Effect": "Allow", "Principal": "*", "NotAction": TOKEN, "Resource": "*"}],
        [{"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": "*"}, to(PULL)],
        [ALL, to(TOKEN, effect="Deny")],
        [to("ecr:DeleteRepository", effect="Deny")],
        [to(TOKEN, **under("Bool", "aws:SecureTransport", "false")), to(PULL)],
    ],
)
def test_whatever_leaves_the_token_out(statements: list[dict[str, Any]]) -> None:
    """An action, a resource, a Deny, a condition that no call meets; also of a policy that is written as text."""
    assert len(found(Api=endpoint("ecr.api", *statements))) == 1
    text = json.dumps({"Statement": statements})
    assert len(found(Api=endpoint("ecr.api", PolicyDocument=text))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [ALL],
        [to(TOKEN), to("ecr:*", REPOSITORIES)],
        [to("ecr:Get*")],
        [to(TOKEN, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}), to(PULL, WEB)],
        [to("ecr:*", **under("StringEquals", "aws:PrincipalOrgID", ORGANIZATION))],
        [to("*", Condition={"StringEquals": {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": OWN}})],
        [to("*", **under("StringEquals", "aws:ResourceOrgID", ORGANIZATION))],
        [ALL, to("*", effect="Deny", **under("StringNotEquals", "aws:PrincipalOrgID", ORGANIZATION))],
        [ALL, to(TOKEN, effect="Deny", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"})],
        [ALL, to("*", effect="Deny", **under("StringNotEquals", "aws:SourceVpc", {"Ref": "Vpc"}))],
        [{"Effect": "Allow", "Principal": "*", "NotAction": "ecr:DeleteRepository", "Resource": "*"}],
        [{"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": TOKEN, "Resource": "*"}, to(PULL)],
        [to("ecr:DescribeImages", REPOSITORIES)],
        [PARAMETER, to(PULL)],
        [to(PARAMETER), to(PULL)],
        [to(TOKEN, PARAMETER), to(PULL)],
        [{**to(TOKEN), "Effect": PARAMETER}, to(PULL)],
        [{"Fn::If": ["Open", to(TOKEN), NOTHING]}, to(PULL)],
    ],
)
def test_an_endpoint_that_lets_the_token_through_or_may_is_not(statements: list[dict[str, Any]]) -> None:
    """To some callers, under a condition that they may meet, or what only the deployment knows."""
    assert found(Api=endpoint("ecr.api", *statements)) == []


@pytest.mark.parametrize("document", [PARAMETER, NOTHING, {"Fn::If": ["A", {"Statement": [to(PULL)]}, NOTHING]}])
def test_a_policy_that_is_chosen_at_deployment_is_not(document: object) -> None:
    """Nor none, which lets everything through."""
    assert found(Api=endpoint("ecr.api", PolicyDocument=document)) == []


@pytest.mark.parametrize(
    ("service", "count"),
    [
        ({"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr.api"}, 1),
        ({"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".ecr.api"]]}, 1),
        ({"Fn::Join": [".", ["com.amazonaws", PARAMETER, "ecr", "api"]]}, 1),
        ({"Fn::Sub": "cn.com.amazonaws.cn-north-1.ecr.api"}, 1),
        ({"Fn::Sub": "com.amazonaws.us-gov-west-1.ecr.api"}, 1),
        ({"Fn::Sub": "com.amazonaws.${AWS::Region}.${Parameter}"}, 0),
        (PARAMETER, 0),
        (NOTHING, 0),
        ("logs", 0),
        ("ecr-fips.api", 0),
        ("vpce-svc-0123456789abcdef0", 0),
    ],
)
def test_the_name_of_the_service_is_read_in_every_form(service: object, count: int) -> None:
    """Of every partition; one that is not known may be another."""
    for region in (REGION, ""):
        assert len(found(region, Api=endpoint(service, to(PULL)))) == count


def test_what_is_for_other_calls_needs_no_token_unless_the_vpc_pulls() -> None:
    """An endpoint of ``ecr.dkr`` says that it does."""
    describing = endpoint("ecr.api", to("ecr:DescribeImages", REPOSITORIES))
    assert found(Api=describing) == []
    assert len(found(Api=describing, Docker=endpoint("ecr.dkr"))) == 1
    assert found(Api=describing, Docker=endpoint("ecr.dkr", VpcId={"Ref": "Another"})) == []


def test_a_deny_is_where_the_finding_is() -> None:
    """And what to change."""
    (one,) = RULE.check(app_of({"Api": endpoint("ecr.api", ALL, to(TOKEN, effect="Deny"))}))
    assert one.path == "Properties.PolicyDocument.Statement[1]"
    assert one.fix == "leave it out of what this statement denies"


# The endpoint of the registry.


def test_an_endpoint_that_excludes_the_repositories_of_the_app_is_reported() -> None:
    """Those that tasks pull from, and those that are declared."""
    docker = endpoint("ecr.dkr", to("ecr:*", f"{WEB}-other"))
    (one,) = found(Docker=docker, Web=repository(), Task=task(f"{WEB_URI}:1"))
    assert one.startswith("the policy of this endpoint of ecr.dkr lets no pull from 'web' through")
    assert len(found(Docker=docker, Web=repository())) == 1
    assert len(found(Docker=docker, Task=task(f"{WEB_URI}:1"))) == 1


@pytest.mark.parametrize(
    "statement", [to(PULL[0]), to(PULL[1]), to(TOKEN), to("ecr:Describe*"), to(PULL, effect="Deny")]
)
def test_one_that_lets_nothing_through_is_reported_in_any_app(statement: dict[str, Any]) -> None:
    """Half a pull is none."""
    assert len(found(Docker=endpoint("ecr.dkr", statement))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        ALL,
        to("ecr:*", REPOSITORIES),
        to(PULL, WEB),
        to(PULL, {"Fn::GetAtt": ["Web", "Arn"]}),
        to(PULL, PARAMETER),
        to(PULL, WEB, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}),
        to("*", **under("StringEquals", "aws:PrincipalOrgID", ORGANIZATION)),
        to("*", **under("StringEquals", "aws:ResourceAccount", ACCOUNT)),
    ],
)
def test_one_that_lets_pulls_through_or_may_is_not(statement: dict[str, Any]) -> None:
    """Without the token, which comes by another endpoint."""
    resources = {"Docker": endpoint("ecr.dkr", statement), "Web": repository(), "Task": task(f"{WEB_URI}:1")}
    assert found(**resources) == []


def test_an_endpoint_for_others_is_not() -> None:
    """What Lambda pulls comes through no VPC, one repository of several is enough, and a VPC may only push."""
    other = to(PULL, f"arn:aws:ecr:{REGION}:{OTHER}:repository/base")
    assert found(Docker=endpoint("ecr.dkr", other)) == []
    assert found(Docker=endpoint("ecr.dkr", other), Web=repository(), Function=function(f"{WEB_URI}:1")) == []
    one = to(PULL, f"{WEB}-other")
    assert found(Docker=endpoint("ecr.dkr", one), A=task(f"{WEB_URI}:1"), B=task(f"{WEB_URI}-other:1")) == []
    pushing = ["ecr:BatchCheckLayerAvailability", "ecr:*Layer*", "ecr:PutImage", "ecr:BatchGetImage"]
    no_pull = to("ecr:GetDownloadUrlForLayer", effect="Deny")
    assert found(Docker=endpoint("ecr.dkr", to(pushing), no_pull)) == []


def test_what_the_app_may_hold_beside_is_not_excluded() -> None:
    """A template that is not at hand may run images of other repositories."""
    resources = {"Docker": endpoint("ecr.dkr", to(PULL, f"{WEB}-other")), "Web": repository()}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://bucket/stack.yaml"}}
    assert found(**resources, Stack=stack) == []
    resources["Docker"]["Properties"]["VpcId"] = {"Ref": "Own"}
    template = {"Resources": {**resources, "Own": {"Type": "AWS::EC2::VPC"}}}
    assert len(findings(RULE, app_of(template))) == 1
    outputs = {"Own": {"Value": {"Ref": "Own"}, "Export": {"Name": "vpc"}}}
    assert findings(RULE, app_of({**template, "Outputs": outputs})) == []


# The endpoint of S3.


def layers(*statements: object, **more: object) -> list[str]:
    """What is found of an endpoint of S3 in a VPC that pulls."""
    return found(S3=endpoint("s3", *statements, **more), Docker=endpoint("ecr.dkr"))


def test_an_endpoint_that_lets_no_layers_through_is_reported() -> None:
    """Its policy is about another bucket."""
    (one,) = layers(to("s3:GetObject", "arn:aws:s3:::own/*"))
    assert one.startswith(
        f"the policy of this endpoint of s3 lets no s3:GetObject on '{LAYERS}' through, where ECR keeps the layers of "
        "images: every pull from its VPC ends in 403 at the first layer; fix: allow s3:GetObject on "
    )


@pytest.mark.parametrize(
    "statements",
    [
        [to("s3:*", LAYERS.removesuffix("/*"))],
        [to("s3:*", LAYERS.replace(REGION, "us-east-1"))],
        [to("s3:ListBucket")],
        [to("s3:GetObject", LAYERS.replace("arn:aws:", "arn:aws-cn:"))],
        [to("*", **under("StringEquals", "aws:PrincipalOrgID", ORGANIZATION))],
        [to("*", **under("StringEquals", "aws:ResourceOrgID", ORGANIZATION))],
        [to("*", **under("StringEquals", "aws:ResourceAccount", OWN))],
        [to("*", **under("StringEquals", "s3:ResourceAccount", [ACCOUNT, OTHER]))],
        [to("*", **under("StringEquals", "aws:PrincipalAccount", OWN))],
        [to("*", **under("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/*"))],
        [to("*", **under("Bool", "aws:PrincipalIsAWSService", "true"))],
        [to("*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})],
        [to("*", Principal={"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/ci"}})],
        [ALL, to("s3:*", effect="Deny", **under("StringNotEquals", "aws:ResourceOrgID", ORGANIZATION))],
        [ALL, to("s3:*", effect="Deny", **under("StringNotEqualsIfExists", "aws:PrincipalOrgID", ORGANIZATION))],
        [ALL, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "arn:aws:s3:::own/*"}],
    ],
)
def test_whatever_leaves_the_layers_out(statements: list[dict[str, Any]]) -> None:
    """The bucket is AWS's, and so is the account that signs for its objects, which is of no organization of a user."""
    assert len(layers(*statements)) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [ALL],
        [to("s3:GetObject", LAYERS)],
        [to("s3:GetObject", {"Fn::Sub": "arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*"})],
        [to("s3:Get*", "arn:aws:s3:::prod-*-starport-layer-bucket/*")],
        [to("s3:GetObject", "arn:aws:s3:::own/*"), to("s3:GetObject", LAYERS)],
        [to("*", **under("StringEquals", "aws:ResourceOrgID", ORGANIZATION)), to("s3:GetObject", LAYERS)],
        [to("*", **under("StringEquals", "aws:ResourceOrgID", PARAMETER))],
        [to("*", **under("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}"))],
        [to("*", **under("StringEqualsIfExists", "aws:PrincipalOrgID", ORGANIZATION))],
        [to("*", **under("StringEquals", "aws:SourceVpc", {"Ref": "Vpc"}))],
        [to("*", **under("Bool", "aws:SecureTransport", "true"))],
        [to("*", Principal={"AWS": PARAMETER})],
        [ALL, to("s3:*", "arn:aws:s3:::own/*", effect="Deny")],
        [ALL, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": ["arn:aws:s3:::own/*", LAYERS]}],
        [{"Effect": "Allow", "Principal": "*", "NotAction": "s3:Delete*", "NotResource": "arn:aws:s3:::own/*"}],
        [to("s3:GetObject", PARAMETER)],
        [PARAMETER],
    ],
)
def test_an_endpoint_that_lets_the_layers_through_or_may_is_not(statements: list[dict[str, Any]]) -> None:
    """Or of which only the deployment knows."""
    assert layers(*statements) == []


@pytest.mark.parametrize("partition", ["aws", "${AWS::Partition}"])
def test_a_region_that_is_not_known_has_a_bucket_too(partition: str) -> None:
    """Its partition is that of the policy."""
    for bucket, count in (("own", 1), ("prod-${AWS::Region}-starport-layer-bucket", 0), (f"prod-{REGION}-*", 0)):
        resource = {"Fn::Sub": f"arn:{partition}:s3:::{bucket}/*"}
        service = {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
        resources = {"S3": endpoint(service, to("s3:GetObject", resource)), "Docker": endpoint("ecr.dkr")}
        assert len(found("", **resources)) == count


def test_a_vpc_that_pulls_nothing_is_not() -> None:
    """Nor one that only deployment knows, nor one with another endpoint for the layers."""
    own = to("s3:GetObject", "arn:aws:s3:::own/*")
    assert found(S3=endpoint("s3", own)) == []
    assert found(S3=endpoint("s3", own), Docker=endpoint("ecr.dkr", VpcId={"Ref": "Another"})) == []
    assert found(S3=endpoint("s3", own), Other=endpoint("s3"), Docker=endpoint("ecr.dkr")) == []
    elsewhere = endpoint("s3", VpcId="vpc-0a1b2c3d")
    assert (
        found(S3=endpoint("s3", own, VpcId="vpc-1"), Other=elsewhere, Docker=endpoint("ecr.dkr", VpcId="vpc-1")) != []
    )


def test_an_interface_for_buckets_by_its_own_names_is_not() -> None:
    """Layers are got by the name of S3, which leads to it with private DNS alone."""
    own = to("s3:GetObject", "arn:aws:s3:::own/*")
    assert layers(own, VpcEndpointType="Interface") == []
    assert len(layers(own, VpcEndpointType="Interface", PrivateDnsEnabled=True)) == 1


def behind_nat(**more: dict[str, Any]) -> dict[str, Any]:
    """A task that the role ci pulls behind a NAT gateway, and more resources."""
    own = {"VpcId": {"Ref": "Own"}}
    inside = {"AwsvpcConfiguration": {"Subnets": [{"Ref": "Subnet"}]}}
    service = {"LaunchType": "FARGATE", "TaskDefinition": {"Ref": "Task"}, "NetworkConfiguration": inside}
    it = task(f"{WEB_URI}:1")
    it["Properties"]["ExecutionRoleArn"] = {"Fn::GetAtt": ["Role", "Arn"]}
    return {
        "Own": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": own},
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": own},
        "Data": {"Type": "AWS::EC2::RouteTable", "Properties": own},
        "Association": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        },
        "Route": {"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Table"}, "NatGatewayId": "nat-1"}},
        "Service": {"Type": "AWS::ECS::Service", "Properties": service},
        "Task": it,
        "Role": role(),
        **more,
    }


def placed(*tables: object, docker: bool = False) -> list[str]:
    """What is found of an endpoint of S3 for some route tables, in a VPC where a task runs."""
    own = {"VpcId": {"Ref": "Own"}}
    more = {"S3": endpoint("s3", to("s3:*", "arn:aws:s3:::own/*"), RouteTableIds=[*tables], **own)}
    return found(**behind_nat(**more, **({"Docker": endpoint("ecr.dkr", **own)} if docker else {})))


def of_role(name: str) -> dict[str, Any]:
    """Its ARN as principal."""
    return {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{name}"}}


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        (to("ecr:*", **of_role("ci")), 0),
        (to("ecr:*", **of_role("other")), 1),
        (to("ecr:*", Principal={"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}), 0),
        (to("ecr:*", Principal={"AWS": ACCOUNT}), 0),
        (to("ecr:*", Principal={"AWS": OTHER}), 1),
        (to("ecr:*", Principal={"AWS": PARAMETER}), 0),
        (to("*", **under("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/other")), 1),
        (to("*", **under("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/*")), 0),
        (to("*", **under("StringEquals", "aws:PrincipalAccount", OTHER)), 1),
        (to("*", **under("StringEquals", "aws:PrincipalTag/team", "web")), 0),
    ],
)
def test_the_role_that_pulls_there_has_to_be_let_through(statement: dict[str, Any], count: int) -> None:
    """For the token and for its repository; where it runs is known."""
    own = {"VpcId": {"Ref": "Own"}}
    assert len(found(**behind_nat(Api=endpoint("ecr.api", statement, **own)))) == count
    assert len(found(**behind_nat(Docker=endpoint("ecr.dkr", statement, **own)))) == count
    assert found(**behind_nat(Api=endpoint("ecr.api", statement), Docker=endpoint("ecr.dkr", ALL))) == []


def test_a_role_that_is_not_let_through_is_named() -> None:
    """The policy lets others through."""
    (one,) = found(**behind_nat(Api=endpoint("ecr.api", to("*", **of_role("other")), VpcId={"Ref": "Own"})))
    assert one.startswith(
        "the policy of this endpoint of ecr.api lets no ecr:GetAuthorizationToken on '*' through for role ci, which "
        "pulls from its VPC: the sign-in ends in 403; fix: allow ecr:GetAuthorizationToken on '*' in a statement of "
        "its own, to the role too"
    )


def test_an_image_of_another_region_does_not_come_through_it() -> None:
    """An endpoint is for the registries of its Region alone, and so is the bucket of layers."""
    own = {"VpcId": {"Ref": "Own"}}
    policies = {
        "Api": endpoint("ecr.api", to("*", **of_role("other")), **own),
        "Docker": endpoint("ecr.dkr", to("ecr:*", f"{WEB}-other"), **own),
    }
    resources = behind_nat(**policies)
    assert len(found(**resources)) == 2
    it = resources["Task"]["Properties"]["ContainerDefinitions"][0]
    it["Image"] = f"{WEB_URI}:1".replace(REGION, "us-east-1")
    assert found(**resources) == []


def test_the_repository_of_a_task_that_runs_there_is_enough() -> None:
    """Whatever others of the app the policy lets through."""
    docker = endpoint("ecr.dkr", to("ecr:*", f"{WEB}-other"), VpcId={"Ref": "Own"})
    more = {"Other": repository(RepositoryName="web-other"), "Docker": docker}
    (one,) = found(**behind_nat(**more))
    assert one.startswith("the policy of this endpoint of ecr.dkr lets no pull from 'web' through")
    docker["Properties"]["VpcId"] = {"Ref": "Another"}
    assert found(**behind_nat(**more)) == []


def test_a_route_table_whose_subnet_pulls_leads_layers_through_it() -> None:
    """Also beside a NAT gateway; the table of other subnets does not."""
    assert len(placed({"Ref": "Table"})) == 1
    assert len(placed({"Ref": "Data"}, {"Fn::GetAtt": ["Table", "RouteTableId"]}, docker=True)) == 1
    assert placed({"Ref": "Data"}, docker=True) == []
    assert placed(PARAMETER, docker=True) == []


@pytest.mark.parametrize(
    ("target", "tables", "count"),
    [
        ({"NatGatewayId": "nat-1"}, [{"Ref": "Table"}], 1),
        ({"NatGatewayId": "nat-1"}, [{"Ref": "Data"}], 0),
        ({"NatGatewayId": "nat-1"}, [PARAMETER], 0),
        ({"GatewayId": "igw-1"}, [{"Ref": "Data"}], 1),
        ({"GatewayId": "local"}, [{"Ref": "Data"}], 1),
    ],
)
def test_where_what_pulls_is_not_known_all_that_lead_out_have_to_lead_to_it(
    target: dict[str, str], tables: list[object], count: int
) -> None:
    """Nodes and instances may pull behind a NAT gateway, past an endpoint for others."""
    own = {"VpcId": {"Ref": "Own"}}
    more = {
        "S3": endpoint("s3", to("s3:*", "arn:aws:s3:::own/*"), RouteTableIds=tables, **own),
        "Docker": endpoint("ecr.dkr", **own),
        "Route": {"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Table"}, **target}},
    }
    resources = {name: one for name, one in behind_nat(**more).items() if name not in ("Service", "Task")}
    assert len(found(**resources)) == count


def test_an_endpoint_of_the_cdk_is_read(app: App, stack: Stack) -> None:
    """Its policy and the name of its service hold functions."""
    vpc = ec2.Vpc(stack, "Vpc")
    api = vpc.add_interface_endpoint("Api", service=ec2.InterfaceVpcEndpointAwsService.ECR)
    everyone = [iam.AnyPrincipal()]
    api.add_to_policy(iam.PolicyStatement(principals=everyone, actions=["ecr:*"], resources=[REPOSITORIES]))
    vpc.add_interface_endpoint("Docker", service=ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER)
    s3 = vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    own = {"StringEquals": {"aws:ResourceAccount": stack.account}}
    s3.add_to_policy(iam.PolicyStatement(principals=everyone, actions=["*"], resources=["*"], conditions=own))
    first, second = findings(RULE, synthesized(app))
    assert first.startswith("the policy of this endpoint of ecr.api")
    assert second.startswith("the policy of this endpoint of s3")


def test_an_endpoint_of_the_cdk_may_let_through_what_pulls_need(app: App, stack: Stack) -> None:
    """The token, the repositories and the layers."""
    vpc = ec2.Vpc(stack, "Vpc")
    statements = {
        "ECR": iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=[TOKEN], resources=["*"]),
        "ECR_DOCKER": iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=PULL, resources=["*"]),
    }
    for name, statement in statements.items():
        service = getattr(ec2.InterfaceVpcEndpointAwsService, name)
        vpc.add_interface_endpoint(name, service=service).add_to_policy(statement)
    bucket = f"arn:{stack.partition}:s3:::prod-{stack.region}-starport-layer-bucket/*"
    s3 = vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    s3.add_to_policy(iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[bucket]))
    assert findings(RULE, synthesized(app)) == []


def test_the_roles_of_an_app_do_not_matter() -> None:
    """The policy of an endpoint only limits what others allow."""
    assert found(Api=endpoint("ecr.api"), Role=role(allow(PULL, Resource=WEB))) == []
