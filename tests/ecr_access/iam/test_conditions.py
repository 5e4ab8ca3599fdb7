"""Tests of the conditions of a statement, as far as a principal determines them."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.iam.arns import Repository
from ecr_access.iam.conditions import ConditionError, conditions_of, evaluate
from ecr_access.iam.principals import Kind, Source, principal_of
from ecr_access.iam.request_context import RequestContext, context_of
from ecr_access.iam.ternary import Ternary
from tests.ecr_access.check.fakes import PREFIX, REGION

_ROLE = "arn:aws:iam::111122223333:role/ci"
_ACCOUNT = "111122223333"
_ORGANIZATION = "o-abcdefghij"
_UNIT = "o-abcdefghij/r-ab12/ou-ab12-11111111/"
_SERVICE = "codebuild.amazonaws.com"


_LAMBDA = "lambda.amazonaws.com"
_USER = "arn:aws:iam::111122223333:user/team/ann"
_OTHER = "444455556666"
_APP = Repository(f"{PREFIX}app", REGION, _ACCOUNT, "app")


def _context(caller: str, source: str = _ACCOUNT) -> RequestContext:
    principal = principal_of(caller)
    assert principal is not None
    return context_of(principal, _APP.registry, Source(source, REGION) if principal.kind is Kind.SERVICE else None)


def _evaluated(condition: object, caller: str = _ROLE, source: str = _ACCOUNT) -> tuple[Ternary, tuple[str, ...]]:
    return evaluate(conditions_of({"Condition": condition}), _context(caller, source))


def _truth(caller: str, operator: str, key: str, *values: object) -> Ternary:
    wanted: Any = values[0] if len(values) == 1 else [*values]
    return _evaluated({operator: {key: wanted}}, caller)[0]


@pytest.mark.parametrize(
    ("caller", "operator", "key", "value"),
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
        (_SERVICE, "StringEquals", "aws:SourceAccount", _ACCOUNT),
        (_SERVICE, "StringNotEquals", "aws:SourceAccount", _OTHER),
        (_SERVICE, "StringLike", "aws:SourceArn", "arn:aws:codebuild:*"),
        (_SERVICE, "ArnLike", "aws:SourceArn", f"arn:aws:codebuild:*:{_ACCOUNT}:*"),
        (_SERVICE, "ArnNotLike", "aws:SourceArn", f"arn:aws:lambda:*:{_ACCOUNT}:*"),
        (_SERVICE, "Null", "aws:SourceArn", "false"),
        (_SERVICE, "StringNotEquals", "aws:PrincipalAccount", _ACCOUNT),
        (_SERVICE, "StringNotEquals", "aws:PrincipalType", "User"),
        (_SERVICE, "ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", _SERVICE),
        (_SERVICE, "Null", "aws:PrincipalOrgID", "true"),
        (_LAMBDA, "StringLike", "aws:sourceARN", f"arn:aws:lambda:{REGION}:{_ACCOUNT}:function:*"),
        (_ROLE, "StringEquals", "aws:PrincipalType", "AssumedRole"),
        (_ROLE, "StringNotEquals", "aws:PrincipalType", "User"),
        (_ROLE, "Null", "aws:PrincipalServiceName", "true"),
        (_ROLE, "StringNotEqualsIfExists", "aws:PrincipalServiceName", _SERVICE),
        (_ROLE, "Null", "aws:TokenIssueTime", "false"),
        (_ROLE, "Null", "aws:username", "true"),
        (_ROLE, "Bool", "aws:ViaAWSService", "false"),
        (_ROLE, "Null", "aws:CalledVia", "true"),
        (_ROLE, "StringEquals", "aws:ResourceAccount", _ACCOUNT),
        (_ROLE, "StringEquals", "aws:RequestedRegion", REGION),
        (_USER, "StringEquals", "aws:PrincipalType", "User"),
        (_USER, "StringEquals", "aws:username", "ann"),
        ("arn:aws:iam::111122223333:group/all", "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{_ACCOUNT}:user/*"),
        (_ACCOUNT, "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{_ACCOUNT}:*"),
        (_ORGANIZATION, "Null", "aws:PrincipalArn", "false"),
        (_ORGANIZATION, "Null", "aws:PrincipalAccount", "false"),
        (_UNIT + "*", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT + "*"),
        (_UNIT[:-1] + "*", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{_ORGANIZATION}/*/"),
        (_ROLE, "Null", "aws:CalledViaFirst", "true"),
        (_ROLE, "Null", "aws:CalledViaLast", "true"),
        (_ROLE, "Null", "aws:SourceOrgID", "true"),
        (_ROLE, "Null", "aws:PrincipalServiceNamesList", "true"),
        (_ROLE, "Null", "aws:userid", "false"),
        (_ROLE, "Null", "aws:CurrentTime", "false"),
        (_ROLE, "Null", "aws:EpochTime", "false"),
        (_ROLE, "StringEquals", "aws:ViaAWSService", "false"),
        (_SERVICE, "Null", "aws:PrincipalOrgPaths", "true"),
        (_SERVICE, "Null", "aws:username", "true"),
        (_SERVICE, "ArnLikeIfExists", "aws:PrincipalArn", "arn:*:*:*:*:*"),
        (_ACCOUNT, "StringNotEquals", "aws:PrincipalType", "Service"),
        (_ORGANIZATION, "StringNotEquals", "aws:PrincipalType", "Service"),
        (_ORGANIZATION, "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:*"),
    ],
)
def test_what_every_call_of_a_principal_meets(caller: str, operator: str, key: str, value: str) -> None:
    """Keys and the values of booleans are compared whatever their case."""
    assert _truth(caller, operator, key, value) is Ternary.YES


@pytest.mark.parametrize(
    ("caller", "operator", "key", "value"),
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
        (_SERVICE, "StringEquals", "aws:SourceAccount", "999999999999"),
        (_SERVICE, "StringNotEquals", "aws:SourceAccount", _ACCOUNT),
        (_SERVICE, "ArnLike", "aws:SourceArn", f"arn:aws:lambda:{REGION}:{_ACCOUNT}:function:*"),
        (_SERVICE, "ForAllValues:StringNotEquals", "aws:PrincipalServiceNamesList", _SERVICE),
        (_LAMBDA, "StringLike", "aws:SourceArn", f"arn:aws:lambda:{REGION}:{_OTHER}:function:*"),
        (_LAMBDA, "StringLike", "aws:SourceArn", f"arn:aws:lambda:us-west-2:{_ACCOUNT}:function:*"),
        (_LAMBDA, "StringEquals", "aws:SourceAccount", _OTHER),
        (_ROLE, "StringEquals", "aws:PrincipalServiceName", _SERVICE),
        (_ROLE, "ForAnyValue:StringNotEquals", "aws:SourceOrgPaths", "x"),
        (_ROLE, "ForAnyValue:StringNotEquals", "aws:SourceAccount", _OTHER),
        (_ROLE, "Bool", "aws:ViaAWSService", "true"),
        # Part by part, no star reaches over a colon.
        (_ROLE + "-*", "ArnLike", "aws:PrincipalArn", "arn:aws:*:iam::111122223333:role/ci-1"),
        # Every path ends with a slash.
        (_UNIT, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT[:-1]),
        (_UNIT + "*", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT[:-1]),
        (_ORGANIZATION, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT[:-1]),
    ],
)
def test_what_no_call_of_a_principal_meets(caller: str, operator: str, key: str, value: str) -> None:
    """A key that such a call never carries is never met, unless the operator is content without."""
    assert _truth(caller, operator, key, value) is Ternary.NO


@pytest.mark.parametrize(
    ("caller", "operator", "key", "value"),
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
        (_UNIT + "*", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", _UNIT),
        (_ORGANIZATION, "StringLike", "aws:PrincipalOrgPaths", f"{_ORGANIZATION}/*"),
        (_ACCOUNT, "StringEquals", "aws:PrincipalType", "AssumedRole"),
        (_ROLE, "Null", "aws:SourceArn", "maybe"),
        (_ROLE, "ForAnyValue:Null", "aws:SourceArn", "true"),
        (_ROLE, "DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"),
        # One project is a part of what the service acts for; Lambda is not said to send the account.
        (_SERVICE, "ArnLike", "aws:SourceArn", f"arn:aws:codebuild:{REGION}:{_ACCOUNT}:project/web"),
        (_LAMBDA, "StringEquals", "aws:SourceAccount", _ACCOUNT),
        (_LAMBDA, "Null", "aws:SourceAccount", "true"),
        (_SERVICE, "StringEquals", "aws:SourceOrgID", _ORGANIZATION),
        (_SERVICE, "Null", "aws:PrincipalArn", "true"),
        (_SERVICE, "StringEquals", "aws:PrincipalType", "Service"),
        (_SERVICE, "ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", "codebuild.eu-west-1.amazonaws.com"),
        ("ecs.amazonaws.com", "ArnLike", "aws:SourceArn", f"arn:aws:ecs:{REGION}:{_ACCOUNT}:*"),
        ("ecs.amazonaws.com", "ArnLike", "aws:SourceArn", f"arn:aws:ecs:us-west-2:{_ACCOUNT}:*"),
    ],
)
def test_what_only_the_call_can_tell(caller: str, operator: str, key: str, value: str) -> None:
    """Another key, an operator that is not read, a variable, or a value that matches only a part of the callers."""
    assert _evaluated({operator: {key: value}}, caller) == (Ternary.MAYBE, (key,))


def test_one_of_several_values_is_enough() -> None:
    """They are alternatives, and no one is."""
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", "444455556666", _ACCOUNT) is Ternary.YES
    assert _truth(_ROLE, "StringNotEquals", "aws:PrincipalAccount", "444455556666", _ACCOUNT) is Ternary.NO


def test_every_key_must_be_met() -> None:
    """One that is not met decides. The open ones are named, in their order."""
    met = {"StringEquals": {"aws:PrincipalAccount": _ACCOUNT}}
    is_open = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringLike": {"aws:userid": "*:one"}}
    unmet = {"Bool": {"aws:SecureTransport": "false"}}
    assert _evaluated(met) == (Ternary.YES, ())
    assert _evaluated({**met, **is_open}) == (Ternary.MAYBE, ("aws:SourceIp", "aws:userid"))
    assert _evaluated({**is_open, **unmet, **met}) == (Ternary.NO, ())


@pytest.mark.parametrize("condition", [{}, {"StringEquals": {}}])
def test_an_empty_condition_demands_nothing(condition: object) -> None:
    """Nor does a statement without one."""
    assert _evaluated(condition) == (Ternary.YES, ())
    assert conditions_of({}) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, "its Condition is null, allowed is an object"),
        ("odd", 'its Condition is "odd", allowed is an object'),
        ([], "its Condition is [], allowed is an object"),
        ({"StringEquals": "odd"}, 'its condition operator "StringEquals" is "odd", allowed is an object'),
        ({"StringEquals": {"aws:SourceIp": {"a": 1}}}, 'its condition key "aws:SourceIp" has the value {"a": 1}'),
        (
            {"StringEquals": {"aws:SourceIp": [None]}},
            'its condition key "aws:SourceIp" has the value [null], allowed is a text, a boolean, a number, or a list',
        ),
        ({"StringIs": {"aws:SourceIp": "1"}}, 'its condition operator "StringIs" is none of IAM\'s'),
        ({"BoolNotEquals": {"aws:SecureTransport": "1"}}, "is none of IAM's"),
        ({"NullIfExists": {"aws:SourceIp": "true"}}, "is none of IAM's"),
        ({"ForSome:StringEquals": {"aws:SourceIp": "1"}}, "is none of IAM's"),
    ],
)
def test_a_malformed_condition_is_an_error(condition: object, words: str) -> None:
    """It is not taken for no condition."""
    with pytest.raises(ConditionError) as caught:
        conditions_of({"Condition": condition})
    assert words in str(caught.value)


@pytest.mark.parametrize("yes", [True, "true", "True", [True], ["true"]])
def test_a_boolean_is_the_same_with_quotes_and_without(yes: object) -> None:
    """In every operator, alone or in a list, whatever its case."""
    no = [False] if isinstance(yes, list) else str(not yes)
    assert _truth(_ROLE, "Null", "aws:SourceArn", yes) is Ternary.YES
    assert _truth(_ROLE, "Null", "aws:SourceArn", no) is Ternary.NO
    assert _truth(_ROLE, "Null", "aws:PrincipalArn", yes) is Ternary.NO
    assert _truth(_ROLE, "Null", "aws:PrincipalArn", False) is Ternary.YES
    assert _truth(_ROLE, "Bool", "aws:SecureTransport", yes) is Ternary.YES
    assert _truth(_ROLE, "Bool", "aws:SecureTransport", False) is Ternary.NO


def test_a_number_is_the_same_with_quotes_and_without() -> None:
    """An account's id, for one."""
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", int(_ACCOUNT)) is Ternary.YES
    assert _truth(_ROLE, "NumericEquals", "aws:SourceAccount", 5) is Ternary.NO


def test_both_values_of_null_are_always_met() -> None:
    """They are alternatives."""
    assert _truth(_ROLE, "Null", "aws:PrincipalArn", "true", "false") is Ternary.YES


def test_an_empty_list_of_values_is_open() -> None:
    """AWS does not say what it does."""
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", []) is Ternary.MAYBE


def test_a_variable_is_open_only_where_no_other_value_decides() -> None:
    """It stands for what only the call has."""
    variable = "${aws:PrincipalTag/account}"
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", variable, _ACCOUNT) is Ternary.YES
    assert _truth(_ROLE, "StringNotEquals", "aws:PrincipalAccount", variable, _ACCOUNT) is Ternary.NO
    assert _truth(_ROLE, "StringEquals", "aws:PrincipalAccount", variable, _OTHER) is Ternary.MAYBE


def test_a_service_is_compared_with_the_account_it_acts_for() -> None:
    """Of which nothing is known if the requirement does not say."""
    condition = {"StringEquals": {"aws:SourceAccount": _OTHER}, "ArnLike": {"aws:SourceArn": f"arn:*:*:*:{_OTHER}:*"}}
    assert _evaluated(condition, _SERVICE, _OTHER) == (Ternary.YES, ())
    assert _evaluated(condition, _SERVICE) == (Ternary.NO, ())
    service = principal_of(_SERVICE)
    assert service is not None
    found = evaluate(conditions_of({"Condition": condition}), context_of(service, _APP.registry))
    assert found == (Ternary.MAYBE, ("aws:SourceAccount", "aws:SourceArn"))
