"""The access levels hold exactly what AWS documents for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from tests.reading import ENV, PULL, PULL_PUSH, PUSH, READ, REQUIRED_PULL, TOKEN, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.mark.parametrize(
    ("level", "actions"),
    [
        (AccessLevel.PULL, PULL),
        (AccessLevel.PUSH, PUSH),
        (AccessLevel.PULL_PUSH, PULL_PUSH),
        (AccessLevel.READ, READ),
        (AccessLevel.LAMBDA_PULL, REQUIRED_PULL),
    ],
)
def test_a_grant_of_each_level_renders_exactly_its_actions(level: AccessLevel, actions: list[str]) -> None:
    """A level is its documented actions, in ``aws_ecr``'s order, and no other."""
    assert list(level.actions) == actions


@pytest.mark.parametrize(
    ("level", "actions"),
    [
        (AccessLevel.PULL, REQUIRED_PULL),
        (AccessLevel.PUSH, sorted(PUSH)),
        (AccessLevel.PULL_PUSH, sorted(PULL_PUSH)),
        (AccessLevel.READ, sorted(READ)),
        (AccessLevel.LAMBDA_PULL, REQUIRED_PULL),
    ],
)
def test_each_level_requires_exactly_what_aws_does(level: AccessLevel, actions: list[str]) -> None:
    """Pulling needs two actions: AWS's own policy for nodes, and what Lambda writes by itself, have no third."""
    assert list(level.required_actions) == actions


@pytest.mark.parametrize("level", AccessLevel)
def test_a_grant_renders_all_that_is_required(level: AccessLevel) -> None:
    """What the check demands of a grant is in the statement that the grant renders."""
    assert set(level.required_actions) <= set(level.actions)


@pytest.mark.parametrize(
    ("grant", "added"),
    [
        ("grant_pull", []),
        ("grant_push", ["ecr:BatchGetImage"]),
        ("grant_pull_push", []),
        ("grant_read", []),
    ],
)
def test_a_grant_renders_its_actions_in_the_order_of_aws_ecr(grant: str, added: list[str]) -> None:
    """The diff of a swapped class shows what is added, and nothing that only moved."""
    swapped, before = (_granted(of, grant) for of in (AccessibleRepository, ecr.Repository))
    assert swapped == [*before, *added]


def _granted(of: type[ecr.Repository], grant: str) -> list[str]:
    stack = Stack(App(), "Stack", env=ENV)
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    getattr(of(stack, "Repository"), grant)(role)
    actions = [one["Action"] for one in rendered(stack).identity_side]
    return next(found for found in actions if found != TOKEN)


def test_pushing_includes_what_the_aws_ecr_construct_forgets() -> None:
    """A push asks whether the image is there already, with BatchGetImage."""
    assert "ecr:BatchGetImage" in AccessLevel.PUSH.actions


@pytest.mark.parametrize("level", AccessLevel)
def test_no_level_holds_the_token_or_a_wildcard(level: AccessLevel) -> None:
    """The token works on '*' alone, so it is never among the actions on a repository."""
    assert TOKEN_ACTION == TOKEN
    assert not [action for action in level.actions if action == TOKEN_ACTION or "*" in action]


def test_only_reading_and_lambda_do_without_the_token() -> None:
    """A registry client signs in; API calls alone do not, and neither does who creates a Lambda function."""
    assert [one for one in AccessLevel if not one.needs_token] == [AccessLevel.READ, AccessLevel.LAMBDA_PULL]


@pytest.mark.parametrize("level", AccessLevel)
def test_the_documentation_names_what_a_level_requires(level: AccessLevel) -> None:
    """In the table of docs/check.md, with what a grant renders besides."""
    text = Path(__file__).parents[3].joinpath("docs", "check.md").read_text(encoding="utf-8")
    (row,) = [line.split("|") for line in text.splitlines() if line.startswith(f"| `{level.value}` |")]
    required, besides, sign_in = (cell.strip() for cell in row[2:5])
    beside = [one for one in level.actions if one not in level.required_actions]
    both = level is AccessLevel.PULL_PUSH
    assert required == ("both" if both else named(level.required_actions))
    assert (besides, sign_in == "required") == (named(beside), level.needs_token)


def named(actions: Iterable[str]) -> str:
    """Actions as the documentation lists them."""
    return ", ".join(f"`{one.removeprefix('ecr:')}`" for one in actions)
