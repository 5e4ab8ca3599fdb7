"""``image-repository-unknown``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_ecs as ecs

from cdk_ecr_access import ExistingRepository
from ecr_access.documents.templates.template import Resource, Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.image_repository_unknown import RULE
from ecr_access.rules.finding import subject
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    PARAMETER,
    REGION,
    WEB,
    WEB_URI,
    function,
    repository,
    synthesized,
    task,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aws_cdk import App

API = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api"


def codebuild(image: object) -> dict[str, Any]:
    """A project that builds in an image."""
    return {"Type": "AWS::CodeBuild::Project", "Properties": {"Environment": {"Image": image}}}


def apprunner(image: object) -> dict[str, Any]:
    """A service of App Runner."""
    source = {"ImageRepository": {"ImageIdentifier": image}}
    return {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": source}}


def batch(image: object) -> dict[str, Any]:
    """A job definition."""
    return {"Type": "AWS::Batch::JobDefinition", "Properties": {"ContainerProperties": {"Image": image}}}


def looked_up(*arns: object) -> dict[str, Any]:
    """An access check that looks repositories up."""
    return {"Type": "Custom::EcrAccessCheck", "Properties": {"Existing": [*arns]}}


@pytest.mark.parametrize("consumer", [task, function, codebuild, apprunner, batch])
def test_an_image_of_an_undeclared_repository_is_reported(consumer: Any) -> None:
    """Whichever resource runs it."""
    it = consumer(f"{WEB_URI}:1.0")
    kind = subject(Resource(Template("", {}), "It", it["Type"], {}))
    assert findings(RULE, app_of({"Api": repository(RepositoryName="api"), "It": it})) == [
        f"{kind} runs '{WEB_URI}:1.0', but no repository 'web' of account {ACCOUNT} and Region {REGION} is "  # noqa: ISC004
        "declared or looked "
        "up: ECR creates none by itself, and the pull ends in 404; fix: declare the repository, an "
        "AWS::ECR::Repository of the "
        "RepositoryName 'web', in the CDK AccessibleRepository(self, ..., repository_name='web'); if it exists "
        "already, have it looked up at deployment, ExistingRepository.from_repository_name(self, ..., 'web'), or name "
        "it to the rules, EcrAccessRules(existing=['web']), --existing web"
    ]


@pytest.mark.parametrize("name", ["wbe", "Web", "wep"])
def test_the_nearest_repository_of_that_registry_is_suggested(name: str) -> None:
    """Most of what is unknown is mistyped."""
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:1.0"
    (found,) = findings(RULE, app_of({"Web": repository(), "Task": task(image)}))
    assert found.endswith("; did you mean 'web'?")


@pytest.mark.parametrize(("name", "account"), [("billing", ACCOUNT), ("wbe", OTHER)])
def test_no_other_is_suggested(name: str, account: str) -> None:
    """Neither one that is called otherwise, nor one of another account."""
    web = Template("web.json", {"Resources": {"Web": repository()}}, account, REGION)
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:1.0"
    (found,) = findings(
        RULE, Application([web, Template("it.json", {"Resources": {"It": task(image)}}, ACCOUNT, REGION)])
    )
    assert "did you mean" not in found


def test_so_is_one_in_an_app_that_does_not_say_its_account() -> None:
    """The account is this one, whichever it is."""
    image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/web"}
    (found,) = findings(RULE, app_of({"Task": task(image)}, account="", region=""))
    assert "no repository 'web' of account ${AWS::AccountId} and Region ${AWS::Region} is declared" in found


def test_one_in_another_template_is_declared_too() -> None:
    """An app is read as a whole."""
    assert findings(RULE, app_of({"Web": repository()}, {"Task": task()})) == []


@pytest.mark.parametrize("existing", [[WEB], [f"{WEB}-2", WEB], [PARAMETER]])
def test_one_that_is_looked_up_is_not(existing: list[object]) -> None:
    """Nor one that may be."""
    assert findings(RULE, app_of({"Check": looked_up(*existing), "Task": task()})) == []


@pytest.mark.parametrize(
    "resources",
    [
        {"Task": task(WEB_URI.replace(ACCOUNT, OTHER))},
        {"Task": task(PARAMETER)},
        {"Task": task({"Fn::Sub": f"{API[:-3]}${{Parameter}}"})},
        {"Task": task({"Fn::Sub": f"{API[:-3]}${{Parameter}}"}), "Api": repository(RepositoryName="api")},
        {"Task": task({"Fn::Sub": "${Parameter}.dkr.ecr.eu-west-1.amazonaws.com/web"})},
        {"Task": task("public.ecr.aws/nginx/nginx:1")},
        {"Task": task(WEB_URI), "Made": repository(RepositoryName=PARAMETER)},
        {"Task": task(WEB_URI[:-3] + f"cdk-hnb659fds-container-assets-{ACCOUNT}-{REGION}:abc")},
        {"Task": task(WEB_URI), "Fn::ForEach::More": ["Name", ["web"], {}]},
    ],
)
def test_what_may_be_there_is_not(resources: dict[str, Any]) -> None:
    """Of another account, of an unknown name, an asset, or if others may be declared."""
    assert findings(RULE, app_of(resources)) == []


CACHE = {"Type": "AWS::ECR::PullThroughCacheRule", "Properties": {"EcrRepositoryPrefix": "hub"}}
TEMPLATE = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"Prefix": "hub/"}}
ROOT = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"Prefix": "ROOT"}}
UNKNOWN = {"Type": "AWS::ECR::PullThroughCacheRule", "Properties": {"EcrRepositoryPrefix": PARAMETER}}


@pytest.mark.parametrize(
    ("rule", "name", "count"),
    [
        (CACHE, "hub/library/nginx", 0),
        (TEMPLATE, "hub/nginx", 0),
        (ROOT, "nginx", 0),
        (UNKNOWN, "hub/nginx", 0),
        (CACHE, "hubble/nginx", 1),
        (CACHE, "hub", 1),
        (TEMPLATE, "nginx", 1),
    ],
)
def test_a_repository_that_ecr_creates_by_its_prefix_is_not(rule: dict[str, Any], name: str, count: int) -> None:
    """By a pull-through cache, or a creation template."""
    image = WEB_URI.replace("web", name)
    assert len(findings(RULE, app_of({"Task": task(image), "Rule": rule}))) == count


@pytest.mark.parametrize(
    ("region", "count"), [("eu-central-1", 0), (PARAMETER, 0), ({"Ref": "AWS::Region"}, 1), ("us-east-1", 1)]
)
def test_one_that_is_replicated_to_is_not(region: object, count: int) -> None:
    """Replication creates what is not there."""
    rules = [{"Destinations": [{"Region": region, "RegistryId": {"Ref": "AWS::AccountId"}}]}]
    one = {
        "Type": "AWS::ECR::ReplicationConfiguration",
        "Properties": {"ReplicationConfiguration": {"Rules": rules}},
    }
    image = API.replace(REGION, "eu-central-1")
    assert len(findings(RULE, app_of({"Replication": one, "Task": task(image)}))) == count


def test_the_cdk_runs_what_it_imports_and_ours_looks_it_up(app: App, stack: Stack) -> None:
    """The same repository, which exists or does not."""
    definition = ecs.FargateTaskDefinition(stack, "Task")
    for id_, source in (("Web", ecr.Repository), ("Api", ExistingRepository)):
        imported = source.from_repository_name(stack, id_, id_.lower())
        definition.add_container(id_, image=ecs.ContainerImage.from_ecr_repository(imported, "1.0"))
    (found,) = RULE.check(synthesized(app))
    assert "/web:1.0'" in found.text
    assert found.path == "Properties.ContainerDefinitions[0].Image"


def test_an_asset_of_the_cdk_is_not(app: App, tmp_path: Path) -> None:
    """The bootstrap makes its repository."""
    tmp_path.joinpath("Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    stack = Stack(app, "Agnostic")
    image = ecs.ContainerImage.from_docker_image_asset(assets.DockerImageAsset(stack, "Asset", directory=str(tmp_path)))
    ecs.FargateTaskDefinition(stack, "Task").add_container("Web", image=image)
    application = synthesized(app)
    assert len(application.images) == 1
    assert findings(RULE, application) == []


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("aws-cdk/assets", 0),
        ("cdk-team-container-assets-111122223333-eu-west-1", 0),
        ("mystack1a2b3c4dcompanionstack/function19d43fc4repo", 0),
        ("quay/team/tool", 0),
        ("{{resolve:ssm:/name}}", 0),
        ("quay", 1),
        ("assets", 1),
    ],
)
def test_repositories_that_tools_make(name: str, count: int) -> None:
    """The CDK's and SAM's own, a cache's, and a name that CloudFormation looks up; none of a like name."""
    assert len(findings(RULE, app_of({"Task": task(f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:1.0")}))) == count


@pytest.mark.parametrize(
    ("name", "count"),
    [("undeclared", 1), ("stack-other-0a1b2c3d4e5f", 1), ("stack-web-0a1b2c3d4e5f", 0), ("a-b-web-0a1b2c3d4e5f", 0)],
)
@pytest.mark.parametrize("account", [ACCOUNT, ""])
def test_a_name_that_cloudformation_makes_up_is_no_other(name: str, count: int, account: str) -> None:
    """It is of the stack, the logical id and a random end, so that one repository without a name hides nothing."""
    image = {"Fn::Sub": f"${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.amazonaws.com/{name}"}
    resources = {"Web": {"Type": "AWS::ECR::Repository", "Properties": {}}, "Task": task(image)}
    assert len(findings(RULE, app_of(resources, account=account))) == count


@pytest.mark.parametrize(
    ("existing", "count"),
    [(["web"], 0), (["api", "w*"], 0), (["w?b"], 0), (["team/web"], 1), (["we"], 1), ([], 1)],
)
def test_one_that_is_said_to_exist_is_known(existing: list[str], count: int) -> None:
    """By its name, of which a part may be a wildcard."""
    found = Application([Template("it.json", {"Resources": {"It": task()}}, ACCOUNT, REGION)], existing=existing)
    assert len(findings(RULE, found)) == count
