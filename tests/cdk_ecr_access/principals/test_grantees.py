"""A CDK grantee is taken apart into the principals that IAM will see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, CfnJson, CfnParameter, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access.principals.grantee import Grantee
from cdk_ecr_access.principals.grantees import grantees_of, is_foreign
from ecr_access.iam.principals import Kind
from tests.reading import ACCOUNT, FOREIGN_ROLE, OTHER, REGION, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable

FOREIGN_USER = f"arn:aws:iam::{OTHER}:user/a/bob"
ORGANIZATION = "o-abc1234567"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/"
TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
CODEBUILD = iam.ServicePrincipal("codebuild.amazonaws.com")


def star(operator: str, **keys: object) -> iam.PrincipalBase:
    """Every principal, under one condition."""
    return iam.StarPrincipal().with_conditions({operator: {f"aws:{key}": value for key, value in keys.items()}})


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (iam.ArnPrincipal(ROLE), Grantee(Kind.IAM_IDENTITY, ROLE, ACCOUNT)),
        (iam.ArnPrincipal(FOREIGN_USER), Grantee(Kind.IAM_IDENTITY, FOREIGN_USER, OTHER)),
        (iam.AccountPrincipal(OTHER), Grantee(Kind.ACCOUNT, OTHER, OTHER)),
        (iam.ArnPrincipal(OTHER), Grantee(Kind.ACCOUNT, OTHER, OTHER)),
        (iam.ArnPrincipal(f"arn:aws-cn:iam::{OTHER}:root"), Grantee(Kind.ACCOUNT, OTHER, OTHER)),
        (iam.AccountPrincipal(OTHER).with_conditions(TAGGED), Grantee(Kind.ACCOUNT, OTHER, OTHER, TAGGED)),
        (iam.OrganizationPrincipal(ORGANIZATION), Grantee(Kind.ORGANIZATION, ORGANIZATION)),
        (star("StringEquals", PrincipalOrgId=ORGANIZATION), Grantee(Kind.ORGANIZATION, ORGANIZATION)),
        (star("ForAnyValue:StringLike", PrincipalOrgPaths=UNIT), Grantee(Kind.ORGANIZATIONAL_UNIT, UNIT)),
        (CODEBUILD, Grantee(Kind.SERVICE, "codebuild.amazonaws.com")),
        (CODEBUILD.with_conditions(TAGGED), Grantee(Kind.SERVICE, "codebuild.amazonaws.com", conditions=TAGGED)),
    ],
)  # fmt: skip
def test_each_kind_of_principal_is_recognised(stack: Stack, principal: iam.IPrincipal, expected: Grantee) -> None:
    """The kind, the name for the check, the account it lives in, and the caller's own conditions."""
    assert grantees_of(principal, scope=stack) == (expected,)


def test_conditions_beside_the_organization_are_kept(stack: Stack) -> None:
    """What names the organization is part of the name; the rest stays a condition."""
    principal = iam.OrganizationPrincipal(ORGANIZATION).with_conditions(TAGGED)
    assert grantees_of(principal, scope=stack) == (Grantee(Kind.ORGANIZATION, ORGANIZATION, conditions=TAGGED),)


def test_several_units_are_several_grantees(stack: Stack) -> None:
    """A list of values in IAM means any of them."""
    principal = star("ForAnyValue:StringLike", PrincipalOrgPaths=[UNIT, f"{UNIT}*"])
    assert [one.name for one in grantees_of(principal, scope=stack)] == [UNIT, f"{UNIT}*"]


def test_a_composite_is_each_of_its_principals(stack: Stack) -> None:
    """Each gets a statement of its own, because each needs conditions of its own."""
    principal = iam.CompositePrincipal(iam.AccountPrincipal(OTHER), iam.ArnPrincipal(FOREIGN_ROLE), CODEBUILD)
    assert [(one.kind, one.account) for one in grantees_of(principal, scope=stack)] == [
        (Kind.ACCOUNT, OTHER),
        (Kind.IAM_IDENTITY, OTHER),
        (Kind.SERVICE, None),
    ]


@pytest.mark.parametrize(
    ("principal", "reason"),
    [
        (iam.StarPrincipal(), r"^cannot grant to principal '\*': .*OrganizationPrincipal"),
        (iam.AnyPrincipal(), r"^cannot grant to principal '\*'"),
        (iam.AnyPrincipal().with_conditions(TAGGED), r"principal '\*'"),
        (star("StringNotEquals", PrincipalOrgID=ORGANIZATION), r"principal '\*'"),
        (star("ForAllValues:StringLike", PrincipalOrgPaths=UNIT), r"principal '\*'"),
        (iam.WebIdentityPrincipal("accounts.google.com"), "Federated principal 'accounts.google.com'"),
        (iam.CanonicalUserPrincipal("79a59d"), "CanonicalUser principal '79a59d'"),
        (
            iam.ArnPrincipal(f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/me"),
            "for a session, grant to its role .ECR-ACCESS-201.$",
        ),
        (iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"), "allowed: the ARN of an IAM role or user"),
        (iam.ArnPrincipal("AROAEXAMPLEID"), "allowed: the ARN of an IAM role or user"),
        (iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:group/devs"), "no policy can name a group"),
        (iam.CompositePrincipal(iam.AccountPrincipal(OTHER), iam.WebIdentityPrincipal("g.com")), "Federated principal"),
        (
            iam.CompositePrincipal(CODEBUILD, iam.AccountPrincipal(OTHER).with_conditions(TAGGED)),
            "grant to each of its principals by itself .ECR-ACCESS-201.$",
        ),
    ],
)
def test_a_principal_that_ecr_cannot_trust_is_refused(stack: Stack, principal: iam.IPrincipal, reason: str) -> None:
    """The reason says who was given and who is allowed."""
    with pytest.raises(ValueError, match=reason):
        grantees_of(principal, scope=stack)


def test_keys_of_a_condition_may_not_be_tokens(stack: Stack) -> None:
    """Whether such a condition confines a service cannot be read."""
    conditions = {"StringEquals": CfnJson(stack, "Json", value={"aws:SourceAccount": ACCOUNT})}
    with pytest.raises(ValueError, match="'StringEquals': its keys are a token"):
        grantees_of(iam.ServicePrincipal("codebuild.amazonaws.com", conditions=conditions), scope=stack)


def test_an_imported_resource_without_its_role_is_refused(stack: Stack) -> None:
    """Its policies are unknown, so that a grant to it would render nothing."""
    function = lambda_.Function.from_function_arn(
        stack, "Imported", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:imported"
    )
    with pytest.raises(ValueError, match=r"^cannot grant to 'Stack/Imported': it has no known role; give .* its role"):
        grantees_of(function, scope=stack)


@pytest.mark.parametrize(
    "make",
    [
        lambda scope: iam.Role(scope, "Made", assumed_by=CODEBUILD),
        lambda scope: iam.LazyRole(scope, "Made", assumed_by=CODEBUILD),
        lambda scope: iam.User(scope, "Made"),
        lambda scope: iam.Group(scope, "Made"),
        lambda scope: iam.Role(scope, "Made", assumed_by=CODEBUILD).without_policy_updates(),
        lambda scope: iam.Role.from_role_name(scope, "Made", "ci"),
        lambda scope: iam.Group.from_group_name(scope, "Made", "devs"),
    ],
)
def test_what_an_app_makes_keeps_its_token_as_its_name(stack: Stack, make: Callable[[Stack], Any]) -> None:
    """The token of an ARN carries the reference to the stack that makes it."""
    made = make(stack)
    (one,) = grantees_of(made, scope=stack)
    assert (one.kind, one.account) == (Kind.IAM_IDENTITY, ACCOUNT)
    assert one.name == made.policy_fragment.principal_json["AWS"][0]


def test_the_account_in_an_arn_counts_though_its_partition_is_a_token(stack: Stack) -> None:
    """A role of another account is recognised in the usual way of writing its ARN."""
    principal = iam.ArnPrincipal(f"arn:{Aws.PARTITION}:iam::{OTHER}:role/ci")
    assert grantees_of(principal, scope=stack)[0].account == OTHER


@pytest.mark.parametrize("composite", [False, True])
def test_a_parameter_may_be_the_account(stack: Stack, *, composite: bool) -> None:
    """The name is the account's id, not a text that looks like one."""
    account = iam.AccountPrincipal(CfnParameter(stack, "Account").value_as_string)
    principal = iam.CompositePrincipal(CODEBUILD, account) if composite else account
    (name,) = [one.name for one in grantees_of(principal, scope=stack) if one.kind is Kind.ACCOUNT]
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "Account"}, ":root"]]}
    in_arn = {"Fn::Select": [4, {"Fn::Split": [":", arn]}]}
    assert stack.resolve(name) == (in_arn if composite else {"Ref": "Account"})


@pytest.mark.parametrize(
    ("stack_account", "grantee_account", "foreign"),
    [
        (ACCOUNT, OTHER, True),
        (ACCOUNT, ACCOUNT, False),
        (ACCOUNT, None, False),
        pytest.param(ACCOUNT, Aws.ACCOUNT_ID, False, id="of the stack itself"),
        (None, OTHER, False),
    ],
)
def test_only_who_is_known_to_live_elsewhere_is_foreign(
    stack_account: str | None, grantee_account: str | None, *, foreign: bool
) -> None:
    """Where an account is a token, the check finds out at deploy time."""
    stack = Stack(App(), "Stack", env=Environment(account=stack_account))
    assert is_foreign(Grantee(Kind.IAM_IDENTITY, FOREIGN_ROLE, grantee_account), stack.account) is foreign


@pytest.mark.parametrize(
    "make",
    [
        lambda _: iam.ArnPrincipal("arn:aws:iam::11112222333:role/ci"),
        lambda _: iam.ArnPrincipal("arn:aws:iam::11112222333:root"),
        lambda _: iam.AccountPrincipal("11112222333"),
        lambda stack: iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::11112222333:role/ci"),
    ],
)
def test_an_account_that_has_not_twelve_digits_is_refused(
    stack: Stack, make: Callable[[Stack], iam.IPrincipal]
) -> None:
    """ECR would refuse the policy, or trust an account that is not meant."""
    with pytest.raises(ValueError, match=r"^cannot grant to .*: account '11112222333' has 11 digits where an account"):
        grantees_of(make(stack), scope=stack)
