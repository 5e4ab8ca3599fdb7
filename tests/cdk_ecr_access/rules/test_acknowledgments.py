"""Every rule can be acknowledged in a synthesis, and what is acknowledged lets it pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Acknowledgment, App, CfnResource, Environment, Stack, Validations

from cdk_ecr_access import EcrAccessRules
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import RULES, findings_of
from ecr_access.rules.finding import Severity
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    OTHER_ROLE,
    PULL,
    REGION,
    WEB,
    WEB_URI,
    allow,
    function,
    repository,
    role,
)

if TYPE_CHECKING:
    from constructs import IConstruct

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
API_URI = f"{WEB_URI.removesuffix('web')}api"
SELECTION = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 30}
ARCHIVES = {"targetStorageClass": "archive", "type": "transition"}
ARCHIVING = json.dumps({"rules": [{"rulePriority": 1, "selection": SELECTION, "action": ARCHIVES}]})
TASK = {"RequiresCompatibilities": ["FARGATE"], "ContainerDefinitions": [{"Image": WEB_URI}]}
BROKEN: dict[str, dict[str, Any]] = {
    "Puller": role(allow([*PULL, TOKEN], Resource=WEB)),
    "Pusher": role(allow("ecr:PutImage", Resource=f"{WEB}-other"), RoleName="pusher"),
    "HalfPusher": role(
        allow(["ecr:PutImage", "ecr:UploadLayerPart"], Resource=WEB), allow(TOKEN, Resource="*"), RoleName="half-pusher"
    ),
    "Misspelt": role(allow("ecr:PutImages", Resource=f"{WEB}:1.0"), RoleName="misspelt"),
    "Web": repository(
        allow([*PULL, TOKEN], Principal="*", Resource="*"),
        allow(PULL, Principal={"AWS": OTHER_ROLE}),
        allow(PULL, Principal={"Service": "codebuild.amazonaws.com"}),
        LifecyclePolicy={"LifecyclePolicyText": ARCHIVING},
    ),
    "Api": repository(
        RepositoryName="api",
        EncryptionConfiguration={"EncryptionType": "KMS", "KmsKey": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"},
    ),
    "Denying": repository(allow("ecr:PutImage", "Deny", Principal="*"), RepositoryName="denying"),
    "Denied": role(
        allow(["ecr:PutImage", "ecr:BatchGetImage"], Resource=WEB.replace("web", "denying")), RoleName="denied"
    ),
    "Half": repository(allow(PULL[0], Principal={"AWS": OTHER_ROLE}), RepositoryName="half"),
    "Long": repository(
        *(allow(PULL, Principal={"AWS": str(100_000_000_000 + number)}) for number in range(200)),
        RepositoryName="long",
        LifecyclePolicy={"LifecyclePolicyText": "{}"},
    ),
    "Fixed": repository(
        allow(PULL, Principal={"AWS": f"arn:aws:sts::{OTHER}:assumed-role/ci/session"}),
        RepositoryName="fixed",
        ImageTagMutability="IMMUTABLE",
    ),
    "Again": repository(allow(PULL), RepositoryName="fixed", ImageTagMutability="IMMUTABLE"),
    "Build": {
        "Type": "AWS::CodeBuild::Project",
        "Properties": {"Source": {"BuildSpec": f"commands:\n  - docker push {WEB_URI.replace('web', 'fixed')}:1"}},
    },
    "Plain": function("${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/web:1"),
    "OfOthers": function(API_URI.replace(ACCOUNT, "777788889999")),
    "Function": function(API_URI),
    "Unknown": function(f"{WEB_URI}-other"),
    "Elsewhere": function(API_URI.replace(REGION, "us-east-1")),
    "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": TASK},
    "Project": {"Type": "AWS::CodeBuild::Project", "Properties": {"Environment": {"Image": f"{API_URI}:1"}}},
    "Spark": {
        "Type": "AWS::EMRServerless::Application",
        "Properties": {"ImageConfiguration": {"ImageUri": f"{API_URI}:1"}},
    },
    "Cache": {
        "Type": "AWS::ECR::PullThroughCacheRule",
        "Properties": {"EcrRepositoryPrefix": "hub", "UpstreamRegistry": "docker-hub"},
    },
    "ThroughCache": {
        "Type": "AWS::SageMaker::Model",
        "Properties": {
            "PrimaryContainer": {"Image": WEB_URI.replace("web", "hub/nginx")},
            "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/blind",
        },
    },
    "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {"NodeRole": "misspelt"}},
    "Public": {
        "Type": "AWS::AppRunner::Service",
        "Properties": {
            "SourceConfiguration": {
                "ImageRepository": {"ImageIdentifier": API_URI, "ImageRepositoryType": "ECR_PUBLIC"},
                "AuthenticationConfiguration": {"AccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/blind"},
            }
        },
    },
    "Blind": role(allow(PULL, Resource="*"), allow(TOKEN, Resource="*"), RoleName="blind"),
    "Untrusting": role(AssumeRolePolicyDocument={"Statement": []}, RoleName="untrusting"),
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
    "Endpoint": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "ServiceName": f"com.amazonaws.{REGION}.ecr.api",
            "VpcId": {"Ref": "Vpc"},
            "PolicyDocument": {"Statement": [allow("ecr:*", Principal="*", Resource=WEB)]},
        },
    },
    "Service": {
        "Type": "AWS::ECS::Service",
        "Properties": {
            "LaunchType": "FARGATE",
            "TaskDefinition": {"Ref": "Task"},
            "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [{"Ref": "Subnet"}]}},
        },
    },
    "Pulling": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": [{"Image": API_URI}], "ExecutionRoleArn": "untrusting"},
    },
}


def built() -> App:
    """An app that breaks every rule."""
    app = App()
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    for id_, one in BROKEN.items():
        CfnResource(stack, id_, type=one["Type"], properties=one["Properties"])
    there, one = Stack(app, "There", env=Environment(account=OTHER, region=REGION)), function(f"{API_URI}:1")
    CfnResource(there, "Function", type=one["Type"], properties=one["Properties"])
    Validations.of(app).add_plugins(EcrAccessRules())
    return app


def report(app: App) -> dict[str, Any]:
    """What a synthesis reports."""
    text = Path(app.outdir, "validation-report.json").read_text(encoding="utf-8")
    return next(one for one in json.loads(text)["pluginReports"] if one["pluginName"] == "EcrAccess")


def scopes(app: App, level: str) -> list[IConstruct]:
    """Where to acknowledge."""
    stacks = [app.node.find_child(name) for name in ("Stack", "There")]
    constructs = [one for stack in stacks for one in stack.node.children]
    found: dict[str, list[IConstruct]] = {"app": [app], "stack": stacks, "construct": constructs}
    return found[level]


@pytest.mark.parametrize("level", ["app", "stack", "construct"])
def test_what_is_acknowledged_lets_the_synthesis_pass(level: str) -> None:
    """On the construct, and on whatever holds it, with the reason."""
    app = built()
    for scope in scopes(app, level):
        for rule in RULES:
            Validations.of(scope).acknowledge(Acknowledgment(id=f"EcrAccess::{rule.id}", reason="meant"))
    app.synth()
    found = report(app)
    assert not found.get("violations")
    assert {one["ruleName"] for one in found["suppressedViolations"]} == {one.id for one in RULES}
    assert {one["reason"] for one in found["suppressedViolations"]} == {"meant"}


def test_each_problem_has_a_subject_and_each_fix_says_what_to_do() -> None:
    """Whichever rule finds it: no sentence begins with its verb, and no fix with a pronoun."""
    there = {"Function": function(f"{API_URI}:1")}
    templates = [Template("app.json", {"Resources": BROKEN}, ACCOUNT, REGION)]
    templates.append(Template("there.json", {"Resources": there}, OTHER, REGION))
    found = [*findings_of(Application(templates))]
    assert {rule.id for rule, _ in found} == {one.id for one in RULES}
    no_subject = {
        "has",
        "its",
        "it",
        "names",
        "runs",
        "builds",
        "trusts",
        "lets",
        "may",
        "is",
        "allows",
        "pulls",
        "cannot",
        "lacks",
    }
    for rule, one in found:
        assert one.text.split()[0].rstrip(":,") not in no_subject, (rule.id, one.text)
        assert one.fix.split()[0] not in {"it", "this", "that", "its"}, (rule.id, one.fix)
        assert not {"whoever", "whom", "nobody", "somebody", "everybody"} & {*f"{one.text} {one.fix}".split()}


@pytest.mark.parametrize("left", [one.id for one in RULES if one.severity is Severity.ERROR])
def test_one_error_that_is_not_fails_it(left: str) -> None:
    """Whichever it is."""
    app = built()
    for rule in RULES:
        if rule.id != left:
            Validations.of(app).acknowledge(Acknowledgment(id=f"EcrAccess::{rule.id}", reason="meant"))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert {one["ruleName"] for one in report(app)["violations"]} == {left}
