"""What a grant renders on the identity side and the repository side, and what it requires of the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from tests.reading import (
    ACCOUNT,
    FOREIGN_ROLE,
    FOREIGN_ROOT,
    OTHER,
    PULL,
    PULL_PUSH,
    PUSH,
    READ,
    REQUIRED_PULL,
    ROLE,
    TOKEN,
    Rendered,
    built,
    policy_of,
    rendered,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = {"grant_pull": PULL, "grant_push": PUSH, "grant_pull_push": PULL_PUSH, "grant_read": READ}
CI = iam.AccountRootPrincipal()


def pulled_by(make: Callable[[Stack], Any]) -> Rendered:
    """Grant a pull to what is made in the repository's stack."""
    return built(lambda stack, repository: repository.grant_pull(make(stack)))


def actions(statements: list[dict[str, Any]]) -> list[list[str]]:
    """The actions of each statement, as lists."""
    return [[one["Action"]] if isinstance(one["Action"], str) else one["Action"] for one in statements]


@pytest.mark.parametrize(("grant", "expected"), LEVELS.items())
def test_a_role_gets_exactly_the_actions_of_the_level(grant: str, expected: list[str]) -> None:
    """On the repository alone, and the token in a statement of its own unless the level is to read."""
    found = built(lambda stack, one: getattr(one, grant)(iam.Role(stack, "Role", assumed_by=CI)))
    repository, *token = found.identity_side
    assert repository == {
        "Effect": "Allow",
        "Action": expected,
        "Resource": {"Fn::GetAtt": [found.id("AWS::ECR::Repository"), "Arn"]},
    }
    assert token == ([] if grant == "grant_read" else [{"Effect": "Allow", "Action": TOKEN, "Resource": "*"}])


@pytest.mark.parametrize(("grant", "expected"), LEVELS.items())
def test_the_repository_side_holds_exactly_the_actions_and_never_the_token(grant: str, expected: list[str]) -> None:
    """A repository policy cannot grant a token, and ECR warns about a resource in it."""
    found = built(lambda _, one: getattr(one, grant)(iam.AccountPrincipal(OTHER)))
    assert found.repository_side == [{"Effect": "Allow", "Action": expected, "Principal": {"AWS": FOREIGN_ROOT}}]


@pytest.mark.parametrize(("grant", "expected"), {**LEVELS, "grant_pull": REQUIRED_PULL}.items())
def test_the_check_is_asked_for_the_level_that_was_granted(grant: str, expected: list[str]) -> None:
    """What the level requires travels with it, and the token where a registry client needs one."""
    found = built(lambda stack, one: getattr(one, grant)(iam.Role(stack, "Role", assumed_by=CI)))
    level = grant.removeprefix("grant_").upper()
    arn = {"Fn::GetAtt": [found.id("AWS::ECR::Repository"), "Arn"]}
    (requirement,) = found.requirements
    assert requirement["Access"] == {level: [arn]}
    assert requirement["Token"] is (grant != "grant_read")
    assert found.check["Properties"]["Actions"][level] == sorted(expected)


def test_the_token_is_rendered_once_however_many_grants() -> None:
    """Five repositories and every level still make one statement on '*'."""

    def build(stack: Stack, first: AccessibleRepository) -> None:
        role = iam.Role(stack, "Role", assumed_by=CI)
        others = [AccessibleRepository(stack, f"R{n}", repository_name=f"team/app{n}") for n in range(4)]
        for repository in (first, *others):
            for grant in LEVELS:
                getattr(repository, grant)(role)

    starred = [one for one in built(build).identity_side if "*" in str(one["Resource"])]
    assert starred == [{"Effect": "Allow", "Action": TOKEN, "Resource": "*"}]


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: iam.Role(stack, "One", assumed_by=CI),
        lambda stack: iam.LazyRole(stack, "One", assumed_by=CI),
        lambda stack: iam.User(stack, "One"),
        lambda stack: iam.Group(stack, "One"),
        lambda stack: iam.Role.from_role_arn(stack, "One", ROLE),
        lambda stack: iam.Role.from_role_name(stack, "One", "ci"),
        lambda stack: iam.User.from_user_name(stack, "One", "bob"),
        lambda stack: iam.Group.from_group_name(stack, "One", "devs"),
    ],
)
def test_who_has_policies_here_gets_nothing_on_the_repository_side(make: Callable[[Stack], Any]) -> None:
    """In one account an allow on either side suffices, and the token lives on the identity side."""
    found = pulled_by(make)
    assert actions(found.identity_side) == [PULL, [TOKEN]]
    assert found.repository_side == []
    assert [one["Token"] for one in found.requirements] == [True]


@pytest.mark.parametrize(
    "principal",
    [
        iam.AccountRootPrincipal(),
        iam.AccountPrincipal(ACCOUNT),
        iam.StarPrincipal(),
        iam.WebIdentityPrincipal("accounts.google.com"),
        iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/*"),
        iam.CompositePrincipal(iam.AccountPrincipal(OTHER), iam.AccountPrincipal(ACCOUNT)),
    ],
)
@pytest.mark.parametrize("grant", LEVELS)
def test_a_grant_that_would_allow_no_call_is_refused_and_leaves_nothing(
    stack: Stack, repository: AccessibleRepository, grant: str, principal: iam.IPrincipal
) -> None:
    """The whole composite is refused for one of its principals, before anything is rendered."""
    with pytest.raises(ValueError, match=r"^cannot grant to "):
        getattr(repository, grant)(principal)
    assert policy_of(repository) is None
    assert [child.node.id for child in stack.node.children] == ["Repository"]


@pytest.mark.parametrize("kind", [iam.Policy, iam.ManagedPolicy])
def test_a_policy_is_no_principal_to_grant_to(
    stack: Stack, repository: AccessibleRepository, kind: type[iam.Policy | iam.ManagedPolicy]
) -> None:
    """The identities that it is attached to are principals, and only their access can be proved."""
    with pytest.raises(ValueError, match="cannot grant to policy 'Stack/Policy': a policy is not a principal"):
        repository.grant_pull(kind(stack, "Policy"))


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: iam.Role(stack, "One", assumed_by=CI),
        lambda stack: iam.Role.from_role_arn(stack, "One", ROLE, mutable=False),
        lambda _: iam.ArnPrincipal(FOREIGN_ROLE),
        lambda _: iam.CompositePrincipal(iam.AccountPrincipal(OTHER), iam.ArnPrincipal(ROLE)),
    ],
)
@pytest.mark.parametrize("grant", LEVELS)
def test_a_grant_reports_success_only_with_statements(
    stack: Stack, repository: AccessibleRepository, grant: str, make: Callable[[Stack], Any]
) -> None:
    """Success means that something was rendered."""
    given = getattr(repository, grant)(make(stack))
    assert given.success
    given.assert_success()
    found = rendered(stack)
    assert found.identity_side or found.repository_side


def test_granting_twice_requires_once(stack: Stack, repository: AccessibleRepository) -> None:
    """The same grant again changes nothing."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    for _ in range(2):
        repository.grant_pull(role)
    found = rendered(stack)
    assert actions(found.identity_side) == [PULL, [TOKEN]]
    assert len(found.requirements[0]["Access"]["PULL"]) == 1
