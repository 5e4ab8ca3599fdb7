"""How a repository policy names a grantee; pure, without the CDK."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_ecr_access.principals.grantee import Grantee
from cdk_ecr_access.principals.trust import Trust, level_for, trust
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.arns import Registry
from ecr_access.iam.principals import Kind
from tests.reading import ACCOUNT, FOREIGN_ROLE, OTHER, REGION, ROLE

HERE = Registry("aws", REGION, ACCOUNT)
CODEBUILD = "codebuild.amazonaws.com"
UNIT = "o-abc1234567/r-ab12/ou-ab12-11111111/"
TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "web"}}


@pytest.mark.parametrize(
    ("grantee", "trusted"),
    [
        (Grantee(Kind.IAM_IDENTITY, ROLE, ACCOUNT), Trust("AWS", ROLE)),
        (Grantee(Kind.ACCOUNT, OTHER, OTHER), Trust("AWS", f"arn:aws:iam::{OTHER}:root")),
        (
            Grantee(Kind.ORGANIZATION, "o-abc1234567"),
            Trust("AWS", "*", {"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}}),
        ),
        (
            Grantee(Kind.ORGANIZATIONAL_UNIT, UNIT),
            Trust("AWS", "*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": UNIT}}),
        ),
        (
            Grantee(Kind.SERVICE, CODEBUILD),
            Trust("Service", CODEBUILD, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        ),
        (
            Grantee(Kind.SERVICE, "lambda.amazonaws.com"),
            Trust(
                "Service",
                "lambda.amazonaws.com",
                {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}},
            ),
        ),
    ],
    ids=lambda one: one.kind.name if isinstance(one, Grantee) else "",
)
def test_each_kind_is_named_as_narrowly_as_iam_allows(grantee: Grantee, trusted: Trust) -> None:
    """A statement names the principal, and confines a service to this account."""
    assert trust(grantee, HERE, home=HERE, foreign=False) == trusted


@pytest.mark.parametrize(
    ("service", "condition"),
    [
        (CODEBUILD, {"StringEquals": {"aws:SourceAccount": OTHER}}),
        ("lambda.amazonaws.com", {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:us-east-1:{OTHER}:function:*"}}),
    ],
)
def test_a_service_acts_for_the_stack_that_grants(service: str, condition: dict[str, Any]) -> None:
    """For its own account and Region, and never for the account or Region of another account's repository."""
    home = Registry("aws", "us-east-1", OTHER)
    assert trust(Grantee(Kind.SERVICE, service), HERE, home=home, foreign=False).conditions == condition


@pytest.mark.parametrize("level", AccessLevel)
def test_lambda_pulls_in_a_way_of_its_own(level: AccessLevel) -> None:
    """Two actions and no token; any other level, and any other principal, is what was asked for."""
    lambda_ = Grantee(Kind.SERVICE, "lambda.amazonaws.com")
    assert level_for(lambda_, level) is (AccessLevel.LAMBDA_PULL if level is AccessLevel.PULL else level)
    assert level_for(Grantee(Kind.SERVICE, CODEBUILD), level) is level
    assert level_for(Grantee(Kind.IAM_IDENTITY, ROLE, ACCOUNT), level) is level


def test_a_foreign_role_is_its_account_under_a_condition() -> None:
    """A role of another account may not exist yet, and may be deleted and created again."""
    assert trust(Grantee(Kind.IAM_IDENTITY, FOREIGN_ROLE, OTHER), HERE, home=HERE, foreign=True) == Trust(
        "AWS", f"arn:aws:iam::{OTHER}:root", {"ArnLike": {"aws:PrincipalArn": FOREIGN_ROLE}}
    )


def test_a_foreign_role_may_be_a_pattern() -> None:
    """The condition on the ARN knows wildcards, unlike the principal."""
    pattern = f"arn:aws:iam::{OTHER}:role/ci-*"
    found = trust(Grantee(Kind.IAM_IDENTITY, pattern, OTHER), HERE, home=HERE, foreign=True)
    assert found.conditions == {"ArnLike": {"aws:PrincipalArn": pattern}}


@pytest.mark.parametrize(
    "grantee",
    [
        Grantee(Kind.IAM_IDENTITY, ROLE, ACCOUNT, TAGGED),
        Grantee(Kind.ACCOUNT, OTHER, OTHER, TAGGED),
        Grantee(Kind.ORGANIZATION, "o-abc1234567", conditions=TAGGED),
        Grantee(Kind.ORGANIZATIONAL_UNIT, UNIT, conditions=TAGGED),
        Grantee(Kind.SERVICE, CODEBUILD, conditions=TAGGED),
    ],
    ids=lambda grantee: grantee.kind.name,
)
@pytest.mark.parametrize("foreign", [False, True])
def test_the_callers_conditions_are_kept(grantee: Grantee, *, foreign: bool) -> None:
    """Conditions are added to, under the same operator too, and never changed in place."""
    found = trust(grantee, HERE, home=HERE, foreign=foreign).conditions["StringEquals"]
    assert found["aws:PrincipalTag/team"] == "web"
    assert TAGGED == {"StringEquals": {"aws:PrincipalTag/team": "web"}}


@pytest.mark.parametrize(
    "own",
    [
        {"ArnLike": {"aws:SourceArn": "arn:aws:codebuild:*:444455556666:project/*"}},
        {"StringEquals": {"AWS:sourceaccount": OTHER}},
        {"StringEquals": {"aws:SourceOrgID": "o-abc1234567"}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": UNIT}},
    ],
)
@pytest.mark.parametrize("service", [CODEBUILD, "lambda.amazonaws.com"])
def test_a_service_that_the_caller_confined_is_not_confined_again(service: str, own: dict[str, Any]) -> None:
    """A condition that names the source of a service is complete."""
    assert trust(Grantee(Kind.SERVICE, service, conditions=own), HERE, home=HERE, foreign=False).conditions == own


@pytest.mark.parametrize("account", [ACCOUNT, "${AWS::AccountId}"])
def test_the_repositorys_own_account_is_refused(account: str) -> None:
    """Its root in a policy leaves the decision to IAM, so the grant would allow no call."""
    with pytest.raises(
        ValueError, match=r"the repository's own: .* grant to the roles or users themselves .ECR-ACCESS-201.$"
    ):
        trust(Grantee(Kind.ACCOUNT, account, account), HERE, home=HERE, foreign=False)


def test_the_stacks_own_account_is_another_one_for_a_repository_of_another_account() -> None:
    """A statement for its root allows it there."""
    home = Registry("aws", REGION, "${Token[AWS.AccountId.0]}")
    own = Grantee(Kind.ACCOUNT, home.account, "${AWS::AccountId}")
    assert trust(own, HERE, home=home, foreign=False).principal == f"arn:aws:iam::{home.account}:root"


@pytest.mark.parametrize("wildcard", ["*", "ci-?"])
def test_a_pattern_of_this_accounts_roles_is_refused(wildcard: str) -> None:
    """ECR refuses a wildcard in a principal of the repository's account."""
    with pytest.raises(ValueError, match=r"knows no wildcard .* grant to each of them .ECR-ACCESS-201.$"):
        trust(
            Grantee(Kind.IAM_IDENTITY, f"arn:aws:iam::{ACCOUNT}:role/{wildcard}", ACCOUNT),
            HERE,
            home=HERE,
            foreign=False,
        )


def test_a_pattern_of_organizations_is_refused() -> None:
    """An organization's id is compared for equality, so a pattern would allow no call."""
    with pytest.raises(ValueError, match=r"'o-\*': its id has no wildcard"):
        trust(Grantee(Kind.ORGANIZATION, "o-*"), HERE, home=HERE, foreign=False)


@pytest.mark.parametrize("foreign", [True, False])
def test_a_role_of_another_partition_is_refused(*, foreign: bool) -> None:
    """No policy lets it in, and the condition on its ARN would never be met."""
    there = Registry("aws-cn", "cn-north-1", ACCOUNT)
    with pytest.raises(
        ValueError,
        match=rf"^cannot grant to '{ROLE}': it is of partition 'aws', and a repository of 'aws-cn' lets in no "
        rf"principal of another; did you mean 'arn:aws-cn:iam::{ACCOUNT}:role/ci'\? \[ECR-ACCESS-201\]$",
    ):
        trust(Grantee(Kind.IAM_IDENTITY, ROLE, ACCOUNT), there, home=there, foreign=foreign)


@pytest.mark.parametrize("partition", ["aws", "${Token[AWS.Partition.3]}"])
@pytest.mark.parametrize("own", ["aws", "${Token[AWS.Partition.3]}"])
def test_a_partition_that_may_be_the_repositorys_is_no_other(partition: str, own: str) -> None:
    """The Region of an environment-agnostic stack is known only at deployment."""
    arn, there = f"arn:{partition}:iam::{ACCOUNT}:role/ci", Registry(own, REGION, ACCOUNT)
    assert trust(Grantee(Kind.IAM_IDENTITY, arn), there, home=there, foreign=False) == Trust("AWS", arn)
