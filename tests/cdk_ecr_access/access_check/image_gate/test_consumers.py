"""With ``images``, every image that a resource takes from a repository of this library is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aspects, CfnParameter, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from cdk_ecr_access.cdk.on_visit import OnVisit
from tests.reading import ACCOUNT, ENV, OTHER, REGION, rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

IMAGES = {"cdk-ecr-access:images": True}
DIGEST = f"sha256:{'0a' * 32}"
TASKS = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
SPEC = codebuild.BuildSpec.from_object({"version": "0.2"})


@pytest.fixture
def gated() -> Stack:
    """A stack of an app whose context requires images."""
    return Stack(App(context=IMAGES), "Stack", env=ENV)


def _images(stack: Stack) -> list[dict[str, Any]]:
    checks = rendered(stack).all("Custom::EcrAccessCheck")
    return [image for check in checks for image in check["Properties"].get("Images", [])]


def _arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:ecr:{REGION}:{account}:repository/{name}"


def _task(stack: Stack, repository: ecr.IRepository, tag: str = "1.4", **given: Any) -> ecs.FargateTaskDefinition:
    task = ecs.FargateTaskDefinition(stack, "Task", **given)
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(repository, tag))
    return task


def _service(stack: Stack, task: ecs.FargateTaskDefinition, count: int | None, name: str = "Service") -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, f"{name}Vpc", vpc_id="vpc-1", availability_zones=["a"], private_subnet_ids=["s"]
    )
    cluster = ecs.Cluster(stack, f"{name}Cluster", vpc=vpc)
    ecs.FargateService(stack, name, cluster=cluster, task_definition=task, desired_count=count, min_healthy_percent=100)


def _existing(stack: Stack) -> ExistingRepository:
    return ExistingRepository.from_repository_name(stack, "Existing", "team/app", policy_covers_grants=True)


def _container(stack: Stack, repository: ecr.IRepository) -> None:
    _task(stack, repository)


def _function(stack: Stack, repository: ecr.IRepository) -> None:
    code = lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="1.4")
    lambda_.DockerImageFunction(stack, "Function", code=code)


def _arm_function(stack: Stack, repository: ecr.IRepository) -> None:
    code = lambda_.Code.from_ecr_image(repository, tag_or_digest=DIGEST)
    runtime, handler = lambda_.Runtime.FROM_IMAGE, lambda_.Handler.FROM_IMAGE
    lambda_.Function(
        stack, "Function", code=code, runtime=runtime, handler=handler, architecture=lambda_.Architecture.ARM_64
    )


def _project(stack: Stack, repository: ecr.IRepository) -> None:
    image = codebuild.LinuxBuildImage.from_ecr_repository(repository, "1.4")
    codebuild.Project(stack, "Project", environment=codebuild.BuildEnvironment(build_image=image), build_spec=SPEC)


def _arm_project(stack: Stack, repository: ecr.IRepository) -> None:
    image = codebuild.LinuxArmBuildImage.from_ecr_repository(repository, "1.4")
    codebuild.Project(stack, "Project", environment=codebuild.BuildEnvironment(build_image=image), build_spec=SPEC)


def _on_instances(stack: Stack, repository: ecr.IRepository) -> None:
    task = ecs.Ec2TaskDefinition(stack, "Task")
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(repository, "1.4"), memory_limit_mib=64)


def _resource(stack: Stack, repository: ecr.IRepository) -> None:
    AccessCheck.of(stack)
    containers = [{"name": "web", "image": repository.repository_uri_for_tag("1.4")}]
    ecs.CfnTaskDefinition(stack, "Task", container_definitions=containers)


def _agent(stack: Stack, repository: ecr.IRepository) -> None:
    from aws_cdk import aws_bedrockagentcore as agentcore

    AccessCheck.of(stack)
    agentcore.CfnRuntime(
        stack,
        "Runtime",
        agent_runtime_artifact={"containerConfiguration": {"containerUri": repository.repository_uri_for_tag("1.4")}},
        agent_runtime_name="agent",
        network_configuration={"networkMode": "PUBLIC"},
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/agent",
    )


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (_container, {"Image": "1.4", "Platform": "linux/amd64"}),
        (_on_instances, {"Image": "1.4"}),
        (_function, {"Image": "1.4", "Platform": "linux/amd64", "Lambda": "true"}),
        (_arm_function, {"Image": DIGEST, "Platform": "linux/arm64", "Lambda": "true"}),
        (_project, {"Image": "1.4", "Platform": "linux/amd64"}),
        (_arm_project, {"Image": "1.4", "Platform": "linux/arm64"}),
        (_agent, {"Image": "1.4", "Platform": "linux/arm64"}),
        (_resource, {"Image": "1.4"}),
    ],
)
def test_what_a_resource_runs_is_required(
    gated: Stack, run: Callable[[Stack, ecr.IRepository], None], expected: dict[str, str]
) -> None:
    """The tag or digest, and the platform where the resource says it; an L1 counts as an L2 does."""
    run(gated, _existing(gated))
    assert _images(gated) == [{"Repository": _arn("team/app"), **expected}]


def test_nothing_is_required_without_the_setting(stack: Stack) -> None:
    """The role may not look at images then, and the resource waits for no check."""
    _task(stack, ExistingRepository.from_repository_name(stack, "Existing", "team/app"))
    found = rendered(stack)
    assert "Images" not in found.check["Properties"]
    assert "ecr:DescribeImages" not in str(found.checks_own)
    assert "DependsOn" not in found.one("AWS::ECS::TaskDefinition")


def test_the_constructor_has_the_setting_for_one_stack(stack: Stack) -> None:
    """As the context has it for all."""
    AccessCheck(stack, images=True)
    _task(stack, _existing(stack))
    assert [one["Image"] for one in _images(stack)] == ["1.4"]


def test_the_constructor_goes_before_the_context(gated: Stack) -> None:
    """A stack can be left out."""
    AccessCheck(gated, images=False)
    _task(gated, _existing(gated))
    assert _images(gated) == []


def test_a_repository_of_the_same_stack_is_made_by_the_deployment(gated: Stack) -> None:
    """It is a reference, so that it is there when the check looks; the check knows that it may be new."""
    repository = AccessibleRepository(gated, "Repository", repository_name="team/new")
    _task(gated, repository)
    (image,) = _images(gated)
    assert image["Repository"] == gated.resolve(repository.repository_arn)
    assert image["Made"] == "true"


def test_repositories_of_two_stacks_under_one_logical_id_are_told_apart() -> None:
    """Before the stacks are linked, a reference shows the logical id alone."""
    app = App(context=IMAGES)
    first, second, third = (Stack(app, name, env=ENV) for name in ("First", "Second", "Third"))
    for stack in (first, third):
        AccessibleRepository(stack, "Repository", repository_name=f"{stack.stack_name.lower()}/app")
    other = AccessibleRepository(second, "Repository", repository_name="second/app")
    _task(third, other)
    (image,) = _images(third)
    assert image == {"Repository": _arn("second/app"), "Image": "1.4", "Platform": "linux/amd64"}
    assert second in third.dependencies


def test_a_stack_with_a_function_alone_gets_a_check() -> None:
    """Lambda itself pulls, so that the requirement on access is the repository's stack's."""
    app = App(context=IMAGES)
    home, functions, others = (Stack(app, name, env=ENV) for name in ("Home", "Functions", "Others"))
    _function(functions, AccessibleRepository(home, "Repository", repository_name="team/app"))
    lambda_.Function(
        others, "Plain", code=lambda_.Code.from_inline("0"), runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handle"
    )
    assert [one["Image"] for one in _images(functions)] == ["1.4"]
    assert rendered(others).all("Custom::EcrAccessCheck") == []


def test_a_function_elsewhere_gets_no_check_by_the_setting_of_one_stack() -> None:
    """The constructor's setting is of its stack."""
    app = App()
    home, functions = (Stack(app, name, env=ENV) for name in ("Home", "Functions"))
    AccessCheck(home, images=True)
    _function(functions, AccessibleRepository(home, "Repository", repository_name="team/app"))
    assert rendered(functions).all("Custom::EcrAccessCheck") == []


def test_each_stage_is_looked_through() -> None:
    """The CDK synthesizes each by itself."""
    app = App(context=IMAGES)
    stage = Stage(app, "Prod", env=ENV)
    home, functions = Stack(stage, "Home"), Stack(stage, "Functions")
    _function(functions, AccessibleRepository(home, "Repository", repository_name="team/app"))
    assert [one["Image"] for one in _images(functions)] == ["1.4"]


def test_a_nested_stack_requires_what_it_runs(gated: Stack) -> None:
    """Its check is its own, and the parent's requires nothing of it."""
    nested = NestedStack(gated, "Nested")
    _task(nested, ExistingRepository.from_repository_name(nested, "Existing", "team/app"))
    AccessCheck.of(gated)
    assert [one["Image"] for one in _images(nested)] == ["1.4"]
    assert _images(gated) == []


def test_a_tag_that_is_a_parameter_is_passed_on(gated: Stack) -> None:
    """Another value of it has the check run again."""
    tag = CfnParameter(gated, "Tag", type="String")
    _task(gated, _existing(gated), tag.value_as_string)
    (image,) = _images(gated)
    assert image["Image"] == {"Ref": "Tag"}


def test_an_account_and_region_that_are_not_known_are_the_stacks() -> None:
    """Account and Region are pseudo parameters in the image, and in the repository's ARN."""
    stack = Stack(App(context=IMAGES), "Stack")
    _task(stack, _existing(stack))
    assert [one["Image"] for one in _images(stack)] == ["1.4"]


@pytest.mark.parametrize(
    "uri",
    [
        f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com/team/app:1.4",
        f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/team/app:1.4",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/other:1.4",
        "public.ecr.aws/team/app:1.4",
        "team/app:1.4",
    ],
)
def test_an_image_of_another_repository_is_not_required(gated: Stack, uri: str) -> None:
    """It is not this library's."""
    _existing(gated)
    AccessCheck.of(gated)
    ecs.CfnTaskDefinition(gated, "Task", container_definitions=[{"name": "web", "image": uri}])
    assert _images(gated) == []


@pytest.mark.parametrize(("written", "image"), [(":1.4", "1.4"), (f":1.4@{DIGEST}", DIGEST), ("", "latest")])
def test_an_image_that_is_written_out_is_required(gated: Stack, written: str, image: str) -> None:
    """By its URI; an image without a tag is ``latest``, and a digest goes before a tag."""
    _existing(gated)
    AccessCheck.of(gated)
    uri = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/app{written}"
    ecs.CfnTaskDefinition(gated, "Task", container_definitions=[{"name": "web", "image": uri}])
    assert [one["Image"] for one in _images(gated)] == [image]


def test_an_image_is_required_once(gated: Stack) -> None:
    """However many resources run it; the role names the repository once."""
    existing = _existing(gated)
    _task(gated, existing)
    task = ecs.FargateTaskDefinition(gated, "Second")
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(existing, "1.4"))
    assert len(_images(gated)) == 1
    statements = [one for one in rendered(gated).checks_own if "ecr:DescribeImages" in str(one["Action"])]
    assert [one["Resource"] for one in statements] == [_arn("team/app")]


@pytest.mark.parametrize("counts", [[0], [0, 0]])
def test_a_service_that_is_to_run_no_task_needs_no_image(gated: Stack, counts: list[int]) -> None:
    """So that a repository can be made, pushed to, and run from in one stack."""
    _with_services(gated, counts)
    assert _images(gated) == []
    assert "DependsOn" not in rendered(gated).one("AWS::ECS::TaskDefinition")


@pytest.mark.parametrize("counts", [[], [1], [None], [0, 2]])
def test_a_task_that_may_be_run_needs_its_image(gated: Stack, counts: list[int | None]) -> None:
    """By one of its services; and without a service by what runs tasks elsewhere."""
    _with_services(gated, counts)
    assert [one["Image"] for one in _images(gated)] == ["1.4"]


def _with_services(stack: Stack, counts: Sequence[int | None]) -> None:
    task = _task(stack, _existing(stack))
    for index, count in enumerate(counts):
        _service(stack, task, count, f"Service{index}")


def test_what_an_aspect_changes_is_what_is_required(gated: Stack) -> None:
    """The resources are read when all aspects have had their say; nothing is kept before."""
    existing = _existing(gated)
    task = _task(gated, existing)
    image = ecs.ContainerImage.from_ecr_repository(existing, "2.0")

    def add() -> None:
        task.add_container("side", image=image)

    Aspects.of(task).add(OnVisit(add))
    assert [one["Image"] for one in _images(gated)] == ["1.4", "2.0"]


def test_a_repository_of_another_account_is_looked_at_by_its_manifest(gated: Stack) -> None:
    """Its policy usually lets a puller in and no reader."""
    arn = _arn("team/app", OTHER)
    _task(gated, ExistingRepository.from_repository_arn(gated, "Existing", arn, policy_covers_grants=True))
    allowed = [one["Action"] for one in rendered(gated).checks_own if one["Resource"] == arn]
    assert allowed == ["ecr:BatchGetImage"]


@pytest.mark.parametrize(
    ("run", "actions"),
    [
        (_container, ["ecr:DescribeImages", "ecr:BatchGetImage"]),
        (_on_instances, ["ecr:DescribeImages"]),
        (_function, ["ecr:DescribeImages"]),
    ],
)
def test_manifests_are_read_only_where_an_index_may_be(
    gated: Stack, run: Callable[[Stack, ecr.IRepository], None], actions: list[str]
) -> None:
    """They list the variants of an index; Lambda takes none."""
    run(gated, _existing(gated))
    allowed = [one["Action"] for one in rendered(gated).checks_own if "Image" in str(one["Action"])]
    assert [action for one in allowed for action in ([one] if isinstance(one, str) else one)] == actions


def test_a_declared_repository_of_another_account_is_named_by_its_arn() -> None:
    """Its stack comes first, and no reference can cross accounts."""
    app = App(context=IMAGES)
    home = Stack(app, "Home", env=Environment(account=OTHER, region=REGION))
    stack = Stack(app, "Stack", env=ENV)
    repository = AccessibleRepository(home, "Repository", repository_name="team/app")
    _task(stack, repository, execution_role=iam.Role(stack, "Role", role_name="web", assumed_by=TASKS))
    assert [(one["Repository"], "Made" in one) for one in _images(stack)] == [(_arn("team/app", OTHER), False)]
    assert home in stack.dependencies


def test_an_image_that_cannot_be_is_an_error_at_its_resource(gated: Stack) -> None:
    """ECR takes no such tag, so that no push can ever make it."""
    _task(gated, _existing(gated), "1.4+build")
    app = App.of(gated)
    assert app is not None
    (told,) = [str(one.entry.data) for one in app.synth().stacks[0].messages if "1.4+build" in str(one.entry.data)]
    assert told.startswith("the image is '1.4+build'; allowed: a tag of letters, digits and '_.-'")


def test_a_template_with_images_is_the_same_each_time(gated: Stack) -> None:
    """Also when the app is synthesized again."""
    _task(gated, _existing(gated))
    app = App.of(gated)
    assert app is not None
    first = app.synth().stacks[0].template
    assert app.synth(force=True).stacks[0].template == first


def test_environments_of_two_accounts_are_told_apart() -> None:
    """The same name in both."""
    app = App(context=IMAGES)
    stack = Stack(app, "Stack", env=ENV)
    theirs = Stack(app, "Theirs", env=Environment(account=OTHER, region=REGION))
    ExistingRepository.from_repository_name(theirs, "Existing", "team/app")
    _task(stack, _existing(stack))
    assert [one["Repository"] for one in _images(stack)] == [_arn("team/app")]
    assert Template.from_stack(theirs).find_resources("Custom::EcrAccessCheck") == {}
