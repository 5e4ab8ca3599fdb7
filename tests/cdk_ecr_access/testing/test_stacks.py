"""Assertions on stacks and apps, roles and repositories given as constructs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, NestedStack, Stack, Stage, aws_lambda
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository, ExistingRepository
from cdk_ecr_access.testing import (
    assert_can_pull,
    assert_can_push,
    assert_cannot_pull,
    assert_cannot_push,
    assert_has_token,
    assert_no_token_on_resource,
)
from tests.reading import ENV, OTHER, PULL, REGION, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

OWN_ACCOUNT = iam.AccountRootPrincipal()


@dataclass(frozen=True)
class Apart:
    """Repositories in one stack, a pipeline in another, a service in another account."""

    app: App
    images: Stack
    services: Stack
    web: AccessibleRepository
    api: ecr.Repository
    base: ExistingRepository
    ci: iam.Role
    far: iam.Role


@pytest.fixture(scope="module")
def apart() -> Apart:
    """Make it once: nothing changes it."""
    app = App()
    images, services = Stack(app, "Images", env=ENV), Stack(app, "Services", env=ENV)
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    web = AccessibleRepository(images, "Web", repository_name="team/web")
    api = ecr.Repository(images, "Api")
    base = ExistingRepository.from_repository_name(services, "Base", "platform/base")
    ci = iam.Role(services, "Ci", assumed_by=OWN_ACCOUNT)
    far = iam.Role(there, "Far", role_name="far", assumed_by=OWN_ACCOUNT)
    web.grant_push(ci)
    web.grant_pull(far)
    base.grant_pull(ci)
    api.grant_pull(ci)
    return Apart(app, images, services, web, api, base, ci, far)


def test_role_and_repository_in_different_stacks(apart: Apart) -> None:
    """The app knows both."""
    assert_can_push(apart.app, apart.ci, apart.web)
    assert_cannot_push(apart.app, apart.ci, apart.api)
    assert_can_pull(apart.app, apart.ci, apart.api)
    assert_has_token(apart.app, apart.ci)
    assert_no_token_on_resource(apart.app)


def test_the_other_account_needs_both_sides(apart: Apart) -> None:
    """The role's own policy, and that of the repository under its condition on the role."""
    assert_can_pull(apart.app, apart.far, apart.web)
    assert_cannot_push(apart.app, apart.far, apart.web)
    assert_cannot_pull(apart.app, apart.far, apart.api)


@pytest.mark.parametrize("side", ["identity", "repository", "both"])
def test_one_side_is_not_enough_for_another_account(side: str) -> None:
    """As it is at home."""
    app = App()
    repository = ecr.Repository(Stack(app, "Images", env=ENV), "Web", repository_name="team/web")
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    role = iam.Role(there, "Far", role_name="far", assumed_by=OWN_ACCOUNT)
    if side != "repository":
        role.add_to_policy(iam.PolicyStatement(actions=[*PULL, TOKEN], resources=["*"]))
    if side != "identity":
        principal = iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/far")
        repository.add_to_resource_policy(iam.PolicyStatement(actions=PULL, principals=[principal]))
    check = assert_can_pull if side == "both" else assert_cannot_pull
    check(app, role, repository)


def test_why_one_side_is_not_enough_is_said(apart: Apart) -> None:
    """And that the condition on the other is not met."""
    other = iam.Role(stack := Stack(App(), "Other", env=Environment(account=OTHER)), "Other", assumed_by=OWN_ACCOUNT)
    ecr.AuthorizationToken.grant_read(other)
    with pytest.raises(AssertionError) as caught:
        assert_can_pull([apart.app, stack], other, apart.web)
    *_, theirs, last, _code = str(caught.value).splitlines()
    assert theirs.endswith(":root, under a condition on aws:principalarn, which is not met")
    assert last == (
        "the repository is in another account, so that its policy and one of the identity's have to allow it"
    )


@pytest.mark.parametrize(
    ("resource", "check"),
    [
        ("arn:aws:ecr:eu-central-1:repository/*", assert_cannot_pull),
        ("arn:aws:ecr", assert_can_pull),
        ("arn:aws:ecr:*", assert_can_pull),
        ("arn:*", assert_can_pull),
    ],
)
def test_an_arn_is_completed_as_iam_does(resource: str, check: Callable[..., None]) -> None:
    """What it lacks at its end is anything, so that one without an account reaches no repository."""
    stack = Stack(App(), "Stack", env=ENV)
    web = AccessibleRepository(stack, "Web", repository_name="team/web")
    role = iam.Role(stack, "Ci", assumed_by=OWN_ACCOUNT)
    ecr.AuthorizationToken.grant_read(role)
    role.add_to_policy(iam.PolicyStatement(actions=PULL, resources=[resource]))
    check(stack, role, web)


@pytest.mark.parametrize("check", [assert_can_pull, assert_cannot_pull])
def test_what_a_wildcard_reaches_beyond_its_colon_is_open(check: Callable[..., None]) -> None:
    """AWS says that it may, and not whether the part that the ARN lacks is then made up for."""
    stack = Stack(App(), "Stack", env=ENV)
    web = AccessibleRepository(stack, "Web", repository_name="team/web")
    role = iam.Role(stack, "Ci", assumed_by=OWN_ACCOUNT)
    ecr.AuthorizationToken.grant_read(role)
    role.add_to_policy(iam.PolicyStatement(actions=PULL, resources=["arn:aws:ecr:*:repository/team/web"]))
    with pytest.raises(AssertionError):
        check(stack, role, web)


def test_a_repository_that_exists_already(apart: Apart) -> None:
    """Its own policies allow it, in one account."""
    assert_can_pull(apart.app, apart.ci, apart.base)
    with pytest.raises(AssertionError, match=r"the policy of .*platform/base is in none of the templates"):
        assert_can_push(apart.app, apart.ci, apart.base)


@pytest.mark.parametrize("form", ["stacks", "templates", "documents", "mixed"])
def test_a_list_is_read_as_one_app(apart: Apart, form: str) -> None:
    """Of stacks or of their templates; a template is deployed where the construct is that it declares."""
    templates = [Template.from_stack(one) for one in (apart.images, apart.services)]
    given: dict[str, list[Any]] = {
        "stacks": [apart.images, apart.services],
        "templates": templates,
        "documents": [one.to_json() for one in templates],
        "mixed": [apart.images, templates[1]],
    }
    assert_can_push(given[form], apart.ci, apart.web)
    assert_cannot_push(given[form], apart.ci, apart.api)


def test_a_stack_alone_does_not_know_the_other(apart: Apart) -> None:
    """The error says what to give."""
    words = r"the repository 'Images/Web' is declared in none of the templates; there is no repository in them; "
    with pytest.raises(ValueError, match=f"^{words}given: Services; give the App, or all templates that belong"):
        assert_can_push(apart.services, apart.ci, apart.web)
    with pytest.raises(
        ValueError, match=r"^the role, user or group 'Services/Ci' is declared in none .* given: Images;"
    ):
        assert_can_push(apart.images, apart.ci, apart.web)


def test_a_logical_id_stands_for_a_construct(apart: Apart) -> None:
    """Where only one template has it."""
    role, repository = (
        str(Stack.of(one).resolve(one.node.default_child.logical_id))  # type: ignore[union-attr]
        for one in (apart.ci, apart.web)
    )
    assert_can_push(apart.app, role, repository)
    with pytest.raises(
        ValueError, match=f"^the repository 'web' is declared in none .* declared there: .*{repository};"
    ):
        assert_can_push(apart.app, role, "web")


def test_what_two_stages_declare_is_told_apart_by_the_construct() -> None:
    """The same logical id is in both."""
    app, roles, repositories = App(), [], []
    for name in ("Test", "Live"):
        stack = Stack(Stage(app, name, env=ENV), "Stack")
        repositories.append(AccessibleRepository(stack, "Web", repository_name=f"{name.lower()}/web"))
        roles.append(iam.Role(stack, "Ci", assumed_by=OWN_ACCOUNT))
    repositories[0].grant_push(roles[0])
    assert_can_push(app, roles[0], repositories[0])
    assert_cannot_push(app, roles[0], repositories[1])
    assert_cannot_push(app, roles[1], repositories[0])
    logical_id = str(Stack.of(roles[0]).resolve(roles[0].node.default_child.logical_id))  # type: ignore[union-attr]
    with pytest.raises(
        ValueError, match=r"is declared more than once, in TestStack\w*, LiveStack\w*; give the construct"
    ):
        assert_has_token(app, logical_id)


def test_a_nested_stack_belongs_to_its_stack(stack: Stack) -> None:
    """It is read with it, or by itself."""
    nested = NestedStack(stack, "Nested")
    role = iam.Role(nested, "Ci", assumed_by=OWN_ACCOUNT)
    ecr.AuthorizationToken.grant_read(role)
    assert_has_token(stack, role)
    assert_has_token(nested, role)


def test_what_a_nested_stack_returns_is_known(stack: Stack) -> None:
    """The role's policy names an output of it; the CDK writes no metadata of assets where its CLI does not run."""
    repository = AccessibleRepository(NestedStack(stack, "Nested"), "Web", repository_name="team/web")
    role = iam.Role(stack, "Ci", assumed_by=OWN_ACCOUNT)
    repository.grant_pull(role)
    assert_can_pull(stack, role, repository)
    assert_cannot_push(stack, role, repository)


def test_what_runs_under_a_role_stands_for_it(stack: Stack, repository: AccessibleRepository) -> None:
    """A function is its execution role; a role, user or repository of the L1 is itself."""
    function = aws_lambda.Function(
        stack,
        "Function",
        runtime=aws_lambda.Runtime.PYTHON_3_14,
        handler="index.handle",
        code=aws_lambda.Code.from_inline("def handle(*_): pass"),
    )
    user = iam.User(stack, "User")
    repository.grant_pull(function)
    repository.grant_push(user)
    assert_can_pull(stack, function, repository)
    assert_can_push(stack, user, repository)
    assert_can_push(stack, user.node.default_child, repository.node.default_child)
    assert_cannot_push(stack, function, repository)


def test_of_a_task_it_has_to_be_said_which_role(stack: Stack, repository: AccessibleRepository) -> None:
    """One starts it and pulls, the other is the program's."""
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(repository, "1.0"))
    assert_can_pull(stack, task.execution_role, repository)
    assert_cannot_pull(stack, task.task_role, repository)
    with pytest.raises(
        TypeError, match=r"got FargateTaskDefinition; .*; of a task definition, its execution_role .ECR-ACCESS-101.$"
    ):
        assert_can_pull(stack, task, repository)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], "Ci", "Web"), "no template is given; allowed are an App, a Stack, a template, and a list of these"),
        (
            ("Stack", "Ci", "Web"),
            "a template is expected, got str; allowed are a Stack, an aws_cdk.assertions.Template, and a template as",
        ),
        (({"Resources": {}}, 17, "Web"), "a role, user or group is expected, got int; allowed are a construct"),
        (({"Resources": {"Ci": {"Type": "AWS::IAM::Role"}}}, "Ci", None), "a repository is expected, got None;"),
        (
            ({"Resources": {}}, iam.Role, "Web"),
            "a role, user or group is expected, got the class Role; allowed are a construct",
        ),
        (
            ({"Resources": {"Ci": {"Type": "AWS::IAM::Role"}}}, "Ci", ecr.Repository),
            "a repository is expected, got the class Repo",
        ),
    ],
)
def test_what_is_something_else_is_told(arguments: tuple[Any, Any, Any], message: str) -> None:
    """With what is allowed."""
    with pytest.raises(TypeError, match=f"^{re.escape(message)}"):
        assert_can_pull(*arguments)


def test_a_token_names_nothing_in_a_template(stack: Stack, repository: AccessibleRepository) -> None:
    """Not an ARN, and not a name: the construct does."""
    role = iam.Role(stack, "Ci", assumed_by=OWN_ACCOUNT)
    for arguments in ((role.role_name, repository), (role, repository.repository_arn)):
        with pytest.raises(
            ValueError, match=r"is named by '<known only at deployment>', a token, .*; give the construct that"
        ):
            assert_can_pull(stack, *arguments)


def test_an_assertion_takes_more_than_a_snapshot() -> None:
    """And says so."""
    with pytest.raises(
        TypeError, match=r" as a dict; of an assertion also an App, a Stage, and a list of all these .ECR-ACCESS-703.$"
    ):
        assert_no_token_on_resource(None)  # type: ignore[arg-type]
