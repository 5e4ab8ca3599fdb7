"""Tests of telling whether one statement is about all that another one is about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_access.iam.conditions import conditions_of, evaluate
from ecr_access.iam.normalized_statement import NormalizedStatement
from ecr_access.iam.request_context import RequestContext, Values
from ecr_access.iam.ternary import Ternary

_ORG, _PATHS = "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"


def _statement(condition: object, **changes: object) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": condition, **changes}


def _is_subset(condition: object, other: object) -> bool:
    one, two = (NormalizedStatement.of(_statement(it)) for it in (condition, other))
    return one.is_subset_of(two)


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"StringEquals": {_ORG: "a"}}, {"StringEquals": {_ORG: ["a", "b"]}}),
        ({"StringEqualsIfExists": {_ORG: "a"}}, {"StringEqualsIfExists": {_ORG: ["a", "b"]}}),
        ({"StringEqualsIgnoreCase": {_ORG: "A"}}, {"StringEqualsIgnoreCase": {_ORG: ["a", "b"]}}),
        ({"StringLike": {_ORG: "ab*"}}, {"StringLike": {_ORG: "a*"}}),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:a:b:c:d/e"}}, {"ArnLike": {"aws:SourceArn": "arn:aws:a:*:c:d/*"}}),
        ({"ForAnyValue:StringLike": {_PATHS: "o/r/"}}, {"ForAnyValue:StringLike": {_PATHS: "o/*"}}),
        ({"StringNotEquals": {_ORG: ["a", "b"]}}, {"StringNotEquals": {_ORG: "a"}}),
        ({"StringNotEqualsIgnoreCase": {_ORG: ["A", "b"]}}, {"StringNotEqualsIgnoreCase": {_ORG: "a"}}),
        ({"StringNotLike": {_ORG: "a*"}}, {"StringNotLike": {_ORG: "ab*"}}),
        ({"ArnNotLike": {"aws:SourceArn": "arn:aws:a:*:c:*"}}, {"ArnNotLike": {"aws:SourceArn": "arn:aws:a:b:c:d"}}),
        ({"Bool": {"aws:SecureTransport": False}}, {"Bool": {"aws:SecureTransport": "False"}}),
        ({"Null": {_ORG: "true"}}, {"Null": {_ORG: True}}),
        ({"IpAddress": {"aws:SourceIp": ["1", "2"]}}, {"IpAddress": {"aws:SourceIp": ["2", "1"]}}),
        ({"StringEquals": {_ORG: "a"}, "Null": {"aws:SourceVpc": "true"}}, {"StringEquals": {_ORG: "a"}}),
        ({"StringLike": {_ORG: "${aws:userid}"}}, {"StringLike": {_ORG: ["${aws:userid}", "a"]}}),
    ],
)
def test_a_narrower_condition_is_a_part_of_a_broader_one(condition: object, other: object) -> None:
    """Alternatives widen it, exclusions narrow it; the reverse holds for none but equals."""
    assert _is_subset(condition, other)
    values = [[str(one) for keys in it.values() for one in keys.values()] for it in (condition, other)]  # type: ignore[attr-defined]
    same = {"Bool", "Null", "IpAddress"} & set(condition)  # type: ignore[call-overload]
    assert _is_subset(other, condition) is (bool(same) and len(values[0]) == len(values[1]))


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"StringEquals": {_ORG: "a"}}, {"StringEquals": {"aws:SourceAccount": "a"}}),
        ({"StringEquals": {_ORG: "a"}}, {"StringLike": {_ORG: "a"}}),
        ({"StringLike": {_ORG: "?*"}}, {"StringLike": {_ORG: "a*"}}),
        ({"StringLike": {_ORG: "${aws:userid}"}}, {"StringLike": {_ORG: "$*"}}),
        ({"StringLike": {_ORG: "ab"}}, {"StringLike": {_ORG: "a${aws:userid}"}}),
        ({"ForAnyValue:StringNotLike": {_PATHS: ["a", "b"]}}, {"ForAnyValue:StringNotLike": {_PATHS: "c"}}),
        ({"ForAllValues:StringLike": {_PATHS: "a"}}, {"ForAllValues:StringLike": {_PATHS: ["a", "b"]}}),
        ({"NumericLessThan": {"aws:X": "1"}}, {"NumericLessThan": {"aws:X": ["1", "2"]}}),
        ({"StringEquals": {_ORG: []}}, {"StringEquals": {_ORG: "a"}}),
        ({"StringNotEquals": {_ORG: "a"}}, {"StringNotEquals": {_ORG: []}}),
    ],
)
def test_what_is_not_known_to_be_a_part_is_none(condition: object, other: object) -> None:
    """Doubt is no agreement."""
    assert not _is_subset(condition, other)


def test_a_condition_written_twice_in_two_cases_counts_twice() -> None:
    """Both have to be met."""
    twice = {"StringEquals": {_ORG: "a"}, "stringequals": {_ORG.lower(): "b"}}
    assert _is_subset(twice, {"StringEquals": {_ORG: "a"}})
    assert _is_subset(twice, {"StringEquals": {_ORG: "b"}})
    assert not _is_subset({"StringEquals": {_ORG: "a"}}, twice)


_OPERATORS = [
    f"{prefix}{name}{suffix}"
    for prefix in ("", "ForAnyValue:", "ForAllValues:")
    for name in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringNotEqualsIgnoreCase")
    for suffix in ("", "IfExists")
]
_values = st.lists(st.text("aA*?", max_size=3), max_size=2)
_condition = st.dictionaries(
    st.sampled_from([*_OPERATORS[::6], "Null", *_OPERATORS]),
    st.dictionaries(st.sampled_from([_ORG, _PATHS]), _values, max_size=1),
    max_size=2,
)
_carried = st.lists(st.text("aA", min_size=1, max_size=3), max_size=2).map(tuple)


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(_condition, _condition, _carried.filter(lambda one: len(one) < 2), _carried)
def test_every_call_of_a_part_is_one_of_the_whole(
    condition: dict[str, Any], more: dict[str, Any], organization: Values, paths: Values
) -> None:
    """Whatever the calls carry: the evaluation of the conditions is the judge."""
    context = RequestContext({_ORG.lower(): (organization,), _PATHS.lower(): (paths,)})
    met = [evaluate(conditions_of({"Condition": one}), context)[0] for one in (condition, more)]
    for (one, other), truth in (((condition, more), met), ((more, condition), met[::-1])):
        if _is_subset(one, other):
            assert truth[0] is not Ternary.YES or truth[1] is not Ternary.NO
