"""Lambda functions of other accounts in the app, which run images of a repository that it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aspects, CfnParameter, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository, ExistingRepository
from cdk_ecr_access.cdk.on_visit import OnVisit
from tests.reading import ACCOUNT, ENV, FOREIGN_ROOT, OTHER, REGION, REQUIRED_PULL, Rendered, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

LAMBDA = "lambda.amazonaws.com"
THIRD = "777788889999"
THERE = Environment(account=OTHER, region=REGION)
FUNCTIONS = f"arn:aws:lambda:{REGION}:{{}}:function:*"


def function(scope: Construct, repository: ecr.IRepository, name: str = "Function") -> None:
    """A function that runs an image of a repository."""
    code = lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="1.0")
    lambda_.DockerImageFunction(scope, name, code=code)


def sources(found: Rendered) -> list[Any]:
    """The functions for which Lambda may pull."""
    services = [one for one in found.repository_side if "Service" in one["Principal"]]
    (functions,) = [one["Condition"]["StringLike"]["aws:SourceArn"] for one in services]
    return functions if isinstance(functions, list) else [functions]


def roots(found: Rendered) -> list[Any]:
    """The accounts that may pull."""
    return [one["Principal"]["AWS"] for one in found.repository_side if "AWS" in one["Principal"]]


def test_a_function_of_another_account_gets_both_statements(
    app: App, stack: Stack, repository: AccessibleRepository
) -> None:
    """Lambda may pull for its account's functions, and so may that account, whose roles create them."""
    function(Stack(app, "There", env=THERE), repository)
    found = rendered(stack)
    assert sources(found) == [FUNCTIONS.format(ACCOUNT), FUNCTIONS.format(OTHER)]
    assert roots(found) == [FOREIGN_ROOT]
    assert all(one["Action"] == REQUIRED_PULL for one in found.repository_side)


def test_what_is_rendered_for_it_is_proved(app: App, stack: Stack, repository: AccessibleRepository) -> None:
    """The requirements name the account; its administrators find the policy of the role that creates it."""
    function(Stack(app, "There", env=THERE), repository)
    found = rendered(stack)
    assert [(one["Principal"], one.get("Accounts")) for one in found.requirements] == [
        (LAMBDA, None),
        (OTHER, None),
        (LAMBDA, [OTHER]),
    ]
    assert list(found.template["Outputs"]) == [f"EcrLambdaPullPolicyFor{OTHER}"]


def test_it_is_deployed_after_the_policy(app: App, stack: Stack, repository: AccessibleRepository) -> None:
    """Lambda reads the image when it creates the function."""
    there = Stack(app, "There", env=THERE)
    function(there, repository)
    app.synth()
    assert [one.stack_name for one in there.dependencies] == [stack.stack_name]


def test_a_stack_that_comes_first_stays_first(app: App, stack: Stack, repository: AccessibleRepository) -> None:
    """An app may say so, directly or by a third stack; the synthesis does not end in a circle."""
    there, between = Stack(app, "There", env=THERE), Stack(app, "Between", env=ENV)
    function(there, repository)
    stack.add_stack_dependency(between)
    between.add_stack_dependency(there)
    assert roots(rendered(stack)) == [FOREIGN_ROOT]
    assert there.dependencies == []


@pytest.mark.parametrize(
    "make",
    [
        lambda app, one: function(NestedStack(Stack(app, "There", env=THERE), "Nested"), one),
        lambda app, one: function(Stack(Stage(app, "Stage"), "There", env=THERE), one),
        lambda app, one: function(Stack(Stack(app, "Around", env=ENV), "There", env=THERE), one),
        lambda app, one: lambda_.Function(
            Stack(app, "There", env=THERE),
            "Function",
            code=lambda_.Code.from_ecr_image(one, tag_or_digest="sha256:" + "a" * 64),
            handler=lambda_.Handler.FROM_IMAGE,
            runtime=lambda_.Runtime.FROM_IMAGE,
        ),
    ],
    ids=["nested stack", "another stage", "stack in a stack", "by digest"],
)
def test_it_is_found_wherever_it_is(
    app: App, stack: Stack, repository: AccessibleRepository, make: Callable[[App, ecr.IRepository], object]
) -> None:
    """In the whole tree."""
    make(app, repository)
    assert roots(rendered(stack)) == [FOREIGN_ROOT]


def test_it_is_found_when_an_aspect_declares_it(app: App, stack: Stack, repository: AccessibleRepository) -> None:
    """As one of the stack over there, which comes before the repository's."""
    there = Stack(app, "There", env=THERE)
    function(there, repository, "First")
    Aspects.of(app).add(
        OnVisit(lambda: function(Stack(app, "Late", env=Environment(account=THIRD, region=REGION)), repository))
    )
    assert roots(rendered(stack)) == [[FOREIGN_ROOT, f"arn:aws:iam::{THIRD}:root"]]


def test_each_account_is_named_once(app: App, stack: Stack, repository: AccessibleRepository) -> None:
    """However many of its functions there are, and whether it was granted by hand."""
    there = Stack(app, "There", env=THERE)
    for name in ("One", "Two"):
        function(there, repository, name)
    repository.grant_lambda_pull(accounts=[OTHER, THIRD])
    found = rendered(stack)
    assert sorted(sources(found)) == sorted(map(FUNCTIONS.format, (ACCOUNT, OTHER, THIRD)))
    assert roots(found) == [[FOREIGN_ROOT, f"arn:aws:iam::{THIRD}:root"]]


@pytest.mark.parametrize(
    "env",
    [None, ENV, Environment(account=ACCOUNT, region="us-east-1"), Environment(account=OTHER, region="us-east-1")],
    ids=["unknown", "own", "own, another Region", "another, another Region"],
)
def test_any_other_function_changes_nothing(
    app: App, stack: Stack, repository: AccessibleRepository, env: Environment | None
) -> None:
    """Lambda runs images of its own Region alone; an account that is not known may be the repository's."""
    function(Stack(app, "There", env=env), repository)
    found = rendered(stack)
    assert sources(found) == [FUNCTIONS.format(ACCOUNT)]
    assert roots(found) == []


def test_a_repository_gets_the_accounts_of_its_own_images(
    app: App, stack: Stack, repository: AccessibleRepository
) -> None:
    """Another repository's functions, and functions that are no images, are not meant."""
    base = AccessibleRepository(stack, "Base", repository_name="team/base")
    there = Stack(app, "There", env=THERE)
    function(there, base)
    function(stack, repository)
    lambda_.Function(
        there, "Zip", code=lambda_.Code.from_inline("1"), handler="i.h", runtime=lambda_.Runtime.PYTHON_3_13
    )
    policies = Template.from_stack(stack).find_resources("AWS::ECR::Repository").values()
    granted = {one["Properties"]["RepositoryName"]: str(one["Properties"]["RepositoryPolicyText"]) for one in policies}
    assert {name: OTHER in policy for name, policy in granted.items()} == {"team/base": True, "team/app": False}


def test_a_name_that_is_known_at_deployment_alone_names_no_function(app: App, stack: Stack) -> None:
    """Then nothing can be found, and grant_lambda_pull names the account."""
    name = CfnParameter(stack, "Name").value_as_string
    repository = AccessibleRepository(stack, "Repository", repository_name=name)
    function(stack, repository)
    code = lambda_.CfnFunction.CodeProperty(image_uri=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/app:1")
    role = f"arn:aws:iam::{OTHER}:role/f"
    lambda_.CfnFunction(Stack(app, "There", env=THERE), "Function", code=code, role=role, package_type="Image")
    assert roots(rendered(stack)) == []


def test_accounts_that_are_given_for_lambda_are_all_that_it_pulls_for(
    app: App, stack: Stack, repository: AccessibleRepository
) -> None:
    """No other account is added to a grant under a condition of the caller's."""
    condition = {"StringLike": {"aws:SourceArn": FUNCTIONS.format(THIRD)}}
    repository.grant_pull(iam.ServicePrincipal(LAMBDA, conditions=condition))
    code = lambda_.CfnFunction.CodeProperty(image_uri=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/app:1")
    role = f"arn:aws:iam::{OTHER}:role/f"
    lambda_.CfnFunction(Stack(app, "There", env=THERE), "Function", code=code, role=role, package_type="Image")
    found = rendered(stack)
    assert sources(found) == [FUNCTIONS.format(THIRD)]
    assert roots(found) == []


def test_an_existing_repository_has_to_let_it_in(app: App, stack: Stack) -> None:
    """Nothing is rendered, and both statements are required of its policy."""
    base = ExistingRepository.from_repository_name(stack, "Base", "platform/base", policy_covers_grants=True)
    function(Stack(app, "There", env=THERE), base)
    found = rendered(stack)
    assert [(one["Principal"], one.get("Accounts")) for one in found.requirements] == [
        (LAMBDA, None),
        (OTHER, None),
        (LAMBDA, [OTHER]),
    ]
