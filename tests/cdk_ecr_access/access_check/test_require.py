"""What can be required of principals and repositories that no grant of this library made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import ACCOUNT, FOREIGN_ROLE, OTHER, PUSH, REQUIRED_PULL, ROLE, rendered

if TYPE_CHECKING:
    from collections.abc import Callable


CI = iam.AccountRootPrincipal()


@pytest.mark.parametrize("account", [ACCOUNT, OTHER])
def test_lambda_is_required_by_its_own_level(stack: Stack, account: str) -> None:
    """The two actions by which it pulls, for functions of the check's account, whose repository it may be."""
    theirs = ecr.Repository.from_repository_arn(stack, "Theirs", f"arn:aws:ecr:eu-west-1:{account}:repository/base")
    AccessCheck.of(stack).require_pull(iam.ServicePrincipal("lambda.amazonaws.com"), theirs)
    found = rendered(stack)
    assert [(one["Token"], [*one["Access"]], "Accounts" in one) for one in found.requirements] == [
        (False, ["LAMBDA_PULL"], False)
    ]
    assert found.check["Properties"]["Actions"]["LAMBDA_PULL"] == REQUIRED_PULL


def test_a_token_can_be_required_alone(stack: Stack) -> None:
    """The check serves without any repository."""
    AccessCheck.of(stack).require_token(iam.Role(stack, "Role", assumed_by=CI))
    (requirement,) = rendered(stack).requirements
    assert (requirement["Token"], requirement["Access"]) == (True, {})


@pytest.mark.parametrize(
    "principal",
    [
        iam.AccountPrincipal(OTHER),
        iam.OrganizationPrincipal("o-abc1234567"),
        iam.ServicePrincipal("codebuild.amazonaws.com"),
        iam.CompositePrincipal(iam.ArnPrincipal(ROLE), iam.AccountPrincipal(OTHER)),
    ],
)
def test_a_token_of_a_principal_without_policies_is_refused(stack: Stack, principal: iam.IPrincipal) -> None:
    """The check could not prove it, and no part of a composite is required then."""
    with pytest.raises(
        ValueError, match=r"^cannot require a token of .*which only roles, users and groups have .ECR-ACCESS-303.$"
    ):
        AccessCheck.of(stack).require_token(principal)
    assert rendered(stack).requirements == []


def test_a_token_of_another_accounts_role_is_refused(stack: Stack) -> None:
    """It is that account's to prove."""
    with pytest.raises(
        ValueError, match=rf"'{FOREIGN_ROLE}' here: .* require it in a stack of that account .ECR-ACCESS-303.$"
    ):
        AccessCheck.of(stack).require_token(iam.ArnPrincipal(FOREIGN_ROLE))


@pytest.mark.parametrize(
    ("require", "expected"),
    [(AccessCheck.require_pull, {"PULL": REQUIRED_PULL}), (AccessCheck.require_push, {"PUSH": sorted(PUSH)})],
)
@pytest.mark.parametrize(
    ("principal", "name", "token"),
    [
        (iam.ArnPrincipal(ROLE), ROLE, True),
        (iam.ArnPrincipal(FOREIGN_ROLE), FOREIGN_ROLE, False),
        (iam.AccountPrincipal(OTHER), OTHER, False),
    ],
)
def test_access_that_others_granted_can_be_required(
    stack: Stack,
    require: Callable[..., None],
    expected: dict[str, list[str]],
    principal: iam.IGrantable,
    name: str,
    *,
    token: bool,
) -> None:
    """Nothing is rendered for it but the requirement."""
    arn = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/base"
    theirs = ecr.Repository.from_repository_arn(stack, "Theirs", arn)
    require(AccessCheck.of(stack), principal, theirs)
    found = rendered(stack)
    access = {level: [arn] for level in expected}
    assert found.requirements == [{"Principal": name, "Token": token, "Access": access}]
    assert found.check["Properties"]["Actions"].items() >= expected.items()
    assert found.identity_side == []


def test_a_principal_that_ecr_cannot_trust_cannot_be_required(stack: Stack, repository: AccessibleRepository) -> None:
    """The reason is the grant's."""
    with pytest.raises(ValueError, match=r"principal '\*'"):
        AccessCheck.of(stack).require_pull(iam.StarPrincipal(), repository)


def test_a_principal_that_is_refused_is_refused_as_required(stack: Stack, repository: AccessibleRepository) -> None:
    """Nothing is granted, so no message says so."""
    policy = iam.ManagedPolicy(stack, "Policy", statements=[iam.PolicyStatement(actions=["a:B"], resources=["*"])])
    with pytest.raises(ValueError, match=r"^cannot require access of policy 'Stack/Policy': ") as error:
        AccessCheck.of(stack).require_pull(policy, repository)
    assert "require access of the roles, users or groups that it is attached to" in str(error.value)
    assert "grant" not in str(error.value)


def test_a_principal_that_is_a_token_is_refused_without_its_inner_name(stack: Stack) -> None:
    """A user has not written it."""
    with pytest.raises(ValueError, match=r"^cannot require a token of account '<known only at deployment>': "):
        AccessCheck.of(stack).require_token(iam.AccountPrincipal(CfnParameter(stack, "Account").value_as_string))
