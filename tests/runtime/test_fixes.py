"""Tests of the fixes: the line of CDK code, and the statement that somebody can paste."""

from __future__ import annotations

import json
from typing import Any

import pytest

from access_check import fixes
from access_check.arns import repository_of
from access_check.finding import Problem
from access_check.principals import principal_of
from tests.runtime.fakes import ACCOUNT, PREFIX, PULL, REGION

_WEB = f"{PREFIX}team/web"
_ROLE = "arn:aws:iam::444455556666:role/ci"


def _principal(name: str) -> Any:  # noqa: ANN401 -- the runtime's own
    found = principal_of(name)
    assert found is not None
    return found


def _repository_side(name: str, access: str = "PULL") -> tuple[str, dict[str, Any]]:
    """Word the fix on the repository's side; return the line and the statement."""
    place = repository_of(_WEB)
    assert place is not None
    fix = Problem("", fixes.repository(_principal(name), access, place), tuple(PULL)).fix_for([_WEB])
    line, _, statement = fix.partition(", or in the repository policy: ")
    return line, json.loads(statement)


@pytest.mark.parametrize(
    ("name", "line", "principal", "condition"),
    [
        (_ROLE, "repository.grant_pull(role)", {"AWS": "444455556666"}, {"ArnLike": {"aws:PrincipalArn": _ROLE}}),
        ("444455556666", "repository.grant_pull(account)", {"AWS": "444455556666"}, None),
        (
            "o-abcdefghij",
            "repository.grant_pull(organization)",
            "*",
            {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        ),
        (
            "o-abcdefghij/r-ab12/ou-ab12-11111111/",
            "repository.grant_pull(organizational_unit)",
            "*",
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/ou-ab12-11111111/"}},
        ),
        (
            "codebuild.amazonaws.com",
            "repository.grant_pull(service)",
            {"Service": "codebuild.amazonaws.com"},
            {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        ),
        (
            "lambda.amazonaws.com",
            "repository.grant_pull(service)",
            {"Service": "lambda.amazonaws.com"},
            {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}},
        ),
    ],
)
def test_the_repository_side_is_the_grant_and_what_it_renders(
    name: str, line: str, principal: object, condition: object
) -> None:
    """The statement is the one that the library's own grant would write, whoever it names."""
    said, statement = _repository_side(name)
    assert said == line
    wanted = {"Effect": "Allow", "Principal": principal, "Action": PULL}
    assert statement == (wanted if condition is None else {**wanted, "Condition": condition})


def test_lambda_is_granted_to_accounts() -> None:
    """That grant takes no principal."""
    assert _repository_side("lambda.amazonaws.com", "LAMBDA_PULL")[0] == "repository.grant_lambda_pull(accounts=[...])"


def test_the_identity_side_is_the_grant_and_what_it_renders() -> None:
    """On the repositories that lack it, and on nothing else."""
    problem = Problem("", fixes.identity(_principal(f"arn:aws:iam::{ACCOUNT}:user/ann"), "PULL_PUSH"), tuple(PULL))
    line, _, statement = problem.fix_for([_WEB, f"{PREFIX}b"]).partition(", or in a policy of the user: ")
    assert line == "repository.grant_pull_push(user)"
    assert json.loads(statement) == {"Effect": "Allow", "Action": PULL, "Resource": [_WEB, f"{PREFIX}b"]}


def test_one_action_on_one_repository_is_written_without_lists() -> None:
    """As a person would."""
    problem = Problem("", fixes.BOUNDARY, ("ecr:PutImage",))
    statement = problem.fix_for([_WEB]).removeprefix("add to the permissions boundary: ")
    assert json.loads(statement) == {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": _WEB}


def test_the_token_is_allowed_on_everything() -> None:
    """It has no resource."""
    line, _, statement = fixes.token(_principal(f"arn:aws:iam::{ACCOUNT}:group/build")).partition(
        ", or in a policy of it: "
    )
    assert line == "ecr.AuthorizationToken.grant_read(group) where the group is declared"
    assert json.loads(statement) == {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (fixes.DENY, 'remove that statement, or exclude "ecr:PutImage" from it'),
        (fixes.ORGANIZATION, 'ask those who manage the organization to allow "ecr:PutImage" for this account'),
    ],
)
def test_who_must_act_is_told(fix: str, words: str) -> None:
    """And on which actions."""
    assert Problem("", fix, ("ecr:PutImage",)).fix_for([_WEB]) == words
