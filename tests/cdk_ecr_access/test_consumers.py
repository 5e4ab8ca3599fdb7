"""The CDK's own constructs call the grants of this library, so every principal that they wire is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import App, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessCheck
from tests.reading import ACCOUNT, PULL, REGION, REQUIRED_PULL, TOKEN, rendered

if TYPE_CHECKING:
    from aws_cdk import Stack

    from cdk_ecr_access import AccessibleRepository


def test_an_ecs_service_is_checked(stack: Stack, repository: AccessibleRepository) -> None:
    """The execution role of the task pulls."""
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(repository, "1.0"))
    found = rendered(stack)
    role = stack.resolve(task.execution_role.role_arn if task.execution_role else None)
    assert found.requirements == [
        {"Principal": role, "Token": True, "Access": {"PULL": [stack.resolve(repository.repository_arn)]}}
    ]
    assert [one["Action"] for one in found.identity_side] == [PULL, TOKEN]


def test_a_lambda_function_of_an_image_is_checked(stack: Stack, repository: AccessibleRepository) -> None:
    """Lambda itself pulls, by the level of its own, for the functions of this account and Region."""
    lambda_.DockerImageFunction(stack, "Fn", code=lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="1.0"))
    found = rendered(stack)
    assert [(one["Principal"], one["Token"], [*one["Access"]]) for one in found.requirements] == [
        ("lambda.amazonaws.com", False, ["LAMBDA_PULL"])
    ]
    (statement,) = found.repository_side
    functions = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"
    assert statement["Action"] == REQUIRED_PULL
    assert statement["Condition"]["StringLike"]["aws:SourceArn"] == functions


def test_a_codebuild_image_is_checked(stack: Stack, repository: AccessibleRepository) -> None:
    """The project's role pulls the image that it builds in."""
    environment = codebuild.BuildEnvironment(build_image=codebuild.LinuxBuildImage.from_ecr_repository(repository))
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    project = codebuild.Project(stack, "Project", environment=environment, build_spec=spec)
    found = rendered(stack)
    assert found.principals == [stack.resolve(project.role.role_arn if project.role else None)]
    assert found.requirements[0]["Token"] is True
    assert TOKEN in [one["Action"] for one in found.identity_side]


def test_a_codebuild_project_that_pushes_is_checked(stack: Stack, repository: AccessibleRepository) -> None:
    """A grantable is granted through its role."""
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    project = codebuild.Project(stack, "Project", build_spec=spec)
    repository.grant_push(project)
    found = rendered(stack)
    assert found.principals == [stack.resolve(project.role.role_arn if project.role else None)]
    assert found.requirements[0]["Access"].keys() == {"PUSH"}


def test_a_codebuild_image_with_gpus_is_told(stack: Stack, repository: AccessibleRepository) -> None:
    """The CDK imports the repository again and grants on that: the permissions are right, and no check has them."""
    image = codebuild.LinuxGpuBuildImage.from_ecr_repository(repository)
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    environment = codebuild.BuildEnvironment(build_image=image)
    codebuild.Project(stack, "Project", environment=environment, build_spec=spec)
    assert not stack.node.try_find_child("EcrAccessCheck")
    (warning,) = _warnings(stack)
    assert warning.startswith("LinuxGpuBuildImage pulls from repository 'Stack/Repository' without its grants")


def test_a_codebuild_image_with_gpus_that_is_required_is_checked(
    stack: Stack, repository: AccessibleRepository
) -> None:
    """And nothing is said of it any more."""
    image = codebuild.LinuxGpuBuildImage.from_ecr_repository(repository)
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    environment = codebuild.BuildEnvironment(build_image=image)
    project = codebuild.Project(stack, "Project", environment=environment, build_spec=spec)
    AccessCheck.of(stack).require_pull(project, repository)
    assert _warnings(stack) == []
    found = rendered(stack)
    assert found.principals == [stack.resolve(project.role.role_arn if project.role else None)]
    assert TOKEN in [one["Action"] for one in found.identity_side]


def test_the_source_of_a_pipeline_reads_images_and_pulls_none(stack: Stack, repository: AccessibleRepository) -> None:
    """``EcrSourceAction`` and ``CodePipelineSource.ecr`` allow DescribeImages themselves, on the repository alone."""
    source = pipelines.CodePipelineSource.ecr(repository)
    pipelines.CodePipeline(
        stack, "Pipeline", synth=pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"])
    ).build_pipeline()
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements = [one for policy in policies for one in policy["Properties"]["PolicyDocument"]["Statement"]]
    assert [one for one in statements if "ecr:" in str(one["Action"])] == [
        {"Action": "ecr:DescribeImages", "Effect": "Allow", "Resource": stack.resolve(repository.repository_arn)}
    ]
    assert not stack.node.try_find_child("EcrAccessCheck")


def _warnings(stack: Stack) -> list[str]:
    """What the CDK CLI prints of a stack, as warnings of ours."""
    app = App.of(stack)
    assert app is not None
    (synthesized,) = [one for one in app.synth().stacks if one.stack_name == stack.stack_name]
    told = [str(one.entry.data) for one in synthesized.messages]
    return [one for one in told if "cdk-ecr-access:" in one]
