"""Tests of what a judgement on a repository policy rests on: which statement, and which condition keys."""

from __future__ import annotations

from typing import Any

from ecr_access.iam.arns import Repository
from ecr_access.iam.principals import principal_of
from ecr_access.iam.repository_policy import Effect, PolicyResult, RepositoryPolicy
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

_OTHER = "444455556666"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_APP = Repository(f"{PREFIX}app", REGION, ACCOUNT, "app")


def _statement(effect: str, principal: object, sid: str = "", **more: object) -> dict[str, Any]:
    named = {"Sid": sid} if sid else {}
    return {**named, "Effect": effect, "Principal": principal, "Action": "ecr:*", **more}


def _under(key: str) -> dict[str, Any]:
    return {"Condition": {"StringLike": {key: "x"}}}


def _judged(caller: str, *statements: dict[str, Any]) -> PolicyResult:
    principal = principal_of(caller)
    assert principal is not None
    return RepositoryPolicy(_APP, statements).judge(principal, "ecr:BatchGetImage")


def test_a_doubt_names_the_statement_that_may_deny_and_every_key() -> None:
    """The keys of the statement that allows come first."""
    found = _judged(
        _ROLE,
        _statement("Allow", {"AWS": _ROLE}, "Vpc", **_under("aws:SourceVpc")),
        _statement("Deny", "*", "Address", **_under("aws:SourceIp")),
        _statement("Deny", "*", "Agent", **_under("aws:UserAgent")),
    )
    assert found == PolicyResult(Effect.CONDITIONAL, "Agent", ("aws:SourceVpc", "aws:SourceIp", "aws:UserAgent"))


def test_what_may_be_denied_is_silence_while_nothing_allows_it() -> None:
    """There is nothing to deny."""
    found = _judged(_ROLE, _statement("Deny", "*", "Address", **_under("aws:SourceIp")))
    assert found == PolicyResult(Effect.IMPLICIT_DENY, "Address", ("aws:SourceIp",))


def test_what_is_denied_to_one_role_of_an_account_depends_on_who_calls() -> None:
    """The account is allowed, and that role is not."""
    denied = {"AWS": f"arn:aws:iam::{_OTHER}:role/intern"}
    found = _judged(_OTHER, _statement("Allow", {"AWS": _OTHER}), _statement("Deny", denied, "Interns"))
    assert found == PolicyResult(Effect.CONDITIONAL, "Interns", ("aws:PrincipalArn",))


def test_what_is_denied_to_one_session_of_a_role_depends_on_the_session() -> None:
    """The role is allowed, and that session is not."""
    denied = {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/one"}
    found = _judged(_ROLE, _statement("Allow", {"AWS": _ROLE}), _statement("Deny", denied, "Session"))
    assert found == PolicyResult(Effect.CONDITIONAL, "Session", ("aws:userid",))


def test_a_star_includes_services() -> None:
    """Also where other services are named beside the star."""
    star = {"AWS": "*", "Service": "ecs.amazonaws.com"}
    assert _judged("lambda.amazonaws.com", _statement("Allow", star)).effect is Effect.ALLOWED


def test_a_policy_without_statements_says_nothing() -> None:
    """It is one all the same."""
    assert RepositoryPolicy.parse(_APP, '{"Version":"2012-10-17"}').statements == ()
