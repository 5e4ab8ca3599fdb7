"""Statements are joined where that says the same, and stay as they are everywhere else."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdk_ecr_access.principals.grantee import Grantee
from cdk_ecr_access.principals.trust import trust
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.arns import Registry, repository_of
from ecr_access.iam.merging import merged, shapes
from ecr_access.iam.principals import Kind, principal_of
from ecr_access.iam.repository_policy import RepositoryPolicy

OWN, OTHER, THIRD = "111122223333", "444455556666", "777788889999"
REGISTRY = Registry("aws", "eu-west-1", OWN)
REPOSITORY = repository_of(f"arn:aws:ecr:eu-west-1:{OWN}:repository/team/app")
ACTION = "ecr:BatchGetImage"
ACTIONS = sorted({action for level in AccessLevel for action in level.actions})
NAMING = [
    ("ArnLike", "aws:PrincipalArn"),
    ("StringEquals", "aws:PrincipalOrgID"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths"),
    ("StringEquals", "aws:SourceAccount"),
    ("StringLike", "aws:SourceArn"),
]
TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "web"}}


def root(account: str) -> str:
    """The principal that stands for an account."""
    return f"arn:aws:iam::{account}:root"


def allow(principal: object, condition: object = None, **changes: object) -> dict[str, Any]:
    """Write a statement."""
    found = {"Effect": "Allow", "Action": ACTION, "Principal": principal, **changes}
    return found if condition is None else {**found, "Condition": condition}


def roles(*accounts: str) -> list[Grantee]:
    """Roles of accounts, one of them by a pattern."""
    return [
        Grantee(Kind.IAM_IDENTITY, f"arn:aws:iam::{one}:role/{name}", one)
        for one in accounts
        for name in ("ci", "cd", "web-*")
    ]


FOREIGN = [
    *roles(OTHER, THIRD),
    *(Grantee(Kind.ACCOUNT, one, one) for one in (OTHER, THIRD)),
    *(Grantee(Kind.ORGANIZATION, one) for one in ("o-abc1234567", "o-xyz1234567")),
    *(
        Grantee(Kind.ORGANIZATIONAL_UNIT, one)
        for one in ("o-abc1234567/r-ab12/ou-ab12-11111111/", "o-abc1234567/r-ab12/*")
    ),
    *(Grantee(Kind.SERVICE, one) for one in ("codebuild.amazonaws.com", "lambda.amazonaws.com")),
    *(
        Grantee(Kind.SERVICE, service, conditions={operator: {key: value}})
        for service in ("codebuild.amazonaws.com", "lambda.amazonaws.com")
        for operator, key, value in [
            ("StringEquals", "aws:SourceAccount", OTHER),
            ("StringLike", "aws:SourceArn", f"arn:aws:lambda:eu-west-1:{OTHER}:function:*"),
            ("ArnLike", "aws:SourceArn", f"arn:aws:codebuild:eu-west-1:{OTHER}:project/app"),
        ]
    ),
]
NAMES = [*dict.fromkeys(one.name for one in FOREIGN), f"arn:aws:iam::{OWN}:role/ci", "555566667777"]
JUDGED = [principal for one in NAMES if (principal := principal_of(one))]
assert len(JUDGED) == len(NAMES)


def of_a_grant(grantee: Grantee, level: AccessLevel) -> dict[str, Any]:
    """Write the statement that a grant renders."""
    return trust(grantee, REGISTRY, home=REGISTRY, foreign=grantee.kind is Kind.IAM_IDENTITY).statement(level.actions)


def some(values: list[str]) -> st.SearchStrategy[Any]:
    """One value by itself, or a list of them."""
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


GRANTED = st.builds(of_a_grant, st.sampled_from(FOREIGN), st.sampled_from(AccessLevel))
NAMED = some(["arn:aws:iam::444455556666:role/ci", "arn:aws:iam::*:role/cd"])
WRITTEN = st.builds(
    allow,
    st.just("*")
    | st.builds(lambda aws: {"AWS": aws}, some([root(OTHER), root(THIRD), f"arn:aws:iam::{OWN}:role/ci", "*"]))
    | st.builds(lambda service: {"Service": service}, some(["codebuild.amazonaws.com", "lambda.amazonaws.com"])),
    st.none()
    | st.just(TAGGED)
    | st.builds(lambda names: {"ArnLike": {"aws:PrincipalArn": names}}, NAMED)
    | st.builds(lambda names: {"ArnLike": {"aws:PrincipalArn": names}, **TAGGED}, NAMED)
    | st.builds(lambda ids: {"StringEquals": {"aws:SourceAccount": ids}}, some([OTHER, THIRD])),
    Action=some([ACTION, "ecr:PutImage"]),
)
LISTS = st.lists(GRANTED | WRITTEN, max_size=8)


def listed(value: Any) -> list[Any]:
    """A value as a list."""
    return value if isinstance(value, list) else [value]


def taken_apart(statements: list[dict[str, Any]]) -> set[str]:
    """Write each statement as several that name one action, one principal and one value of each condition key."""
    found = set()
    for one in statements:
        principal = one["Principal"] if isinstance(one["Principal"], dict) else {"Any": "*"}
        conditions = [(op, key, v) for op, keys in one.get("Condition", {}).items() for key, v in keys.items()]
        choices = [[(op, key, value) for value in listed(values)] for op, key, values in conditions]
        principals = [(scheme, name) for scheme, names in principal.items() for name in listed(names)]
        for single in itertools.product(listed(one["Action"]), principals, *choices):
            found.add(json.dumps([single[0], single[1], sorted(single[2:])]))
    return found


@pytest.mark.parametrize(("operator", "key"), NAMING)
def test_the_values_of_a_naming_key_are_listed(operator: str, key: str) -> None:
    """They are alternatives, in the order of the statements, each once."""
    statements = [allow("*", {operator: {key: value}}) for value in ("b", "a", ["c", "b"])]
    assert merged(statements) == [allow("*", {operator: {key: ["b", "a", "c"]}})]


@pytest.mark.parametrize(("operator", "key"), NAMING)
def test_what_is_said_twice_is_said_once(operator: str, key: str) -> None:
    """And as a single value, not as a list of one."""
    statement = allow("*", {operator: {key: "a"}})
    assert merged([statement, statement]) == [statement]


def test_the_principals_of_like_statements_are_listed() -> None:
    """Accounts, roles and services by scheme, each once."""
    assert merged([allow({"AWS": "a"}), allow({"AWS": ["c", "a"]}), allow({"AWS": "b"})]) == [
        allow({"AWS": ["a", "c", "b"]})
    ]
    assert merged([allow({"Service": "a"}, TAGGED), allow({"Service": "b"}, TAGGED)]) == [
        allow({"Service": ["a", "b"]}, TAGGED)
    ]
    assert merged([allow({"AWS": "a", "Service": "b"}), allow({"AWS": "c", "Service": "b"})]) == [
        allow({"AWS": ["a", "c"], "Service": "b"})
    ]


@pytest.mark.parametrize("condition", [None, {"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}}])
def test_the_order_of_actions_keeps_no_statements_apart(condition: object) -> None:
    """A statement of one's own may list them in another order than a grant; the first order stays."""
    actions = [*AccessLevel.PULL.actions]
    one, other = (
        allow({"AWS": root(of)}, condition, Action=order) for of, order in [(OTHER, actions), (THIRD, sorted(actions))]
    )
    assert merged([one, other]) == [allow({"AWS": [root(OTHER), root(THIRD)]}, condition, Action=actions)]
    assert set(shapes(one)) & set(shapes(other))


def test_each_statement_stays_where_the_first_of_its_kind_was() -> None:
    """A reader finds the policy in the order of the grants."""
    push = {"Action": "ecr:PutImage"}
    statements = [allow({"AWS": "a"}), allow("*", TAGGED), allow({"AWS": "a"}, **push), allow({"AWS": "b"})]
    assert merged(statements) == [allow({"AWS": ["a", "b"]}), *statements[1:3]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (allow({"AWS": "a"}), allow({"AWS": "b"}, Action="ecr:PutImage")),
        (allow({"AWS": "a"}), allow({"AWS": "b"}, TAGGED)),
        (allow({"AWS": "a"}), allow({"Service": "b"})),
        (allow({"AWS": "a"}), allow({"AWS": "b", "Service": "c"})),
        (allow("*", {"ArnLike": {"aws:PrincipalArn": "a"}}), allow("*", {"ArnLike": {"aws:SourceArn": "b"}})),
        (allow("*", {"ArnLike": {"aws:PrincipalArn": "a"}}), allow("*", {"ArnNotLike": {"aws:PrincipalArn": "b"}})),
        (
            allow({"AWS": root(OTHER)}, {"ArnLike": {"aws:PrincipalArn": "a"}}),
            allow({"AWS": root(THIRD)}, {"ArnLike": {"aws:PrincipalArn": "b"}}),
        ),
        (
            allow("*", {"StringEquals": {"aws:PrincipalOrgID": "a"}}),
            allow("*", {"StringEquals": {"aws:PrincipalOrgID": "b", "aws:PrincipalTag/team": "web"}}),
        ),
        (allow("*", {"StringNotEquals": {"aws:PrincipalOrgID": "a"}}), allow("*", TAGGED)),
        (
            allow("*", {"StringNotEquals": {"aws:PrincipalOrgID": "a"}}),
            allow("*", {"StringNotEquals": {"aws:PrincipalOrgID": "b"}}),
        ),
        (
            allow("*", {"StringEquals": {"ecr:ResourceTag/a": "a"}}),
            allow("*", {"StringEquals": {"ecr:ResourceTag/a": "b"}}),
        ),
        # Both would hold where one of two keys differs and the other does, too.
        (
            allow("*", {"StringEquals": {"aws:SourceAccount": "a"}, "StringLike": {"aws:SourceArn": "c"}}),
            allow("*", {"StringEquals": {"aws:SourceAccount": "b"}, "StringLike": {"aws:SourceArn": "d"}}),
        ),
    ],
)
def test_statements_that_differ_in_more_than_names_stay_two(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Joined, they would allow what neither does."""
    assert merged([one, other]) == [one, other]


@pytest.mark.parametrize("star", ["*", {"AWS": "*"}, {"AWS": ["*"]}, {"AWS": [root(OTHER), "*"]}])
def test_a_star_is_never_listed_among_others(star: object) -> None:
    """A star beside an account would hide that the account no longer matters."""
    statements = [allow(star, TAGGED), allow({"AWS": root(OTHER)}, TAGGED), allow({"AWS": root(THIRD)}, TAGGED)]
    assert merged(statements) == [statements[0], allow({"AWS": [root(OTHER), root(THIRD)]}, TAGGED)]


@pytest.mark.parametrize(
    "changes",
    [{"Sid": "Mine"}, {"NotAction": "ecr:PutImage"}, {"Resource": "*"}, {"NotPrincipal": "*"}, {"Effect": "Deny"}],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("condition", [None, {"ArnLike": {"aws:PrincipalArn": "a"}}])
def test_what_no_grant_writes_stays_as_it_is(changes: dict[str, Any], condition: object) -> None:
    """The values of a Deny are no alternatives, a Sid has an owner, and the rest differs in more than principals."""
    statements = [allow({"AWS": one}, condition, **changes) for one in ("a", "b")]
    assert merged(statements) == statements


def test_names_are_joined_before_principals() -> None:
    """Two services that act for the same two accounts are one statement."""
    parts = [
        allow({"Service": service}, {"StringEquals": {"aws:SourceAccount": account}})
        for service in ("a", "b")
        for account in (OTHER, THIRD)
    ]
    assert merged(parts) == [allow({"Service": ["a", "b"]}, {"StringEquals": {"aws:SourceAccount": [OTHER, THIRD]}})]


def test_nothing_stays_nothing() -> None:
    """An empty policy has nothing to join."""
    assert merged([]) == []


@given(LISTS)
@settings(deadline=None, max_examples=60)
def test_joined_statements_are_judged_like_their_parts(statements: list[dict[str, Any]]) -> None:
    """The access check, which knows nothing of the joining, returns the same for every principal and action."""
    assert REPOSITORY is not None
    before, after = (RepositoryPolicy(REPOSITORY, tuple(some)) for some in (statements, merged(statements)))
    for principal, action in itertools.product(JUDGED, ACTIONS):
        assert after.judge(principal, action).effect is before.judge(principal, action).effect


@given(LISTS)
def test_joined_statements_hold_for_the_same_calls(statements: list[dict[str, Any]]) -> None:
    """No pair of a principal and a condition is added, and none is lost, services' sources among them."""
    assert taken_apart(merged(statements)) == taken_apart(statements)


@given(LISTS)
@example(
    [
        allow({"AWS": root(OTHER)}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}),
        allow({"AWS": root(THIRD)}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}),
        allow({"AWS": [root(OTHER), root(THIRD)]}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/cd"}}),
    ]
)
def test_joining_again_changes_nothing(statements: list[dict[str, Any]]) -> None:
    """What could be joined has been."""
    assert merged(merged(statements)) == merged(statements)


@given(LISTS)
def test_a_joined_policy_is_never_longer(statements: list[dict[str, Any]]) -> None:
    """Neither in statements nor in characters."""
    assert len(merged(statements)) <= len(statements)
    assert len(json.dumps(merged(statements))) <= len(json.dumps(statements))


@given(GRANTED | WRITTEN, GRANTED | WRITTEN)
def test_two_statements_are_joined_if_they_share_a_shape(one: dict[str, Any], other: dict[str, Any]) -> None:
    """So that it is known beforehand whether a policy has anything to join."""
    assert (len(merged([one, other])) == 1) is bool({*shapes(one)} & {*shapes(other)})


@given(LISTS)
def test_what_is_joined_is_left_as_it_was(statements: list[dict[str, Any]]) -> None:
    """The caller's statements are not written to."""
    before = copy.deepcopy(statements)
    merged(statements)
    assert statements == before
