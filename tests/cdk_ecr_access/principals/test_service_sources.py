"""For which accounts a service acts, as the conditions of a grant name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, CfnParameter, Fn, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import ACCOUNT, OTHER, ROLE, built, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

CODEBUILD = "codebuild.amazonaws.com"
THIRD = "777788889999"
PROJECTS = "arn:aws:codebuild:eu-west-1:{}:project/*"


def accounts_under(conditions: Callable[[Stack], dict[str, Any]]) -> list[Any]:
    """The accounts that the requirement names of a service that was granted a pull under conditions."""
    found = built(
        lambda stack, repository: repository.grant_pull(iam.ServicePrincipal(CODEBUILD, conditions=conditions(stack)))
    )
    return [one.get("Accounts") for one in found.requirements]


@pytest.mark.parametrize(
    ("conditions", "accounts"),
    [
        ({"StringEquals": {"aws:SourceAccount": OTHER}}, [OTHER]),
        ({"StringEquals": {"AWS:sourceaccount": [OTHER, ACCOUNT]}}, [OTHER, ACCOUNT]),
        ({"ForAnyValue:StringLikeIfExists": {"aws:SourceAccount": [OTHER]}}, [OTHER]),
        ({"ArnLike": {"aws:SourceArn": PROJECTS.format(OTHER)}}, [OTHER]),
        ({"StringLike": {"aws:SourceArn": [PROJECTS.format(OTHER), PROJECTS.format(THIRD)]}}, [OTHER, THIRD]),
        ({"StringEquals": {"aws:SourceAccount": OTHER}, "ArnLike": {"aws:SourceArn": PROJECTS.format("*")}}, [OTHER]),
    ],
)
def test_the_accounts_that_a_condition_names_are_required(conditions: dict[str, Any], accounts: list[str]) -> None:
    """The access check proves that the service may act for each of them."""
    assert accounts_under(lambda _: conditions) == [accounts]


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        {"ArnLike": {"aws:SourceArn": PROJECTS.format(ACCOUNT)}},
        {"ArnLike": {"aws:SourceArn": PROJECTS.format("*")}},
        {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}},
        {"StringNotEquals": {"aws:SourceAccount": OTHER}},
        {"StringEquals": {"aws:PrincipalTag/account": OTHER}},
    ],
)
def test_the_own_account_is_required_without_a_name(conditions: dict[str, Any]) -> None:
    """The check knows it at deploy time, also in a stack that does not; so it is where no condition names any."""
    assert accounts_under(lambda _: conditions) == [None]


def test_an_account_may_be_known_at_deployment_alone() -> None:
    """A parameter, a list of them, an intrinsic function, the ARN of a project that is made there."""

    def under(make: Callable[[Stack], Any], key: str = "aws:SourceAccount") -> Any:
        return accounts_under(lambda stack: {"StringEquals": {key: make(stack)}})

    assert under(lambda stack: CfnParameter(stack, "Id").value_as_string) == [[{"Ref": "Id"}]]
    several = under(lambda stack: CfnParameter(stack, "Ids", type="CommaDelimitedList").value_as_list)
    assert several == [{"Ref": "Ids"}]
    assert under(lambda _: Fn.get_att("Other", "Account")) == [[{"Fn::GetAtt": ["Other", "Account"]}]]
    assert under(lambda _: f"arn:aws:codebuild:eu-west-1:{Fn.ref('Id')}:project/*", "aws:SourceArn") == [
        [{"Ref": "Id"}]
    ]
    arn = under(lambda _: Fn.import_value("ProjectArn"), "aws:SourceArn")
    assert arn == [[{"Fn::Select": [4, {"Fn::Split": [":", {"Fn::ImportValue": "ProjectArn"}]}]}]]


def test_a_project_that_is_made_here_names_its_account() -> None:
    """Its ARN is an attribute, of which the account is a part."""

    def conditions(stack: Stack) -> dict[str, Any]:
        spec = codebuild.BuildSpec.from_object({"version": "0.2"})
        project = codebuild.Project(stack, "Project", build_spec=spec)
        return {"ArnEquals": {"aws:SourceArn": project.project_arn}}

    ((account,),) = accounts_under(conditions)
    assert "Fn::Select" in account


def test_the_own_account_of_an_agnostic_stack_has_no_name(app: App) -> None:
    """Grants of a stack without an environment are proved for the account that it is deployed to."""
    stack = Stack(app, "Agnostic")
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_lambda_pull(accounts=[stack.account])
    repository.grant_lambda_pull(accounts=[Aws.ACCOUNT_ID, OTHER])
    named = [one["Accounts"] for one in rendered(stack).requirements if "Accounts" in one]
    assert named == [[{"Ref": "AWS::AccountId"}, OTHER]]


def test_an_account_that_is_required_alone_is_named_too(stack: Stack, repository: AccessibleRepository) -> None:
    """Without a grant of this app."""
    service = iam.ServicePrincipal(CODEBUILD, conditions={"StringEquals": {"aws:SourceAccount": OTHER}})
    AccessCheck.of(stack).require_pull(service, repository)
    assert [one["Accounts"] for one in rendered(stack).requirements] == [[OTHER]]


def test_a_role_acts_for_itself(stack: Stack, repository: AccessibleRepository) -> None:
    """Whatever its conditions say: the keys of a source are a service's."""
    role = iam.ArnPrincipal(ROLE).with_conditions({"StringEquals": {"aws:SourceAccount": OTHER}})
    repository.grant_pull(role)
    assert all("Accounts" not in one for one in rendered(stack).requirements)
