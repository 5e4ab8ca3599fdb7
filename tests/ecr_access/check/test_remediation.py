"""Tests of the fixes: the line of CDK code, and the statement to paste."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecr_access.check import remediation
from ecr_access.check.finding import Explanation
from ecr_access.iam.arns import repository_of
from ecr_access.iam.principals import principal_of
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, REGION

_WEB = f"{PREFIX}team/web"
_OTHER = "444455556666"
_ROLE = "arn:aws:iam::444455556666:role/ci"


def _principal(name: str) -> Any:
    found = principal_of(name)
    assert found is not None
    return found


def _fix(name: str, access: str = "PULL", *accounts: str, existing: bool = False) -> str:
    place = repository_of(_WEB)
    assert place is not None
    fix = remediation.repository(_principal(name), access, place, accounts, existing=existing)
    return Explanation("", fix, tuple(PULL)).fix_for([_WEB])


def _repository_side(name: str, access: str = "PULL", *accounts: str) -> tuple[str, Any]:
    """Word the fix on the repository's side; return the line and what is to be written."""
    line, _, statement = _fix(name, access, *accounts).partition(", or in the repository policy: ")
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
            f'repository.grant_lambda_pull(accounts=["{ACCOUNT}"])',
            {"Service": "lambda.amazonaws.com"},
            {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}},
        ),
    ],
)
def test_the_repository_side_is_the_grant_and_what_it_renders(
    name: str, line: str, principal: object, condition: object
) -> None:
    """The statement is the one that the library's own grant would write, for every kind of principal."""
    said, statement = _repository_side(name)
    assert said == line
    wanted = {"Effect": "Allow", "Principal": principal, "Action": PULL}
    assert statement == (wanted if condition is None else {**wanted, "Condition": condition})


def test_lambda_is_granted_to_accounts() -> None:
    """That grant takes no principal; a pull of Lambda's is one whatever it is called."""
    line = f'repository.grant_lambda_pull(accounts=["{ACCOUNT}","{_OTHER}"])'
    for access in ("LAMBDA_PULL", "PULL"):
        assert _repository_side("lambda.amazonaws.com", access, ACCOUNT, _OTHER)[0] == line


def test_lambda_of_another_account_needs_that_accounts_function_and_root() -> None:
    """Not the repository's: AWS compares the function's account, and its roles pull as well."""
    functions = f"arn:aws:lambda:{REGION}:{_OTHER}:function:*"
    _, statements = _repository_side("lambda.amazonaws.com", "LAMBDA_PULL", _OTHER)
    assert statements == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": PULL,
            "Condition": {"StringLike": {"aws:SourceArn": functions}},
        },
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{_OTHER}:root"}, "Action": PULL},
    ]
    _, (service, root) = _repository_side("lambda.amazonaws.com", "LAMBDA_PULL", ACCOUNT, _OTHER, "555566667777")
    assert [one.split(":")[4] for one in service["Condition"]["StringLike"]["aws:SourceArn"]] == [
        ACCOUNT,
        _OTHER,
        "555566667777",
    ]
    assert root["Principal"] == {"AWS": [f"arn:aws:iam::{one}:root" for one in (_OTHER, "555566667777")]}


def test_a_service_that_acts_for_another_account_is_granted_with_that_account() -> None:
    """The plain grant would name the repository's."""
    line, statement = _repository_side("codebuild.amazonaws.com", "PULL", _OTHER)
    condition = {"StringEquals": {"aws:SourceAccount": _OTHER}}
    written = json.dumps(condition, separators=(",", ":"))
    assert line == (f'repository.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com", conditions={written}))')
    assert statement["Condition"] == condition


def test_what_is_written_stays_whole_for_any_number_of_accounts() -> None:
    """The message is cut at its end, and what is pasted has to be JSON."""
    accounts = [f"{number:012}" for number in range(500)]
    fix = _fix("lambda.amazonaws.com", "LAMBDA_PULL", *accounts, existing=True)
    assert len(fix) < 2000
    written, _, rest = fix.partition(": ")[2].rpartition(" and the same for ")
    assert rest == "490 more accounts"
    assert len(json.loads(written)) == 2


def test_the_owner_of_an_existing_repository_is_asked_for_the_statement() -> None:
    """A grant in this app would not write it."""
    fix = _fix("444455556666", existing=True)
    assert json.loads(fix.removeprefix("ask the owner of the repository to add to its policy: ")) == {
        "Effect": "Allow",
        "Principal": {"AWS": _OTHER},
        "Action": PULL,
    }


def test_the_identity_side_is_the_grant_and_what_it_renders() -> None:
    """On the repositories that lack it, and on nothing else."""
    problem = Explanation(
        "", remediation.identity(_principal(f"arn:aws:iam::{ACCOUNT}:user/ann"), "PULL_PUSH"), tuple(PULL)
    )
    line, _, statement = problem.fix_for([_WEB, f"{PREFIX}b"]).partition(", or in a policy of the user: ")
    assert line == "repository.grant_pull_push(user)"
    assert json.loads(statement) == {"Effect": "Allow", "Action": PULL, "Resource": [_WEB, f"{PREFIX}b"]}


def test_one_action_on_one_repository_is_written_without_lists() -> None:
    """As a person would."""
    problem = Explanation("", remediation.BOUNDARY, ("ecr:PutImage",))
    statement = problem.fix_for([_WEB]).removeprefix("add to the permissions boundary: ")
    assert json.loads(statement) == {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": _WEB}


def test_the_token_is_allowed_on_everything() -> None:
    """It has no resource."""
    line, _, statement = remediation.token(_principal(f"arn:aws:iam::{ACCOUNT}:group/build")).partition(
        ", or in a policy of it: "
    )
    assert line == "ecr.AuthorizationToken.grant_read(group) where the group is declared"
    assert json.loads(statement) == {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (remediation.DENY, 'remove that statement, or exclude "ecr:PutImage" from it'),
        (
            remediation.ORGANIZATION,
            'ask the administrators of the organization to allow "ecr:PutImage" for this account',
        ),
    ],
)
def test_who_must_act_is_told(fix: str, words: str) -> None:
    """And on which actions."""
    assert Explanation("", fix, ("ecr:PutImage",)).fix_for([_WEB]) == words
