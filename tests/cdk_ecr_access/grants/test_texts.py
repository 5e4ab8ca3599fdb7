"""A grant to a text renders, byte for byte, what the same grant to the principal of ``aws_iam`` renders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, OTHER, REGION, ROLE, built, policy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_cdk import aws_ecr as ecr

ORGANIZATION = "o-abc1234567"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/"
IN_UNIT = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": UNIT}}
TOKENS = f"arn:{Aws.PARTITION}:iam::{OTHER}:role/web"
NAMED: Mapping[str, Callable[[str], iam.IGrantable]] = {
    ROLE: iam.ArnPrincipal,
    FOREIGN_ROLE: iam.ArnPrincipal,
    TOKENS: iam.ArnPrincipal,
    OTHER: iam.AccountPrincipal,
    ORGANIZATION: iam.OrganizationPrincipal,
    UNIT: lambda _: iam.StarPrincipal().with_conditions(IN_UNIT),
    "codebuild.amazonaws.com": iam.ServicePrincipal,
    "lambda.amazonaws.com": iam.ServicePrincipal,
    "elasticmapreduce.amazonaws.com.cn": iam.ServicePrincipal,
}
GRANTS = ("grant_pull", "grant_push", "grant_pull_push", "grant_read")
ENVIRONMENTS = {"known": ENV, "agnostic": None, "elsewhere": Environment(account="777788889999", region=REGION)}


def declared(stack: Stack, id_: str) -> AccessibleRepository:
    """A repository of the app."""
    return AccessibleRepository(stack, id_, repository_name=f"team/{id_.lower()}")


def existing(stack: Stack, id_: str) -> ExistingRepository:
    """A repository of another team."""
    return ExistingRepository.from_repository_name(stack, id_, f"team/{id_.lower()}", policy_covers_grants=True)


def texts(env: Environment | None, use: Callable[[Stack, Mapping[str, Any]], object]) -> list[str]:
    """Synthesize an app twice: with texts, and with principals of ``aws_iam``."""
    found = []
    for given in ({name: name for name in NAMED}, {name: make(name) for name, make in NAMED.items()}):
        app = App()
        use(Stack(app, "Stack", env=env), given)
        found.append(json.dumps(app.synth().get_stack_by_name("Stack").template))
    return found


@pytest.mark.parametrize("env", ENVIRONMENTS)
@pytest.mark.parametrize("make", [declared, existing])
@pytest.mark.parametrize("grant", GRANTS)
def test_a_text_renders_what_its_principal_renders(
    grant: str, make: Callable[[Stack, str], ecr.IRepository], env: str
) -> None:
    """In a repository of its own, and in one that all of them use, whose statements are joined."""

    def use(stack: Stack, given: Mapping[str, Any]) -> None:
        for number, one in enumerate(given.values()):
            assert getattr(make(stack, f"One{number}"), grant)(one).success
        together = make(stack, "All")
        for one in given.values():
            getattr(together, grant)(one)

    by_text, by_principal = texts(ENVIRONMENTS[env], use)
    assert by_text == by_principal


@pytest.mark.parametrize("env", ["known", "agnostic"])
def test_a_text_requires_what_its_principal_requires(env: str) -> None:
    """The check proves the same of it, and may look at the same."""

    def use(stack: Stack, given: Mapping[str, Any]) -> None:
        check, repository = AccessCheck.of(stack), existing(stack, "Base")
        for one in given.values():
            check.require_pull(one, repository)
            check.require_push(one, repository)
        check.require_token(given[ROLE])

    by_text, by_principal = texts(ENVIRONMENTS[env], use)
    assert by_text == by_principal


def test_a_grant_to_a_text_is_a_grant_of_the_cdk(repository: AccessibleRepository) -> None:
    """It can be combined, and asked for its statements."""
    grant = repository.grant_pull(FOREIGN_ROLE).combine(repository.grant_push(OTHER))
    grant.assert_success()
    assert [one.to_statement_json()["Principal"] for one in grant.resource_statements] == [
        {"AWS": f"arn:aws:iam::{OTHER}:root"}
    ] * 2


def test_a_role_of_this_account_as_a_text_is_trusted_by_the_repository_and_its_token_proved() -> None:
    """Nothing can be attached to a name, so that the check finds out whether the role has the token."""
    found = built(lambda _, repository: repository.grant_pull(ROLE))
    assert found.identity_side == []
    assert [one["Principal"] for one in found.repository_side] == [{"AWS": ROLE}]
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(ROLE, True)]


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ACCOUNT, f"^cannot grant to account '{ACCOUNT}', the repository's own"),
        (f"arn:aws:iam::{ACCOUNT}:role/*", "a repository policy knows no wildcard in the ARN of a role or user of its"),
        ("arn:aws:iam::444455556666:Role/x", "did you mean 'arn:aws:iam::444455556666:role/x'?"),
        (f"arn:aws-cn:iam::{OTHER}:role/x", f"of partition 'aws-cn', .*; did you mean 'arn:aws:iam::{OTHER}:role/x'?"),
    ],
)
def test_a_refused_text_leaves_nothing_behind(stack: Stack, grant: str, text: str, reason: str) -> None:
    """As any grant that would allow no call."""
    repository = declared(stack, "Repository")
    before = len(stack.node.children)
    with pytest.raises(ValueError, match=reason):
        getattr(repository, grant)(text)
    assert len(stack.node.children) == before
    assert policy_of(repository) is None


def test_what_is_refused_as_a_requirement_is_no_grant(stack: Stack) -> None:
    """The words are those of what was called."""
    check = AccessCheck.of(stack)
    with pytest.raises(ValueError, match=r"^cannot require access of 'web': it names no principal; allowed: "):
        check.require_pull("web", existing(stack, "Base"))
    with pytest.raises(ValueError, match=r"^cannot require a token of account '444455556666'"):
        check.require_token(OTHER)
    with pytest.raises(ValueError, match=rf"^cannot require a token of '{FOREIGN_ROLE}' here"):
        check.require_token(FOREIGN_ROLE)
