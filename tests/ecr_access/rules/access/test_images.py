"""Images of Amazon ECR, wherever a resource runs one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from tests.cdk_ecr_access.rules.apps import app

if TYPE_CHECKING:
    from ecr_access.rules.access.images import Image

ACCOUNT, REGION = "111122223333", "eu-west-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
WEB = f"{REGISTRY}/team/web"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/puller"


def images(type_: str, **properties: object) -> tuple[Image, ...]:
    """The images that one resource runs."""
    return app({"One": {"Type": type_, "Properties": properties}}).images


def run(image: object) -> Image | None:
    """The image that a function runs, if it is one of ECR."""
    found = images("AWS::Lambda::Function", Code={"ImageUri": image})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("type_", "properties", "path", "puller", "needs_token"),
    [
        (
            "AWS::ECS::TaskDefinition",
            {"ContainerDefinitions": [{"Image": "nginx"}, {"Image": WEB}], "ExecutionRoleArn": ROLE},
            "ContainerDefinitions[1].Image",
            ROLE,
            True,
        ),
        (
            "AWS::ECS::TaskDefinition",
            {"ContainerDefinitions": [{"Image": WEB}]},
            "ContainerDefinitions[0].Image",
            "",
            True,
        ),
        ("AWS::Lambda::Function", {"Code": {"ImageUri": WEB}, "Role": ROLE}, "Code.ImageUri", "", False),
        ("AWS::Serverless::Function", {"ImageUri": WEB}, "ImageUri", "", False),
        (
            "AWS::CodeBuild::Project",
            {"Environment": {"Image": WEB, "ImagePullCredentialsType": "SERVICE_ROLE"}, "ServiceRole": ROLE},
            "Environment.Image",
            ROLE,
            True,
        ),
        (
            "AWS::CodeBuild::Project",
            {"Environment": {"Image": WEB}, "ServiceRole": ROLE},
            "Environment.Image",
            "",
            True,
        ),
        (
            "AWS::AppRunner::Service",
            {
                "SourceConfiguration": {
                    "AuthenticationConfiguration": {"AccessRoleArn": ROLE},
                    "ImageRepository": {"ImageIdentifier": WEB},
                }
            },
            "SourceConfiguration.ImageRepository.ImageIdentifier",
            ROLE,
            True,
        ),
        (
            "AWS::Batch::JobDefinition",
            {"ContainerProperties": {"Image": WEB, "ExecutionRoleArn": ROLE}},
            "ContainerProperties.Image",
            ROLE,
            True,
        ),
        (
            "AWS::Batch::JobDefinition",
            {"EcsProperties": {"TaskProperties": [{"ExecutionRoleArn": ROLE, "Containers": [{"Image": WEB}]}]}},
            "EcsProperties.TaskProperties[0].Containers[0].Image",
            ROLE,
            True,
        ),
    ],
)
def test_which_resource_runs_an_image_and_which_role_pulls_it(
    type_: str, properties: dict[str, Any], path: str, puller: str, *, needs_token: bool
) -> None:
    """By the property that says so."""
    (found,) = images(type_, **properties)
    assert (found.path, found.uri) == (f"Properties.{path}", WEB)
    assert (found.puller, found.place.needs_token) == (puller, needs_token)


@pytest.mark.parametrize(
    ("uri", "parts"),
    [
        (WEB, (ACCOUNT, REGION, "team/web", "", "")),
        (f"{WEB}:1.0", (ACCOUNT, REGION, "team/web", "1.0", "")),
        (f"{WEB}@sha256:ab", (ACCOUNT, REGION, "team/web", "", "sha256:ab")),
        (f"{WEB}:1@sha256:ab", (ACCOUNT, REGION, "team/web", "1", "sha256:ab")),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/web", (ACCOUNT, "cn-north-1", "web", "", "")),
        (f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com/web", (ACCOUNT, "us-east-1", "web", "", "")),
        (f"{ACCOUNT}.dkr-ecr.us-east-1.on.aws/web", (ACCOUNT, "us-east-1", "web", "", "")),
        (
            {"Fn::Sub": "${Account}.dkr.ecr.${Region}.${AWS::URLSuffix}/a-${Name}:${Tag}"},
            ("${Account}", "${Region}", "a-${Name}", "${Tag}", ""),
        ),
        ({"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web"}, (ACCOUNT, REGION, "web", "", "")),
    ],
)
def test_the_parts_of_a_uri(uri: object, parts: tuple[str, ...]) -> None:
    """What is unknown is a part too."""
    found = run(uri)
    assert found is not None
    written = (found.account, found.region, found.name, found.tag, found.digest)
    assert tuple(map(shown, written)) == parts


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "nginx",
            "nginx:latest",
            "public.ecr.aws/nginx/nginx",
            "ghcr.io/a/b",
            "123.dkr.ecr.eu-west-1.amazonaws.com/a",
        ),
        f"https://{WEB}",
        f"{REGISTRY}/",
        {"Ref": "Parameter"},
        {"Fn::If": ["A", WEB, "nginx"]},
        {"Ref": "AWS::NoValue"},
        None,
        7,
    ],
)
def test_what_is_no_image_of_ecr_is_left_out(uri: object) -> None:
    """And so is what may be any image."""
    assert run(uri) is None


def test_an_image_leads_to_its_repository() -> None:
    """By the ARN that a declared one has, in whichever way each is written."""
    web = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/web"}}
    uri = {"Fn::Join": ["", [{"Fn::GetAtt": ["Web", "RepositoryUri"]}, ":1"]]}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": uri}}}
    for account, region in ((ACCOUNT, REGION), ("", ""), (ACCOUNT, "cn-north-1"), ("", REGION)):
        one = app({"Web": web, "Function": function}, account=account, region=region)
        (image,) = one.images
        found = one.repositories.of_arn(image.repository)
        assert found is not None
        assert found.resource.logical_id == "Web"


def test_an_asset_is_known_by_the_name_of_its_repository() -> None:
    """The bootstrap made it, whatever its qualifier."""
    asset = run(f"{REGISTRY}/cdk-hnb659fds-container-assets-{ACCOUNT}-{REGION}:abc")
    other = run(WEB)
    assert asset is not None
    assert asset.is_asset
    assert other is not None
    assert not other.is_asset


def repository(name: object) -> dict[str, Any]:
    """A repository of a name."""
    return {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": name}}


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        ({"Web": repository("team/web")}, True),
        ({"Check": {"Type": "Custom::EcrAccessCheck", "Properties": {"Existing": [{"Fn::Sub": "${Arn}"}]}}}, None),
        ({"Web": repository({"Ref": "Parameter"})}, None),
        ({"Web": repository({"Fn::Sub": "team/${Parameter}"})}, None),
        ({"Web": repository({"Fn::Sub": "other/${Parameter}"})}, False),
        ({"Web": repository("other")}, False),
        ({"Web": repository("other"), "Fn::ForEach::More": ["Name", ["a"], {}]}, None),
        ({}, False),
    ],
)
def test_whether_the_repository_of_an_image_is_known(resources: dict[str, Any], *, answer: bool | None) -> None:
    """Declared, looked up, or possibly a repository whose name is not known."""
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": WEB}}}
    one = app({**resources, "Function": function})
    (image,) = one.images
    said = {True: Ternary.YES, False: Ternary.NO, None: Ternary.MAYBE}
    assert one.repositories.is_known(image.repository) is said[answer]


def test_stages_have_a_repository_each() -> None:
    """Of the same ARN as far as is known."""
    template = {"Web": repository("team/web")}
    assert len([*app(template, template, account="").repositories]) == 2


CONTAINER = {"Image": WEB, "ExecutionRoleArn": ROLE}
TASKS = {"TaskProperties": [{"ExecutionRoleArn": ROLE, "Containers": [{"Image": WEB}]}]}


@pytest.mark.parametrize(
    ("type_", "properties", "path", "puller"),
    [
        (
            "AWS::ECS::ExpressGatewayService",
            {"PrimaryContainer": {"Image": WEB}, "ExecutionRoleArn": ROLE},
            "PrimaryContainer.Image",
            ROLE,
        ),
        (
            "AWS::Batch::JobDefinition",
            {"NodeProperties": {"NodeRangeProperties": [{}, {"Container": CONTAINER}]}},
            "NodeProperties.NodeRangeProperties[1].Container.Image",
            ROLE,
        ),
        (
            "AWS::Batch::JobDefinition",
            {"NodeProperties": {"NodeRangeProperties": [{"EcsProperties": TASKS}]}},
            "NodeProperties.NodeRangeProperties[0].EcsProperties.TaskProperties[0].Containers[0].Image",
            ROLE,
        ),
        (
            "AWS::Batch::JobDefinition",
            {"EksProperties": {"PodProperties": {"InitContainers": [{"Image": "busybox"}, {"Image": WEB}]}}},
            "EksProperties.PodProperties.InitContainers[1].Image",
            "",
        ),
        (
            "AWS::BedrockAgentCore::Runtime",
            {"AgentRuntimeArtifact": {"ContainerConfiguration": {"ContainerUri": WEB}}, "RoleArn": ROLE},
            "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri",
            ROLE,
        ),
        (
            "AWS::SageMaker::Model",
            {"Containers": [{"Image": "nginx"}, {"Image": WEB}], "ExecutionRoleArn": ROLE},
            "Containers[1].Image",
            ROLE,
        ),
        (
            "AWS::SageMaker::MonitoringSchedule",
            {
                "MonitoringScheduleConfig": {
                    "MonitoringJobDefinition": {"MonitoringAppSpecification": {"ImageUri": WEB}, "RoleArn": ROLE}
                }
            },
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri",
            ROLE,
        ),
        (
            "AWS::EMRServerless::Application",
            {"WorkerTypeSpecifications": {"DRIVER": {}, "EXECUTOR": {"ImageConfiguration": {"ImageUri": WEB}}}},
            "WorkerTypeSpecifications.EXECUTOR.ImageConfiguration.ImageUri",
            "",
        ),
        (
            "AWS::Lightsail::Container",
            {"ContainerServiceDeployment": {"Containers": [{"Image": WEB}]}},
            "ContainerServiceDeployment.Containers[0].Image",
            "",
        ),
    ],
)
def test_newer_ways_to_run_an_image(type_: str, properties: dict[str, Any], path: str, puller: str) -> None:
    """By an Express service, on several nodes, on Kubernetes, by an agent, a model, a worker."""
    (found,) = images(type_, **properties)
    assert (found.path, found.puller, found.name) == (f"Properties.{path}", puller, "team/web")


@pytest.mark.parametrize(
    ("image", "made"),
    [
        ("serverless-shop-dev@sha256:ab", True),
        ("serverless-shop-dev:1.0", False),
        ("serverless@sha256:ab", False),
        ("serverless-shop/dev@sha256:ab", False),
    ],
)
def test_the_serverless_framework_makes_a_repository_for_each_service_and_stage(image: str, *, made: bool) -> None:
    """And names what it pushed by digest."""
    found = run(f"{REGISTRY}/{image}")
    assert found is not None
    assert found.is_asset is made
