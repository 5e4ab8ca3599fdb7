"""``fixed-tag-pushed``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_s3 as s3

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks import push_without_batch_get_image
from ecr_access.rules.checks.fixed_tag_pushed import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import PARAMETER, WEB_URI, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

IMMUTABLE = {"ImageTagMutability": "IMMUTABLE"}


def excluding(tag: object) -> dict[str, Any]:
    """Immutable but for a tag."""
    one = {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": tag}
    return {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": [one]}


def build(*commands: str, **variables: Any) -> dict[str, Any]:
    """A project of CodeBuild by its commands and variables."""
    spec = "version: 0.2\nphases:\n  build:\n    commands:\n" + "".join(f"      - {one}\n" for one in commands)
    given = [{"Name": key, "Value": value} for key, value in variables.items()]
    properties = {"Source": {"BuildSpec": {"Fn::Sub": spec}}, "Environment": {"EnvironmentVariables": given}}
    return {"Type": "AWS::CodeBuild::Project", "Properties": properties}


def found(project: dict[str, Any], **properties: Any) -> list[str]:
    """What is found of a project that pushes to the repository web."""
    return findings(RULE, app_of({"Build": project, "Web": repository(**(properties or IMMUTABLE))}))


def test_a_fixed_tag_is_reported() -> None:
    """With what the second run says."""
    assert found(build("docker push ${Web.RepositoryUri}:latest")) == [
        "project 'Build' pushes 'web:latest' at each run, and the repository's ImageTagMutability is IMMUTABLE: the "  # noqa: ISC004
        "second run ends in 'tag invalid: The image tag already exists'; fix: push a tag of the commit, such as "
        "$CODEBUILD_RESOLVED_SOURCE_VERSION, or let the tag move, in the CDK image_tag_mutability_exclusion_filters="
        "[ecr.ImageTagMutabilityExclusionFilter.wildcard('latest')]"
    ]


@pytest.mark.parametrize(
    "command",
    [
        f"docker push {WEB_URI}",
        f"docker image push '{WEB_URI}:1.0'",
        f'podman push "{WEB_URI}:1.0"',
        f"docker buildx build --push -t {WEB_URI}:1.0 .",
        f"docker push --quiet {WEB_URI}:1.0",
        f"docker buildx build --output type=registry -t {WEB_URI}:1.0 .",
        f"echo pushing; docker push {WEB_URI}:1.0",
        f"docker buildx build --platform linux/arm64 --tag={WEB_URI}:1.0 --push .",
        "docker push $URI:latest",
        "docker push ${!URI}:${!TAG}",
        "docker push $REGISTRY.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com/web:$TAG",
    ],
)
def test_however_it_is_pushed(command: str) -> None:
    """By any client, with variables of the project."""
    assert len(found(build(command, URI=WEB_URI, TAG="v1", REGISTRY="111122223333"))) == 1


@pytest.mark.parametrize(
    "command",
    [
        "docker push ${Web.RepositoryUri}:$CODEBUILD_RESOLVED_SOURCE_VERSION",
        "docker push ${Web.RepositoryUri}:$(git rev-parse HEAD)",
        "docker push ${Web.RepositoryUri}:`date +%s`",
        "docker push ${Web.RepositoryUri}:${Tag}",
        "docker push --all-tags ${Web.RepositoryUri}",
        "docker push other.example/web:latest",
        "docker pull ${Web.RepositoryUri}:latest",
        f"docker buildx build -t {WEB_URI}:1.0 .",
        "export URI=elsewhere\n      - docker push $URI:latest",
        "docker push $UNKNOWN:latest",
        "# docker push ${Web.RepositoryUri}:latest",
        "docker push ${Web.RepositoryUri}:$TAG\n      # - docker push ${Web.RepositoryUri}:latest",
        "echo docker push ${Web.RepositoryUri}:latest",
        "docker push ${Web.RepositoryUri}:latest || true",
        "docker manifest inspect ${Web.RepositoryUri}:1.0 || docker push ${Web.RepositoryUri}:1.0",
    ],
)
def test_a_tag_that_changes_or_that_is_not_known_is_not(command: str) -> None:
    """Nor what is not pushed to this repository."""
    assert found(build(command, URI=WEB_URI)) == []


@pytest.mark.parametrize(
    "look",
    [
        "aws ecr batch-delete-image --repository-name web --image-ids imageTag=latest",
        "if aws ecr describe-images --repository-name web --image-ids imageTag=latest; then exit 0; fi",
    ],
)
def test_a_build_that_deletes_images_or_looks_for_them_is_not(look: str) -> None:
    """It may make room for the tag, or push only one that is not there."""
    assert found(build(look, "docker push ${Web.RepositoryUri}:latest")) == []


def test_the_tag_ends_where_the_command_does() -> None:
    """Before a semicolon, say."""
    (one,) = found(build("if [ -n $X ]; then docker push ${Web.RepositoryUri}:latest; fi"))
    assert one.startswith("project 'Build' pushes 'web:latest' at each run")


def test_a_variable_that_a_pipeline_gives_is_not_the_projects() -> None:
    """The tag of the commit takes the place of the default."""
    project = build("docker push ${Web.RepositoryUri}:$TAG", TAG="latest")
    given = '[{"name": "%s", "value": "#{Fetch.CommitId}", "type": "PLAINTEXT"}]'
    for name, count in (("TAG", 0), ("OTHER", 1)):
        action = {
            "ActionTypeId": {"Provider": "CodeBuild"},
            "Configuration": {"ProjectName": {"Ref": "Build"}, "EnvironmentVariables": given % name},
        }
        pipeline = {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": [{"Actions": [action]}]}}
        app = app_of({"Build": project, "Web": repository(**IMMUTABLE), "Pipeline": pipeline})
        assert len(findings(RULE, app)) == count


@pytest.mark.parametrize(
    "properties",
    [
        {"ImageTagMutability": "MUTABLE"},
        {"RepositoryName": "web"},
        excluding("latest"),
        excluding("lat*"),
        excluding(PARAMETER),
        {"ImageTagMutability": PARAMETER},
    ],
)
def test_a_tag_that_moves_or_may_move_is_not(properties: dict[str, Any]) -> None:
    """By the setting, or by an exclusion."""
    assert found(build("docker push ${Web.RepositoryUri}:latest"), **properties) == []


def test_an_exclusion_for_another_tag_does_not_help() -> None:
    """The tag that is pushed has to be excluded."""
    assert len(found(build("docker push ${Web.RepositoryUri}:latest"), **excluding("dev-*"))) == 1


@pytest.mark.parametrize("spec", ["buildspec.yml", PARAMETER, None])
def test_commands_that_are_elsewhere_are_not_read(spec: object) -> None:
    """A file of the source."""
    project = {"Type": "AWS::CodeBuild::Project", "Properties": {"Source": {"BuildSpec": spec}}}
    assert found(project) == []


def test_an_action_that_builds_and_publishes(app: App, stack: Stack) -> None:
    """Its fixed tag is reported, once; and its role is not told to have BatchGetImage."""
    AccessibleRepository(stack, "Web", repository_name="web")
    bucket, source = s3.Bucket(stack, "Bucket"), codepipeline.Artifact()
    pipeline = codepipeline.Pipeline(stack, "Pipeline", pipeline_type=codepipeline.PipelineType.V2)
    fetch = actions.S3SourceAction(action_name="Fetch", bucket=bucket, bucket_key="key", output=source)
    publish = actions.EcrBuildAndPublishAction(
        action_name="Publish",
        repository_name="web",
        registry_type=actions.RegistryType.PRIVATE,
        input=source,
        image_tags=["#{Source.VersionId}", "latest"],
    )
    pipeline.add_stage(stage_name="Source", actions=[fetch])
    pipeline.add_stage(stage_name="Build", actions=[publish])
    application = synthesized(app)
    (finding,) = RULE.check(application)
    assert "pushes 'web:latest' at each run" in finding.text
    assert finding.path == "Properties.Stages[1].Actions[0].Configuration"
    assert findings(push_without_batch_get_image.RULE, application) == []
