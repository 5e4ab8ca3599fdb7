"""Tests of what is known of a principal's calls, and of the keys that are not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.session import get_session

from ecr_access.check.simulator_context import known, open_keys, other_values, tags
from ecr_access.iam.arns import Registry
from ecr_access.iam.principals import principal_of
from ecr_access.iam.request_context import RequestContext, context_of
from tests.ecr_access.check.fakes import ACCOUNT, REGION

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/ci"
_USER = f"arn:aws:iam::{ACCOUNT}:user/team/ann"
_GROUP = f"arn:aws:iam::{ACCOUNT}:group/team"
_ALWAYS = {
    "aws:RequestedRegion": "eu-west-1",
    "aws:PrincipalAccount": ACCOUNT,
    "aws:SecureTransport": "true",
    "aws:PrincipalIsAWSService": "false",
    "aws:ViaAWSService": "false",
}


def _calls(name: str, region: str = REGION, account: str = "444455556666") -> RequestContext:
    principal = principal_of(name)
    assert principal is not None
    return context_of(principal, Registry("aws", region, account))


def _values(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {one["ContextKeyName"]: one["ContextKeyValues"][0] for one in entries}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        (_ROLE, {"aws:PrincipalType": "AssumedRole", "aws:PrincipalArn": _ROLE}),
        (_USER, {"aws:PrincipalType": "User", "aws:PrincipalArn": _USER, "aws:username": "ann"}),
        (_GROUP, {"aws:PrincipalType": "User"}),
    ],
)
def test_what_is_known_of_a_call_depends_on_the_calls(name: str, more: dict[str, str]) -> None:
    """A role calls as a session of it; a group makes no call, its users do."""
    entries = known(_calls(name))
    assert _values(entries) == {**_ALWAYS, **more, "aws:ResourceAccount": "444455556666"}


def test_a_token_is_of_no_resource() -> None:
    """So that it is not known whose resource AWS takes it for."""
    assert "aws:ResourceAccount" not in _values(known(_calls(_ROLE, account="")))


def test_a_boolean_is_told_as_one() -> None:
    """The simulator refuses a value of another type."""
    kinds = {one["ContextKeyName"]: one["ContextKeyType"] for one in known(_calls(_ROLE))}
    flags = {key for key, kind in kinds.items() if kind == "boolean"}
    assert flags == {"aws:SecureTransport", "aws:PrincipalIsAWSService", "aws:ViaAWSService"}
    assert set(kinds.values()) == {"boolean", "string"}


@pytest.mark.parametrize(
    "key",
    ["aws:ResourceTag/team", "AWS:SOURCEVPCE", "ecr:ResourceTag/team", "aws:userid", "lambda:SourceFunctionArn"],
)
def test_a_key_of_aws_or_ecr_may_be_in_a_call(key: str) -> None:
    """Whatever its case; so may keys of other services that a session carries with it."""
    assert open_keys([key, key], _calls(_ROLE)) == (key,)


@pytest.mark.parametrize("key", ["s3:prefix", "sts:ExternalId", "ecr-public:ResourceTag/team", "iam:PassedToService"])
def test_a_key_of_another_service_is_in_no_call(key: str) -> None:
    """The simulator lists the keys of every statement, even of a statement about another service."""
    assert open_keys([key], _calls(_ROLE)) == ()


@pytest.mark.parametrize(
    "key", ["aws:SourceAccount", "aws:SourceArn", "AWS:CalledVia", "aws:RequestTag/team", "aws:TagKeys"]
)
def test_a_key_that_such_a_call_never_has_is_in_no_call(key: str) -> None:
    """The simulator judged without it, as AWS does."""
    assert open_keys([key], _calls(_ROLE)) == ()


@pytest.mark.parametrize(("name", "there"), [(_ROLE, False), (_USER, True), (_GROUP, True)])
def test_a_role_has_no_user_name(name: str, *, there: bool) -> None:
    """A user has, and which user of a group will call is not known."""
    assert bool(open_keys(["aws:username"], _calls(name))) is there


def test_every_value_is_of_a_type_that_the_simulator_knows() -> None:
    """As the AWS SDK's model names them; a number is one, a date is of today, and an ARN has its parts."""
    keys = [
        "aws:SourceVpce",
        "aws:SourceIp",
        "aws:MultiFactorAuthAge",
        "aws:TokenIssueTime",
        "aws:PrincipalOrgPaths",
        "ec2:SourceInstanceArn",
    ]
    (values,) = other_values(keys)
    model: Any = get_session().get_service_model("iam").shape_for("ContextKeyTypeEnum")
    assert [one["ContextKeyName"] for one in values] == keys
    kinds = [one["ContextKeyType"] for one in values]
    assert kinds == ["string", "ip", "numeric", "date", "stringList", "string"]
    assert set(kinds) <= {*model.enum}
    texts = [*_values(values).values()]
    assert texts[:3] == ["no-call-has-this-1", "192.0.2.1", "999999999"]
    told = datetime.strptime(texts[3], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert abs(datetime.now(timezone.utc) - told) < timedelta(minutes=1)
    assert texts[4:] == ["no-call-has-this", "arn:aws:none:::no-call-has-this-6"]


def test_a_boolean_key_has_two_other_values() -> None:
    """All others stay the same."""
    both = other_values(["aws:multifactorauthpresent", "aws:SourceVpce"])
    assert [_values(one)["aws:multifactorauthpresent"] for one in both] == ["true", "false"]
    assert {_values(one)["aws:SourceVpce"] for one in both} == {"no-call-has-this-2"}
    assert {one[0]["ContextKeyType"] for one in both} == {"boolean"}


def test_tags_that_would_meet_a_condition_are_named() -> None:
    """By whose they are."""
    keys = [
        "aws:ResourceTag/a/team",
        "aws:SourceIp",
        "ecr:resourceTag/stage",
        "ECR:ResourceTag/team",
        "aws:PrincipalTag/a",
    ]
    assert tags(keys, "role") == ["tag the repository with a/team, stage, team", "tag the role with a"]
