"""What a grant renders in the repository's policy, for principals that have no policies here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import CfnParameter, Fn, Stack
from aws_cdk import aws_iam as iam

from tests.reading import (
    ACCOUNT,
    FOREIGN_ROLE,
    FOREIGN_ROOT,
    OTHER,
    PULL,
    REGION,
    ROLE,
    TOKEN,
    Rendered,
    built,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CI = iam.AccountRootPrincipal()
TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "web"}}


def pulled_by(make: Callable[[Stack], Any]) -> Rendered:
    """Grant a pull to what is made in the repository's stack."""
    return built(lambda stack, repository: repository.grant_pull(make(stack)))


def actions(statements: list[dict[str, Any]]) -> list[list[str]]:
    """The actions of each statement, as lists."""
    return [[one["Action"]] if isinstance(one["Action"], str) else one["Action"] for one in statements]


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: iam.Role.from_role_arn(stack, "One", ROLE, mutable=False),
        lambda _: iam.ArnPrincipal(ROLE),
        lambda _: iam.ArnPrincipal(ROLE).grant_principal,
    ],
)
def test_a_role_whose_policies_cannot_be_changed_is_trusted_by_the_repository(make: Callable[[Stack], Any]) -> None:
    """Where aws_ecr renders nothing and reports success, the repository policy names the role."""
    found = pulled_by(make)
    assert found.identity_side == []
    assert found.repository_side == [{"Effect": "Allow", "Action": PULL, "Principal": {"AWS": ROLE}}]


@pytest.mark.parametrize(
    "path", ["aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0a1b", "aws-service-role/ecs.amazonaws.com/Ecs"]
)
def test_a_role_that_only_aws_changes_is_trusted_by_the_repository(path: str) -> None:
    """IAM refuses every policy that others attach to it, at deploy time: it is immutable, whatever the import says."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{path}"
    found = pulled_by(lambda stack: iam.Role.from_role_arn(stack, "One", arn))
    assert found.identity_side == []
    assert found.repository_side == [{"Effect": "Allow", "Action": PULL, "Principal": {"AWS": arn}}]
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(arn, True)]


def test_the_token_of_an_immutable_role_is_proved_and_not_assumed() -> None:
    """Nothing here can give it the token, so the check finds out whether it has it."""
    found = pulled_by(lambda stack: iam.Role.from_role_arn(stack, "One", ROLE, mutable=False))
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(ROLE, True)]


def test_a_role_made_here_without_policy_updates_is_trusted_by_the_repository() -> None:
    """The role takes no statement, even from the app that makes it."""
    found = pulled_by(lambda stack: iam.Role(stack, "One", assumed_by=CI).without_policy_updates())
    (statement,) = found.repository_side
    assert found.identity_side == []
    assert "Fn::GetAtt" in statement["Principal"]["AWS"]


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (lambda _, arn: iam.ArnPrincipal(arn), FOREIGN_ROLE),
        (lambda _, arn: iam.ArnPrincipal(arn), f"arn:aws:iam::{OTHER}:role/ci-*"),
        (lambda stack, arn: iam.Role.from_role_arn(stack, "One", arn), FOREIGN_ROLE),
        (lambda stack, arn: iam.User.from_user_arn(stack, "One", arn), f"arn:aws:iam::{OTHER}:user/bob"),
    ],
)
def test_a_principal_of_another_account_is_trusted_through_its_account(
    make: Callable[[Stack, str], Any], arn: str
) -> None:
    """Its account's root under a condition on its ARN, and nothing for a namesake in this account."""
    found = pulled_by(lambda stack: make(stack, arn))
    assert found.identity_side == []
    assert found.repository_side == [
        {
            "Effect": "Allow",
            "Action": PULL,
            "Principal": {"AWS": FOREIGN_ROOT},
            "Condition": {"ArnLike": {"aws:PrincipalArn": arn}},
        }
    ]
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(arn, False)]


@pytest.mark.parametrize(
    ("principal", "name"),
    [
        (iam.AccountPrincipal(OTHER), OTHER),
        (iam.OrganizationPrincipal("o-abc1234567"), "o-abc1234567"),
        (iam.ServicePrincipal("codebuild.amazonaws.com"), "codebuild.amazonaws.com"),
        (
            iam.StarPrincipal().with_conditions(
                {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1/r-b/ou-c/"}}
            ),
            "o-a1/r-b/ou-c/",
        ),
    ],
)
def test_without_policies_here_the_repository_policy_decides(principal: iam.IPrincipal, name: str) -> None:
    """No token is required, and no identity policies may be simulated for it."""
    found = pulled_by(lambda _: principal)
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(name, False)]
    assert "iam:SimulatePrincipalPolicy" not in [action for some in actions(found.checks_own) for action in some]


def test_an_organization_is_a_star_under_a_condition() -> None:
    """The star is never rendered without the condition that closes it."""
    found = pulled_by(lambda _: iam.OrganizationPrincipal("o-abc1234567").with_conditions(TAGGED))
    (statement,) = found.repository_side
    assert statement["Principal"] == {"AWS": "*"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-abc1234567", "aws:PrincipalTag/team": "web"}
    }


@pytest.mark.parametrize(
    ("service", "condition"),
    [
        (iam.ServicePrincipal("codebuild.amazonaws.com"), {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        (
            iam.ServicePrincipal("codebuild.amazonaws.com", conditions={"StringLike": {"aws:SourceArn": "arn:aws:x"}}),
            {"StringLike": {"aws:SourceArn": "arn:aws:x"}},
        ),
        (
            iam.ServicePrincipal("lambda.amazonaws.com"),
            {
                "StringLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"},
            },
        ),
    ],
)
def test_a_service_acts_for_this_account_alone(service: iam.IPrincipal, condition: dict[str, Any]) -> None:
    """Unless the grant's caller names the source, the confused deputy is shut out."""
    (statement,) = pulled_by(lambda _: service).repository_side
    assert statement["Principal"].keys() == {"Service"}
    assert statement["Condition"] == condition


def test_a_service_may_be_a_parameter() -> None:
    """A token stays a token on its way through the grant."""
    found = pulled_by(lambda stack: iam.ServicePrincipal(CfnParameter(stack, "Service").value_as_string))
    assert found.repository_side[0]["Principal"] == {"Service": {"Ref": "Service"}}
    assert found.principals == [{"Ref": "Service"}]


def test_an_imported_arn_is_left_to_the_check() -> None:
    """Which principal it names, and in which account, is known at deploy time."""
    found = pulled_by(lambda _: iam.ArnPrincipal(Fn.import_value("RoleArn")))
    assert [one["Principal"] for one in found.repository_side] == [{"AWS": {"Fn::ImportValue": "RoleArn"}}]
    assert [one["Token"] for one in found.requirements] == [True]


def test_a_composite_is_a_statement_and_a_requirement_each() -> None:
    """Principals without conditions share a statement, and each other one keeps its own conditions."""
    parts = (iam.AccountPrincipal(OTHER), iam.ArnPrincipal(ROLE), iam.ServicePrincipal("codebuild.amazonaws.com"))
    found = pulled_by(lambda _: iam.CompositePrincipal(*parts))
    assert [one["Principal"] for one in found.repository_side] == [
        {"AWS": [FOREIGN_ROOT, ROLE]},
        {"Service": "codebuild.amazonaws.com"},
    ]
    assert set(found.principals) == {OTHER, ROLE, "codebuild.amazonaws.com"}


def test_conditions_around_a_role_are_never_dropped() -> None:
    """CDK hands statements on to the role without them, so the repository policy carries them instead."""
    found = pulled_by(lambda stack: iam.PrincipalWithConditions(iam.Role(stack, "One", assumed_by=CI), TAGGED))
    assert PULL not in [one["Action"] for one in found.identity_side]
    assert [one["Condition"] for one in found.repository_side] == [TAGGED]


@pytest.mark.parametrize(
    "wrap",
    [lambda role: iam.PrincipalWithConditions(role, TAGGED), iam.SessionTagsPrincipal],
    ids=["conditions", "session tags"],
)
def test_a_role_in_a_wrapper_is_allowed_the_token(wrap: Callable[[iam.IPrincipal], iam.IPrincipal]) -> None:
    """No repository policy can allow it, and the check proves that the role has it."""
    found = pulled_by(lambda stack: wrap(iam.Role(stack, "One", assumed_by=CI)))
    assert [(one["Action"], one["Resource"]) for one in found.identity_side] == [(TOKEN, "*")]
    assert [one["Token"] for one in found.requirements] == [True]
