"""What runs an image is deployed after the check, unless the check waits for it in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository
from tests.cdk_ecr_access.test_template_lint import found as lint
from tests.reading import ENV, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reading import Rendered


class _App:
    """A stack of an app whose context requires images, and a repository of its own."""

    def __init__(self) -> None:
        self.app = App(context={"cdk-ecr-access:images": True})
        self.stack = Stack(self.app, "Stack", env=ENV)
        self.repository = AccessibleRepository(self.stack, "Repository", repository_name="team/app")
        self.ci = iam.Role(self.stack, "Ci", assumed_by=iam.AccountRootPrincipal())

    def function(self) -> lambda_.DockerImageFunction:
        code = lambda_.DockerImageCode.from_ecr(self.repository, tag_or_digest="1.4")
        return lambda_.DockerImageFunction(self.stack, "Function", code=code)

    def service(self) -> ecs.FargateService:
        task = ecs.FargateTaskDefinition(self.stack, "Task")
        task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(self.repository, "1.4"))
        vpc = ec2.Vpc.from_vpc_attributes(
            self.stack, "Vpc", vpc_id="vpc-01234567", availability_zones=["a"], private_subnet_ids=["subnet-01234567"]
        )
        cluster = ecs.Cluster(self.stack, "Cluster", vpc=vpc)
        return ecs.FargateService(self.stack, "Service", cluster=cluster, task_definition=task, min_healthy_percent=100)

    def may(self, action: str, resource: str) -> None:
        """Allow the role something."""
        self.ci.add_to_policy(iam.PolicyStatement(actions=[action], resources=[resource]))

    def warnings(self) -> list[str]:
        """What the CDK CLI prints of the gate."""
        messages = self.app.synth().stacks[0].messages
        return [str(one.entry.data) for one in messages if "ECR-ACCESS-311" in str(one.entry.data)]


def _waits(found: Rendered, type_: str) -> bool:
    (one,) = [one for one in found.all(type_) if not _is_of_the_check(one)]
    return found.id("Custom::EcrAccessCheck") in one.get("DependsOn", [])


def _is_of_the_check(resource: dict[str, Any]) -> bool:
    return bool(resource["Properties"].get("Handler") == "ecr_access.check.handler.handle")


def _has_no_circle(found: Rendered) -> bool:
    """Whether cfn-lint can put the resources in an order."""
    return not [one for one in lint(found.template) if one.startswith("E3004")]


@pytest.mark.parametrize(
    ("run", "type_"),
    [(_App.function, "AWS::Lambda::Function"), (_App.service, "AWS::ECS::TaskDefinition")],
)
def test_what_runs_an_image_waits_for_the_check(run: Callable[[_App], object], type_: str) -> None:
    """So that it is as it was where the check fails; a service waits for its task definition."""
    app = _App()
    run(app)
    found = rendered(app.stack)
    assert _waits(found, type_)
    assert _has_no_circle(found)
    assert lint(found.template) == []
    assert app.warnings() == []


def _names_the_function(app: _App) -> None:
    app.may("lambda:UpdateFunctionCode", app.function().function_arn)


def _names_the_service(app: _App) -> None:
    app.may("ecs:UpdateService", app.service().service_arn)


def _depends_on_the_function(app: _App) -> None:
    app.ci.node.add_dependency(app.function())


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        (_names_the_function, "AWS::Lambda::Function"),
        (_names_the_service, "AWS::ECS::TaskDefinition"),
        (_depends_on_the_function, "AWS::Lambda::Function"),
    ],
)
def test_a_role_that_is_checked_and_names_what_runs_the_image_goes_first(
    name: Callable[[_App], None], type_: str
) -> None:
    """CloudFormation refuses a circle; a warning says that the image may be looked at too late, and what to do."""
    app = _App()
    app.repository.grant_push(app.ci)
    name(app)
    found = rendered(app.stack)
    assert _has_no_circle(found)
    assert not _waits(found, type_)
    (warning,) = app.warnings()
    assert "declare that role in another stack" in warning


def test_a_role_that_is_not_checked_may_name_anything() -> None:
    """The check does not wait for it."""
    app = _App()
    _names_the_function(app)
    assert _waits(rendered(app.stack), "AWS::Lambda::Function")
    assert app.warnings() == []


def test_a_project_does_not_wait() -> None:
    """Its own role names it, and it pulls when a build is started."""
    app = _App()
    image = codebuild.LinuxBuildImage.from_ecr_repository(app.repository, "1.4")
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    environment = codebuild.BuildEnvironment(build_image=image)
    codebuild.Project(app.stack, "Project", environment=environment, build_spec=spec)
    found = rendered(app.stack)
    assert found.check["Properties"]["Images"]
    assert not _waits(found, "AWS::CodeBuild::Project")
    assert _has_no_circle(found)
    assert app.warnings() == []
