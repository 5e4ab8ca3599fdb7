"""Tests of reading the custom resource's properties."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.check.finding import Finding, Verdict
from ecr_access.check.request import Request, RequestError, parse
from ecr_access.iam.principals import Kind, Source
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, PUSH, TOKEN, Aws, outline

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"


def _event(properties: object) -> dict[str, Any]:
    return {"RequestType": "Create", "ResourceProperties": properties}


def test_properties_become_requirements() -> None:
    """A token and each level on each repository is one requirement; scalars arrive as strings."""
    entry = Aws.requires(_ROLE, PREFIX + "team/app", PREFIX + "base")
    request = parse(_event(Aws.properties(entry, PropagationSeconds="1.5", Existing=[PREFIX + "base"])), None)
    assert (request.place.account, request.place.region, request.place.partition) == (ACCOUNT, "eu-west-1", "aws")
    assert request.propagation == 1.5
    assert [one.name for one in request.existing] == ["base"]
    assert [(one.access, one.actions, one.repository and one.repository.name) for one in request.requirements] == [
        ("TOKEN", tuple(TOKEN), None),
        ("PULL", tuple(PULL), "team/app"),
        ("PULL", tuple(PULL), "base"),
    ]


def test_a_requirement_made_twice_is_one() -> None:
    """Twice the same question would be twice the calls."""
    entry = Aws.requires(_ROLE, PREFIX + "app", PREFIX + "app")
    assert len(parse(_event(Aws.properties(entry, entry)), None).requirements) == 2


def test_what_may_be_left_out() -> None:
    """Nothing but the token; no existing repositories; the default of the propagation; real scalars."""
    properties = Aws.properties(Requirements={"TOKEN": {f"arn:aws:iam::{ACCOUNT}:role": ["ci"]}})
    del properties["PropagationSeconds"]
    request = parse(_event(properties | {"Existing": None}), None)
    assert request.propagation == 60
    assert not request.allow_undetermined
    assert not request.report_only
    assert len(request.requirements) == 1


def test_the_place_is_that_of_the_stack_or_of_the_function() -> None:
    """Where the service token is no ARN of a function, the stack's is taken."""
    event = _event(Aws.properties(ServiceToken=None))
    stack = "arn:aws-cn:cloudformation:cn-north-1:444455556666:stack/app/1"
    assert parse({**event, "StackId": stack}, None).place.partition == "aws-cn"


@pytest.mark.parametrize(
    ("text", "kind", "account", "noun"),
    [
        (_ROLE, Kind.IAM_IDENTITY, ACCOUNT, "role"),
        ("arn:aws-us-gov:iam::444455556666:user/a/b", Kind.IAM_IDENTITY, "444455556666", "user"),
        ("arn:aws:iam::444455556666:role/ci-*", Kind.IAM_IDENTITY, "444455556666", "role"),
        ("444455556666", Kind.ACCOUNT, "444455556666", "account"),
        ("arn:aws:iam::444455556666:root", Kind.ACCOUNT, "444455556666", "account"),
        ("o-abc1234567", Kind.ORGANIZATION, "", "organization"),
        ("o-abc1234567/r-ab12/ou-ab12-11111111/", Kind.ORGANIZATIONAL_UNIT, "", "organizational unit"),
        ("codebuild.amazonaws.com", Kind.SERVICE, "", "service"),
    ],
)
def test_the_kinds_of_principal(text: str, kind: Kind, account: str, noun: str) -> None:
    """Every kind that the contract names is told apart."""
    (one,) = parse(_event(Aws.properties(Aws.requires(text))), None).requirements
    assert (one.principal.kind, one.principal.account, one.principal.noun) == (kind, account, noun)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_properties_are_read_or_refused(data: st.DataObject) -> None:
    """Nothing but the one error comes out."""
    entry: dict[str, Any] = Aws.requires(_ROLE, PREFIX + "app")
    properties = Aws.properties(entry, "role", Existing=[])  # type: ignore[arg-type]
    for target in (entry, properties):
        for name in data.draw(st.lists(st.sampled_from(sorted(target)), unique=True)):
            target[name] = data.draw(_JSON)
    with contextlib.suppress(RequestError):
        parse(_event(properties), None)


def _passing(**changes: object) -> Request:
    return parse(_event(Aws.properties(**changes)), None)


@pytest.mark.parametrize("digest", ["d", "d" * 256])
def test_a_digest_has_room_in_the_physical_id(digest: str) -> None:
    """It is remembered there."""
    assert _passing(Digest=digest).digest == digest


@pytest.mark.parametrize(("given_seconds", "seconds"), [("0", 0), ("900", 900), (7, 7), (1.5, 1.5)])
def test_a_propagation_in_range_is_taken(given_seconds: object, seconds: float) -> None:
    """From not waiting at all to the longest that a function runs."""
    assert _passing(PropagationSeconds=given_seconds).propagation == seconds


@pytest.mark.parametrize("flag", ["true", "True", True])
def test_a_flag_is_read_whatever_its_case(flag: object) -> None:
    """As CloudFormation writes it, and as Python does."""
    request = _passing(AllowUndetermined=flag)
    assert request.allow_undetermined
    assert not request.report_only
    assert _passing(ReportOnly=flag).report_only


def test_an_outline_is_a_requirement_for_each_line_and_each_of_its_lists() -> None:
    """In the order in which they are written; a level with a token is both."""
    user, far = f"arn:aws:iam::{ACCOUNT}:user/a/b", f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/far"
    lists = {"Principals": [_ROLE, user], "Repositories": ["c", "d"]}
    found = _passing(
        Requirements={
            "TOKEN": {"Others": [user]},
            "PULL": {f"arn:aws:iam::{ACCOUNT}:user": ["a/b team/app"], "Others": [f"{_OTHER} {far}"]},
            "PUSH_AND_TOKEN": {"Others": [lists]},
        }
    ).requirements
    assert [(one.principal.name, one.access, one.repository.name if one.repository else "") for one in found] == [
        (user, "TOKEN", ""),
        (user, "PULL", "team/app"),
        (_OTHER, "PULL", "far"),
        (_ROLE, "TOKEN", ""),
        (_ROLE, "PUSH", "c"),
        (user, "PUSH", "c"),
        (_ROLE, "PUSH", "d"),
        (user, "PUSH", "d"),
    ]
    assert found[-1].actions == tuple(PUSH)


def test_a_declared_policy_has_its_repositories_and_its_statements() -> None:
    """Their author knows what they depend on, for these repositories alone."""
    statements = [
        {"Effect": "Allow", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}},
        {"Effect": "Allow", "Condition": {"ArnLike": {"aws:SourceArn": "2"}}},
    ]
    app, base = PREFIX + "app", PREFIX + "base"
    declared = [
        {"Repositories": [app, base], "Statements": statements[:1]},
        {"Repositories": [app], "Statements": statements[1:]},
    ]
    request = _passing(Declared=declared)
    assert [(one.repository.name, *one.statements) for one in request.declared] == [
        ("app", statements[0]),
        ("base", statements[0]),
        ("app", statements[1]),
    ]
    assert {one.name: known for one, known in request.declared_statements.items()} == {
        "app": (statements[0], statements[1]),
        "base": (statements[0],),
    }


def test_the_function_tells_the_place_where_nothing_else_does() -> None:
    """The service token first, then the stack, then the function itself."""
    stack = "arn:aws-cn:cloudformation:cn-north-1:444455556666:stack/app/1"
    event = _event(Aws.properties(ServiceToken=None))
    assert parse(event, Context()).place.account == ACCOUNT
    assert parse({**event, "StackId": stack}, Context()).place.account == "444455556666"
    assert parse({**_event(Aws.properties()), "StackId": stack}, Context()).place.account == ACCOUNT


@pytest.mark.parametrize(
    ("verdicts", "doubts", "passes"),
    [
        ([Verdict.ALLOWED, Verdict.UNDETERMINED], "false", False),
        ([Verdict.ALLOWED, Verdict.UNDETERMINED], "true", True),
        ([Verdict.UNDETERMINED, Verdict.DENIED], "true", False),
    ],
)
def test_which_findings_a_deployment_survives(verdicts: list[Verdict], doubts: str, passes: bool) -> None:  # noqa: FBT001
    """A doubt where that is allowed, a denial only where the check does nothing but report."""
    findings = [Finding("p", "PULL", "", one) for one in verdicts]
    assert _passing(AllowUndetermined=doubts).passes(findings) is passes
    assert _passing(AllowUndetermined=doubts, ReportOnly="true").passes(findings)


_SERVICE, _LAMBDA, _OTHER = "codebuild.amazonaws.com", "lambda.amazonaws.com", "444455556666"


def test_a_service_acts_for_the_checks_own_account_or_for_those_that_are_named() -> None:
    """In the check's Region; no other principal acts for an account."""
    there = PREFIX.replace("eu-west-1", "us-west-2") + "app"
    own = {"Principal": [_SERVICE, _ROLE], "Access": {"PULL": [there]}}
    named = {"Principal": _SERVICE, "Access": {"PUSH": [there]}, "Accounts": [_OTHER, ACCOUNT, _OTHER]}
    found = _passing(Requirements=outline([own, named])).requirements
    assert [one.sources for one in found] == [
        (Source(ACCOUNT, "eu-west-1"),),
        (),
        (Source(_OTHER, "eu-west-1"), Source(ACCOUNT, "eu-west-1")),
    ]


def test_a_pull_of_lambdas_is_a_lambda_pull() -> None:
    """With the actions that AWS asks for, of functions in the Region of the repository."""
    there = PREFIX.replace("eu-west-1", "us-west-2") + "app"
    entry = {"Principal": _LAMBDA, "Access": {"PULL": [there]}}
    (one,) = _passing(Requirements=outline([entry])).requirements
    assert (one.access, one.sources) == ("LAMBDA_PULL", (Source(ACCOUNT, "us-west-2"),))
    assert one.actions == ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    actions = {"PULL": PULL, "PUSH": PUSH, "LAMBDA_PULL": ["ecr:BatchGetImage"]}
    (one,) = _passing(Requirements=outline([entry]), Actions=actions).requirements
    assert one.actions == ("ecr:BatchGetImage",)
    (one,) = _passing(Requirements=outline([{"Principal": _LAMBDA, "Access": {"PUSH": [there]}}])).requirements
    assert one.access == "PUSH"


def test_a_requirement_on_a_repository_that_the_app_does_not_declare_is_marked() -> None:
    """Its owner writes the policy."""
    entry = {"Principal": _ROLE, "Token": "true", "Access": {"PULL": [PREFIX + "app", PREFIX + "base"]}}
    found = _passing(Requirements=outline([entry]), Existing=[PREFIX + "base"]).requirements
    assert [one.existing for one in found] == [False, False, True]


def _allow(principal: object, condition: object = None, **changes: object) -> dict[str, Any]:
    found = {"Effect": "Allow", "Principal": principal, "Action": [*PULL, "ecr:BatchCheckLayerAvailability"], **changes}
    return found | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        (_allow({"AWS": [_OTHER, _ROLE]}), [_OTHER, _ROLE]),
        (_allow({"AWS": f"arn:aws:iam::{_OTHER}:root"}), [f"arn:aws:iam::{_OTHER}:root"]),
        (_allow({"AWS": _OTHER}, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{_OTHER}:role/ci-*"}}),
         [f"arn:aws:iam::{_OTHER}:role/ci-*"]),
        (_allow("*", {"StringEquals": {"aws:principalorgid": ["o-abcdefghij"]}}), ["o-abcdefghij"]),
        (_allow({"AWS": "*"}, {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/"}}),
         ["o-abcdefghij/r-ab12/"]),
        (_allow({"Service": _SERVICE}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}), [_SERVICE]),
        # Trusting the repository's own account only delegates to its IAM policies.
        (_allow({"AWS": [ACCOUNT, _OTHER]}), [_OTHER]),
    ],
)  # fmt: skip
def test_a_statement_expected_of_an_owners_policy_is_a_requirement_on_each_principal(
    statement: dict[str, Any], names: list[str]
) -> None:
    """It is judged by its effect and not by its text."""
    declared = [{"Repositories": [PREFIX + "base"], "Statements": [statement]}]
    request = _passing(Existing=[PREFIX + "base"], Declared=declared)
    assert request.declared == ()
    assert [(one.principal.name, one.access, one.actions, one.existing) for one in request.requirements] == [
        (name, "PULL", tuple(PULL), True) for name in names
    ]
    assert [*request.declared_statements.values()] == [(statement,)]


def test_what_is_required_of_a_principal_decides_alone() -> None:
    """Its own policies may allow it as well; no second finding says otherwise."""
    declared = [{"Repositories": [PREFIX + "base"], "Statements": [_allow({"AWS": [_ROLE, _OTHER]})]}]
    entry = {"Principal": _ROLE, "Access": {"PUSH": [PREFIX + "base"]}}
    request = _passing(Existing=[PREFIX + "base"], Declared=declared, Requirements=outline([entry]))
    assert [(one.principal.name, one.access) for one in request.requirements] == [(_ROLE, "PUSH"), (_OTHER, "PULL")]


@pytest.mark.parametrize(
    "statement",
    [
        _allow("*"),
        _allow("*", Effect="Deny"),
        {"Effect": "Allow", "NotPrincipal": {"AWS": _ROLE}, "Action": PULL},
        _allow({"AWS": [_ROLE, "AROAEXAMPLEEXAMPLE123"]}),
        _allow({}),
        _allow(None),
    ],
)
def test_an_expected_statement_whose_principals_cannot_be_read_is_compared(statement: dict[str, Any]) -> None:
    """It is not left out."""
    declared = [{"Repositories": [PREFIX + "base"], "Statements": [_allow({"AWS": _OTHER}), statement]}]
    request = _passing(Existing=[PREFIX + "base"], Declared=declared)
    assert [one.statements for one in request.declared] == [(statement,)]
    assert [one.principal.name for one in request.requirements] == [_OTHER]


def test_an_expected_statement_of_no_level_is_required_as_it_is() -> None:
    """Action by action."""
    declared = [{"Repositories": [PREFIX + "base"], "Statements": [_allow({"AWS": _OTHER}, Action="ecr:ListImages")]}]
    (one,) = _passing(Existing=[PREFIX + "base"], Declared=declared).requirements
    assert (one.access, one.actions) == ("EXPECTED", ("ecr:ListImages",))
