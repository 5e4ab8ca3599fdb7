"""Tests of the conditions of a statement, as far as a principal determines them."""

from __future__ import annotations

from typing import Any

import pytest

from access_check.conditions import Truth, caller_of, evaluate
from access_check.principals import principal_of

_ROLE = "arn:aws:iam::111122223333:role/ci"
_ACCOUNT = "111122223333"
_ORGANIZATION = "o-abcdefghij"
_UNIT = "o-abcdefghij/r-ab12/ou-ab12-11111111/"
_SERVICE = "codebuild.amazonaws.com"


def _truth(whom: str, operator: str, key: str, *values: object, allowing: bool = True) -> Truth:
    principal = principal_of(whom)
    assert principal is not None
    wanted: Any = values[0] if len(values) == 1 else [*values]
    return evaluate({operator: {key: wanted}}, caller_of(principal), allowing=allowing)[0]


@pytest.mark.parametrize(
    ("whom", "operator", "key", "value"),
    [
        (_ROLE, "Bool", "aws:SecureTransport", "true"),
        (_ROLE, "Bool", "aws:SecureTransport", "True"),
        (_ROLE, "StringEquals", "aws:SecureTransport", "true"),
        (_ROLE, "Bool", "aws:PrincipalIsAWSService", "false"),
        (_ROLE, "StringEquals", "aws:PrincipalIsAWSService", "false"),
        (_ROLE, "ArnEquals", "aws:PrincipalArn", _ROLE),
        (_ROLE, "ArnLike", "AWS:principalARN", "arn:aws:iam::*:role/c?"),
        (_ROLE, "StringEquals", "aws:PrincipalAccount", _ACCOUNT),
        (_ROLE, "StringNotEquals", "aws:PrincipalAccount", "444455556666"),
        (_ROLE, "ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/other"),
        (_ROLE, "StringEqualsIfExists", "aws:SourceAccount", "444455556666"),
        (_ROLE, "StringEqualsIfExists", "aws:PrincipalAccount", _ACCOUNT),
        (_ROLE, "StringNotEquals", "aws:SourceAccount", "444455556666"),
        (_ROLE, "ForAllValues:StringEquals", "aws:SourceAccount", "444455556666"),
        (_ROLE, "Null", "aws:SourceArn", "true"),
        (_ROLE, "Null", "aws:PrincipalArn", "false"),
        (_ACCOUNT, "Bool", "aws:SecureTransport", "true"),
        (_ACCOUNT, "StringEquals", "aws:PrincipalAccount", _ACCOUNT),
        (_ACCOUNT, "ArnLike", "aws:PrincipalArn", f"arn:*:iam::{_ACCOUNT}:*"),
        (_ORGANIZATION, "Bool", "aws:SecureTransport", "true"),
        (_ORGANIZATION, "StringEquals", "aws:PrincipalOrgID", _ORGANIZATION),
        (_ORGANIZATION, "StringEqualsIgnoreCase", "aws:PrincipalOrgID", _ORGANIZATION.upper()),
        (_ORGANIZATION, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{_ORGANIZATION}/*"),
        (_UNIT, "StringEquals", "aws:PrincipalOrgID", _ORGANIZATION),
        (_UNIT, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT),
        (_SERVICE, "Bool", "aws:SecureTransport", "true"),
        (_SERVICE, "Bool", "aws:PrincipalIsAWSService", "true"),
        (_SERVICE, "StringEquals", "aws:PrincipalIsAWSService", "true"),
        (_SERVICE, "StringEquals", "aws:PrincipalServiceName", _SERVICE),
        (_SERVICE, "StringEquals", "aws:SourceAccount", "444455556666"),
        (_SERVICE, "ArnLike", "aws:SourceArn", "arn:aws:codebuild:*"),
        (_SERVICE, "Null", "aws:SourceArn", "false"),
        (_SERVICE, "Null", "aws:PrincipalArn", "true"),
    ],
)
def test_what_every_call_of_a_principal_meets(whom: str, operator: str, key: str, value: str) -> None:
    """Keys and the values of booleans are compared whatever their case."""
    assert _truth(whom, operator, key, value) is Truth.YES


@pytest.mark.parametrize(
    ("whom", "operator", "key", "value"),
    [
        (_ROLE, "Bool", "aws:SecureTransport", "false"),
        (_ROLE, "StringEquals", "aws:SecureTransport", "TRUE"),
        (_ROLE, "Bool", "aws:PrincipalIsAWSService", "true"),
        (_ROLE, "StringEquals", "aws:PrincipalIsAWSService", "FALSE"),
        (_ROLE, "ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/other"),
        (_ROLE, "StringEquals", "aws:PrincipalAccount", "444455556666"),
        (_ROLE, "StringNotEquals", "aws:PrincipalAccount", _ACCOUNT),
        (_ROLE, "StringEqualsIfExists", "aws:PrincipalAccount", "444455556666"),
        (_ROLE, "StringEquals", "aws:SourceAccount", _ACCOUNT),
        (_ROLE, "Null", "aws:SourceArn", "false"),
        (_ROLE, "Null", "aws:PrincipalArn", "true"),
        (_ACCOUNT, "Bool", "aws:SecureTransport", "false"),
        (_ACCOUNT, "ArnLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/ci"),
        (_ACCOUNT, "StringEquals", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/ci"),
        (_ORGANIZATION, "StringEquals", "aws:PrincipalOrgID", "o-klmnopqrst"),
        (_UNIT, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abcdefghij/r-ab12/ou-ab12-22222222/"),
        (_SERVICE, "Bool", "aws:PrincipalIsAWSService", "false"),
        (_SERVICE, "StringEquals", "aws:PrincipalServiceName", "ecs-tasks.amazonaws.com"),
        (_SERVICE, "StringEquals", "aws:PrincipalOrgID", _ORGANIZATION),
        (_SERVICE, "StringEquals", "aws:PrincipalArn", _ROLE),
    ],
)
def test_what_no_call_of_a_principal_meets(whom: str, operator: str, key: str, value: str) -> None:
    """A key that such a call never carries is never met, unless the operator is content without."""
    assert _truth(whom, operator, key, value) is Truth.NO


@pytest.mark.parametrize(
    ("whom", "operator", "key", "value"),
    [
        (_ROLE, "IpAddress", "aws:SourceIp", "10.0.0.0/8"),
        (_ROLE, "NumericLessThan", "aws:PrincipalAccount", "5"),
        (_ROLE, "StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/${aws:username}"),
        (_ROLE, "StringEquals", "aws:PrincipalOrgID", _ORGANIZATION),
        (_ROLE, "Null", "aws:SourceIp", "true"),
        (_ACCOUNT, "ArnLike", "aws:PrincipalArn", _ROLE),
        (_ACCOUNT, "StringEquals", "aws:PrincipalArn", _ROLE),
        (_ORGANIZATION, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT),
        (_ORGANIZATION, "StringEquals", "aws:PrincipalAccount", _ACCOUNT),
    ],
)
def test_what_only_the_call_can_tell(whom: str, operator: str, key: str, value: str) -> None:
    """Another key, an operator that is not read, a variable, or a part of those that are meant."""
    principal = principal_of(whom)
    assert principal is not None
    found = evaluate({operator: {key: value}}, caller_of(principal), allowing=True)
    assert found == (Truth.MAYBE, (key,))


def test_a_service_that_is_kept_to_a_source_may_be_denied_under_it() -> None:
    """To allow it under a source is to allow it; a denial is of some sources alone."""
    assert _truth(_SERVICE, "StringEquals", "aws:SourceAccount", _ACCOUNT, allowing=False) is Truth.MAYBE


def test_one_of_several_values_is_enough() -> None:
    """They are alternatives, and no one is."""
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", "444455556666", _ACCOUNT) is Truth.YES
    assert _truth(_ROLE, "StringNotEquals", "aws:PrincipalAccount", "444455556666", _ACCOUNT) is Truth.NO


def test_every_key_must_be_met() -> None:
    """One that is not met decides; those that are open are named, in their order."""
    principal = principal_of(_ROLE)
    assert principal is not None
    caller = caller_of(principal)
    met = {"StringEquals": {"aws:PrincipalAccount": _ACCOUNT}}
    is_open = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringLike": {"aws:userid": "*:one"}}
    unmet = {"Bool": {"aws:SecureTransport": "false"}}
    assert evaluate(met, caller, allowing=True) == (Truth.YES, ())
    assert evaluate({**met, **is_open}, caller, allowing=True) == (Truth.MAYBE, ("aws:SourceIp", "aws:userid"))
    assert evaluate({**is_open, **unmet, **met}, caller, allowing=True) == (Truth.NO, ())


@pytest.mark.parametrize("conditions", [None, {}, "odd", [], {"StringEquals": "odd"}])
def test_what_is_no_condition_demands_nothing(conditions: object) -> None:
    """ECR takes none of these but the first two."""
    principal = principal_of(_ROLE)
    assert principal is not None
    assert evaluate(conditions, caller_of(principal), allowing=True) == (Truth.YES, ())
