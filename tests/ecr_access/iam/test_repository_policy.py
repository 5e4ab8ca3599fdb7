"""Tests of judging a repository policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecr_access.iam.arns import repository_of
from ecr_access.iam.principals import Kind, Source, principal_of
from ecr_access.iam.repository_policy import Effect, PolicyError, RepositoryPolicy
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

_OTHER = "444455556666"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
_FOREIGN = f"arn:aws:iam::{_OTHER}:role/ci"
_SESSION, _FOREIGN_SESSION = (f"arn:aws:sts::{account}:assumed-role/ci/one" for account in (ACCOUNT, _OTHER))
_ROOT = f"arn:aws:iam::{ACCOUNT}:root"
_OTHER_ROOT = f"arn:aws:iam::{_OTHER}:root"
_ORGANIZATION = "o-abc1234567"
_UNIT = "o-abc1234567/r-ab12/ou-ab12-11111111/"
_SERVICE = "lambda.amazonaws.com"
_BUILDS = "codebuild.amazonaws.com"
_IMPLICIT = Effect.IMPLICIT_DENY
_PROJECT = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/web"
_FUNCTIONS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"
_ACTION = "ecr:BatchGetImage"
_ARN = "aws:PrincipalArn"
_PATHS = "aws:PrincipalOrgPaths"


def _allow(principal: object, condition: object = None, **changes: object) -> dict[str, Any]:
    found = {"Effect": "Allow", "Principal": principal, "Action": _ACTION, **changes}
    return found | ({"Condition": condition} if condition else {})


def _deny(principal: object, condition: object = None, **changes: object) -> dict[str, Any]:
    return _allow(principal, condition, **{"Effect": "Deny", "Sid": "No", **changes})


def _judge(principal: str, *statements: object, action: str = _ACTION) -> Effect:
    repository, one = repository_of(PREFIX + "app"), principal_of(principal)
    assert repository is not None
    assert one is not None
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    source = Source(ACCOUNT, REGION) if one.kind is Kind.SERVICE else None
    return RepositoryPolicy.parse(repository, text).judge(one, action, source).effect


def _aws(value: object) -> dict[str, object]:
    return {"AWS": value}


@pytest.mark.parametrize(
    ("principal", "statement", "effect"),
    [
        # Who: a role of the repository's account.
        (_ROLE, _allow(_aws(_ROLE)), Effect.ALLOWED),
        (_ROLE, _allow(_aws([_FOREIGN, _ROLE])), Effect.ALLOWED),
        (_ROLE, _allow("*"), Effect.ALLOWED),
        (_ROLE, _allow(_aws("*")), Effect.ALLOWED),
        (_ROLE, _allow(_aws(_FOREIGN)), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(_aws(_ROLE + "2")), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(_aws("AROAEXAMPLEEXAMPLE12")), Effect.IMPLICIT_DENY),
        (_ROLE, _allow({"Service": _SERVICE}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(None), Effect.IMPLICIT_DENY),
        # The account alone leaves the decision to IAM; with the role beside it, the role is allowed.
        (_ROLE, _allow(_aws(_ROOT)), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(_aws(ACCOUNT)), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(_aws([_ROOT, _ROLE])), Effect.ALLOWED),
        (_ROLE, _deny(_aws(_ROOT)), Effect.EXPLICIT_DENY),
        (_ROLE, _deny(_aws(_ROLE)), Effect.EXPLICIT_DENY),
        (_ROLE, _deny("*"), Effect.EXPLICIT_DENY),
        (_ROLE, _deny(_aws(_OTHER)), Effect.IMPLICIT_DENY),
        # NotPrincipal exempts the listed principals. To list the account does not exempt its roles.
        (_ROLE, _deny(None, NotPrincipal=_aws(_ROLE)), Effect.IMPLICIT_DENY),
        (_ROLE, _deny(None, NotPrincipal=_aws(_FOREIGN)), Effect.EXPLICIT_DENY),
        (_ROLE, _deny(None, NotPrincipal=_aws(_ROOT)), Effect.EXPLICIT_DENY),
        (_ROLE, _allow(None, NotPrincipal=_aws(_FOREIGN)), Effect.ALLOWED),
        (_ROLE, _allow(None, NotPrincipal=_aws(_ROOT)), Effect.IMPLICIT_DENY),
        (_FOREIGN, _deny(None, NotPrincipal=_aws(_OTHER_ROOT)), Effect.EXPLICIT_DENY),
        (_FOREIGN, _deny(None, NotPrincipal=_aws([_OTHER_ROOT, _FOREIGN])), Effect.IMPLICIT_DENY),
        (_FOREIGN, _allow(None, NotPrincipal=_aws(_OTHER)), Effect.IMPLICIT_DENY),
        (_OTHER, _deny(None, NotPrincipal=_aws(_OTHER)), Effect.EXPLICIT_DENY),
        # Some of several callers may be listed.
        (_OTHER, _allow(None, NotPrincipal=_aws(_FOREIGN)), Effect.CONDITIONAL),
        (_ORGANIZATION, _allow(None, NotPrincipal=_aws(_FOREIGN)), Effect.CONDITIONAL),
        (_SERVICE, _deny(None, NotPrincipal={"Service": _SERVICE}), Effect.IMPLICIT_DENY),
        (_SERVICE, _deny(None, NotPrincipal=_aws(_ROLE)), Effect.EXPLICIT_DENY),
        # A session is a part of its role, whatever the role's path, and of no other.
        (_ROLE, _allow(_aws(_SESSION)), Effect.CONDITIONAL),
        (_ROLE, _allow(_aws([_ROOT, _SESSION])), Effect.CONDITIONAL),
        (_ROLE.replace("ci", "team/ci"), _allow(_aws(_SESSION)), Effect.CONDITIONAL),
        (_ROLE + "2", _allow(_aws(_SESSION)), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(_aws(_FOREIGN_SESSION)), Effect.IMPLICIT_DENY),
        # One session may be exempt.
        (_ROLE, _deny(None, NotPrincipal=_aws(_SESSION)), Effect.IMPLICIT_DENY),
        (_ROLE, _allow(None, NotPrincipal=_aws(_SESSION)), Effect.CONDITIONAL),
        # What.
        (_ROLE, _allow("*", Action="ecr:*"), Effect.ALLOWED),
        (_ROLE, _allow("*", Action=["ecr:PutImage", "ecr:batch*"]), Effect.ALLOWED),
        (_ROLE, _allow("*", Action="*"), Effect.ALLOWED),
        (_ROLE, _allow("*", Action="ecr:BatchGetImag?"), Effect.ALLOWED),
        (_ROLE, _allow("*", Action="ecr:Put*"), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", Action=None), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", Action=None, NotAction="ecr:Put*"), Effect.ALLOWED),
        (_ROLE, _allow("*", Action=None, NotAction=["ecr:*"]), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", Resource=PREFIX + "*"), Effect.ALLOWED),
        (_ROLE, _allow("*", Resource=[PREFIX + "other"]), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", Resource=PREFIX + "${aws:username}"), Effect.CONDITIONAL),
        (_ROLE, _allow("*", NotResource=PREFIX + "other"), Effect.ALLOWED),
        (_ROLE, _allow("*", NotResource=[PREFIX + "*"]), Effect.IMPLICIT_DENY),
        # On which conditions.
        (_ROLE, _allow(_aws(_ROOT), {"ArnLike": {"aws:PrincipalArn": _ROLE}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"ArnEquals": {"AWS:PrincipalARN": [_FOREIGN, _ROLE]}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ArnLike": {"aws:PrincipalArn": "*"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ArnLike": {"aws:PrincipalArn": "arn:*role/ci"}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"StringLike": {"aws:PrincipalArn": "*:role/c?"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"StringEquals": {"aws:PrincipalArn": "*"}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"StringEqualsIgnoreCase": {"aws:PrincipalArn": _ROLE.upper()}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ArnNotLike": {"aws:PrincipalArn": _ROLE}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT]}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"StringEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.CONDITIONAL),
        (_ROLE, _allow("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), Effect.CONDITIONAL),
        (_ROLE, _allow("*", {"StringLike": {"aws:PrincipalArn": "*/${aws:PrincipalTag/team}"}}), Effect.CONDITIONAL),
        (_ROLE, _allow("*", {"DateLessThan": {"aws:PrincipalArn": "2030-01-01"}}), Effect.CONDITIONAL),
        (_ROLE, _allow("*", {"Bool": {"aws:SecureTransport": True}}), Effect.ALLOWED),
        (_ROLE, _deny("*", {"Bool": {"aws:SecureTransport": "false"}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"Null": {"aws:PrincipalArn": "false"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"Null": {"aws:SourceArn": "true"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"Null": {"aws:SourceVpce": "true"}}), Effect.CONDITIONAL),
        # A call by a role carries no source: to want one is not met, to exclude one is.
        (_ROLE, _allow("*", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.IMPLICIT_DENY),
        (_ROLE, _allow("*", {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ForAllValues:StringEquals": {"aws:SourceOrgPaths": "x"}}), Effect.ALLOWED),
        (_ROLE, _allow("*", {"ForAnyValue:StringEquals": {"aws:SourceOrgPaths": "x"}}), Effect.IMPLICIT_DENY),
        # A role of another account, one or many.
        (_FOREIGN, _allow(_aws(_OTHER_ROOT), {"ArnLike": {_ARN: _FOREIGN}}), Effect.ALLOWED),
        (_FOREIGN, _allow(_aws(_OTHER)), Effect.ALLOWED),
        (_FOREIGN, _allow(_aws(_ROOT)), Effect.IMPLICIT_DENY),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "-*"}}), Effect.ALLOWED),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "*"}}), Effect.ALLOWED),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "-1"}}), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "-1*"}}), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "-?"}}), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN + "2"}}), Effect.IMPLICIT_DENY),
        (_FOREIGN + "-*", _allow(_aws(_OTHER), {"StringEquals": {_ARN: _FOREIGN + "-1"}}), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _allow(_aws(_FOREIGN + "-1")), Effect.IMPLICIT_DENY),
        # An account.
        (_OTHER, _allow(_aws(_OTHER_ROOT)), Effect.ALLOWED),
        (_OTHER, _allow(_aws(_OTHER)), Effect.ALLOWED),
        (_OTHER_ROOT, _allow(_aws(_OTHER)), Effect.ALLOWED),
        (_OTHER, _allow(_aws(_OTHER), {"ArnLike": {_ARN: _FOREIGN}}), Effect.CONDITIONAL),
        (_OTHER, _allow("*", {"StringEquals": {"aws:PrincipalAccount": _OTHER}}), Effect.ALLOWED),
        (_OTHER, _allow(_aws(_FOREIGN)), Effect.IMPLICIT_DENY),
        (_OTHER, _allow(_aws("555566667777")), Effect.IMPLICIT_DENY),
        (ACCOUNT, _allow(_aws(_ROOT)), Effect.IMPLICIT_DENY),
        # An organization, a unit.
        (_ORGANIZATION, _allow("*", {"StringEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.ALLOWED),
        (_ORGANIZATION, _allow("*", {"StringEquals": {"aws:PrincipalOrgID": "o-zzz1234567"}}), Effect.IMPLICIT_DENY),
        (_ORGANIZATION, _allow("*", {"ForAnyValue:StringLike": {_PATHS: "o-abc1234567/*"}}), Effect.ALLOWED),
        (_ORGANIZATION, _allow("*", {"ForAnyValue:StringLike": {_PATHS: _UNIT}}), Effect.CONDITIONAL),
        (_ORGANIZATION, _allow(_aws(_OTHER)), Effect.IMPLICIT_DENY),
        (_UNIT, _allow("*", {"ForAnyValue:StringLike": {_PATHS: _UNIT}}), Effect.ALLOWED),
        (_UNIT, _allow("*", {"ForAnyValue:StringLike": {_PATHS: _UNIT + "*"}}), Effect.ALLOWED),
        (_UNIT, _allow("*", {"StringEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.ALLOWED),
        (_UNIT, _allow("*", {"ForAnyValue:StringLike": {_PATHS: "o-zzz1234567/*"}}), Effect.IMPLICIT_DENY),
        # A service acts for the resources of an account.
        (_SERVICE, _allow({"Service": _SERVICE}), Effect.ALLOWED),
        (_SERVICE, _allow({"Service": ["ecs.amazonaws.com"]}), Effect.IMPLICIT_DENY),
        (_SERVICE, _allow(_aws(_ROLE)), Effect.IMPLICIT_DENY),
        (_SERVICE, _allow({"Service": _SERVICE}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.CONDITIONAL),
        (_SERVICE, _allow({"Service": _SERVICE}, {"StringEquals": {"aws:SourceAccount": _OTHER}}), _IMPLICIT),
        (_BUILDS, _allow({"Service": _BUILDS}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.ALLOWED),
        (_BUILDS, _allow({"Service": _BUILDS}, {"StringEquals": {"aws:SourceAccount": "999999999999"}}), _IMPLICIT),
        (_BUILDS, _allow({"Service": _BUILDS}, {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), _IMPLICIT),
        (_BUILDS, _allow({"Service": _BUILDS}, {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:*"}}), _IMPLICIT),
        (_BUILDS, _allow({"Service": _BUILDS}, {"ArnLike": {"aws:SourceArn": _PROJECT}}), Effect.CONDITIONAL),
        (_SERVICE, _allow({"Service": _SERVICE}, {"StringLike": {"aws:SourceArn": "arn:*"}}), Effect.ALLOWED),
        (_SERVICE, _allow({"Service": _SERVICE}, {"Null": {"aws:SourceArn": "false"}}), Effect.ALLOWED),
        (_SERVICE, _allow({"Service": _SERVICE}, {"StringLike": {"aws:SourceArn": _FUNCTIONS}}), Effect.ALLOWED),
        (_SERVICE, _allow("*", {"StringEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.IMPLICIT_DENY),
    ],
)  # fmt: skip
def test_one_statement(principal: str, statement: dict[str, Any], effect: Effect) -> None:
    """IAM's rules, one at a time."""
    assert _judge(principal, statement) is effect


@pytest.mark.parametrize(
    ("principal", "deny", "effect"),
    [
        (_ROLE, _deny("*"), Effect.EXPLICIT_DENY),
        (_ROLE, _deny("*", Action="ecr:Put*"), Effect.ALLOWED),
        (_ROLE, _deny("*", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), Effect.CONDITIONAL),
        (_ROLE, _deny("*", {"StringNotEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.CONDITIONAL),
        (_ORGANIZATION, _deny("*", {"StringNotEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.ALLOWED),
        (_ORGANIZATION, _deny(_aws(_OTHER)), Effect.CONDITIONAL),
        (_OTHER, _deny(_aws(_FOREIGN)), Effect.CONDITIONAL),
        (_OTHER, _deny(_aws(_ROLE)), Effect.ALLOWED),
        (_ROLE, _deny(_aws(_SESSION)), Effect.CONDITIONAL),
        (_ROLE, _deny(_aws(_FOREIGN_SESSION)), Effect.ALLOWED),
        (_OTHER, _deny(_aws(_FOREIGN_SESSION)), Effect.CONDITIONAL),
        (_FOREIGN + "*", _deny(_aws(_FOREIGN_SESSION)), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _deny(_aws(_FOREIGN + "-1")), Effect.CONDITIONAL),
        (_FOREIGN + "-*", _deny(_aws(_FOREIGN + "2")), Effect.ALLOWED),
        # A service's call has no organization: the well-known way to lock services out.
        (_SERVICE, _deny("*", {"StringNotEquals": {"aws:PrincipalOrgID": _ORGANIZATION}}), Effect.EXPLICIT_DENY),
        (_SERVICE, _deny("*", {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.CONDITIONAL),
        (_BUILDS, _deny("*", {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), Effect.ALLOWED),
        (_BUILDS, _deny("*", {"StringNotEquals": {"aws:SourceAccount": _OTHER}}), Effect.EXPLICIT_DENY),
        # NotPrincipal exempts no role or user for certain: a boundary always denies, sessions are not listed.
        (_ROLE, _deny(None, NotPrincipal=_aws([_ROOT, _ROLE])), Effect.CONDITIONAL),
        (_ROLE, _deny(None, NotPrincipal=_aws([_ROOT, _ROLE, _SESSION])), Effect.CONDITIONAL),
        (_USER, _deny(None, NotPrincipal=_aws([_ROOT, _USER])), Effect.CONDITIONAL),
        (_ROLE, _deny(None, NotPrincipal=_aws(_ROOT)), Effect.EXPLICIT_DENY),
        (_SERVICE, _deny(None, NotPrincipal={"Service": _SERVICE}), Effect.ALLOWED),
        (_SERVICE, _deny("*", {"Bool": {"aws:PrincipalIsAWSService": "false"}}), Effect.ALLOWED),
    ],
)
def test_a_deny_beside_an_allow(principal: str, deny: dict[str, Any], effect: Effect) -> None:
    """An explicit deny wins; one that only a call can decide makes the allow conditional."""
    allow = _allow({"AWS": "*", "Service": [_SERVICE, _BUILDS]})
    assert _judge(principal, allow, deny) is effect
    assert _judge(principal, deny, allow) is effect


def test_an_allow_wins_over_a_conditional_one() -> None:
    """The order of statements does not matter."""
    conditional = _allow("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    assert _judge(_ROLE, conditional, _allow("*"), conditional) is Effect.ALLOWED


def test_a_judgement_names_statement_and_keys() -> None:
    """The message needs them."""
    repository, role = repository_of(PREFIX + "app"), principal_of(_ROLE)
    assert repository is not None
    assert role is not None
    deny = _deny("*", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
    policy = RepositoryPolicy(repository, (deny,))
    assert policy.judge(role, _ACTION).keys == ("aws:SourceVpce",)
    assert policy.judge(role, _ACTION).effect is Effect.IMPLICIT_DENY
    assert RepositoryPolicy(repository, (_allow(_aws(_SESSION)),)).judge(role, _ACTION).keys == ("aws:userid",)
    assert RepositoryPolicy(repository, (_deny("*"),)).judge(role, _ACTION).statement == "No"
    assert RepositoryPolicy(repository, (_allow("*"),)).judge(role, _ACTION).statement == "number 1"
    assert RepositoryPolicy(repository, (_allow(_aws("AROAEXAMPLEEXAMPLE12")),)).names_deleted
    assert not RepositoryPolicy(repository, (_allow(_aws(_ROLE)),)).names_deleted


def test_one_statement_need_not_be_a_list() -> None:
    """IAM accepts a lone one."""
    repository = repository_of(PREFIX + "app")
    assert repository is not None
    assert len(RepositoryPolicy.parse(repository, json.dumps({"Statement": _allow("*")})).statements) == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (_allow("*", Condition="odd"), 'statement "number 2": its Condition is "odd", allowed is an object'),
        (_allow("*", {"StringIs": {"aws:SourceIp": "1"}}, Sid="Home"), 'statement "Home": its condition operator "Str'),
        (_allow("*", Effect="allow"), 'statement "number 2": its Effect is "allow", allowed is "Allow" or "Deny"'),
        (_allow("*", Effect=None), "its Effect is null"),
    ],
)
def test_a_malformed_statement_makes_the_policy_unreadable(statement: dict[str, Any], words: str) -> None:
    """No verdict can rest on it, and it is not read as one without a condition."""
    with pytest.raises(PolicyError) as caught:
        _judge(_ROLE, _allow("*"), statement)
    assert str(caught.value).startswith("its policy cannot be read: ")
    assert words in str(caught.value)


def test_a_policy_that_is_nested_too_deep_cannot_be_read() -> None:
    """It is an error of the policy, and ends nothing else."""
    repository = repository_of(PREFIX + "app")
    assert repository is not None
    with pytest.raises(PolicyError, match="nested too deep"):
        RepositoryPolicy.parse(repository, "[" * 200_000)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"Statement": 1}', '{"Statement": ["a"]}'])
def test_what_is_no_policy_is_refused(text: str) -> None:
    """It is not taken for an empty one."""
    repository = repository_of(PREFIX + "app")
    assert repository is not None
    with pytest.raises(PolicyError):
        RepositoryPolicy.parse(repository, text)
