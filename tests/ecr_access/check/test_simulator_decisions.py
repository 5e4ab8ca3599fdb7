"""Tests of reading the simulator's answers, also of shapes that AWS does not promise."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.simulator_decisions import Decision, Decisions, marker, read
from tests.ecr_access.check.fakes import PREFIX, PULL, TOKEN

_APP, _BASE = PREFIX + "app", PREFIX + "base"
_TEMPLATE = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"
_NO_ORGANIZATION: dict[str, Any] = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
_NO_BOUNDARY: dict[str, Any] = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}


def _entry(resource: str = _APP, decision: str = "allowed", **more: object) -> dict[str, Any]:
    return {"EvalResourceName": resource, "EvalResourceDecision": decision, **more}


def _result(*entries: dict[str, Any], decision: object = "allowed", **more: object) -> dict[str, Any]:
    """Make a result of the newer shape, if it has entries."""
    specific = {"ResourceSpecificResults": [*entries]} if entries else {}
    return {"EvalActionName": PULL[0], "EvalResourceName": _TEMPLATE, "EvalDecision": decision, **specific, **more}


def _read(*results: object, of: tuple[str, ...] = (_APP,)) -> Decisions:
    return read({"EvaluationResults": [*results]}, PULL[:1], of)[0]


def _one(*results: object) -> Decision:
    return _read(*results)[PULL[0], _APP]


@pytest.mark.parametrize(
    "answer", [{}, {"EvaluationResults": None}, {"EvaluationResults": []}, {"EvaluationResults": [{"Eval": 1}]}]
)
def test_an_answer_without_results_decides_nothing(answer: dict[str, Any]) -> None:
    """Nor is it an error."""
    assert read(answer, PULL, [_APP])[0] == {}


@pytest.mark.parametrize("name", [{}, {"EvalResourceName": "*"}, {"EvalResourceName": _TEMPLATE}])
def test_the_one_resource_that_was_asked_for_is_meant(name: dict[str, str]) -> None:
    """A result names it in more than one way; of several, it has to be named."""
    result = {"EvalActionName": PULL[0], "EvalDecision": "allowed", **name}
    assert _read(result) == {(PULL[0], _APP): Decision("allowed")}
    assert _read(result, of=(_APP, _BASE)) == {}


@pytest.mark.parametrize(
    "result", [_result(_entry(_BASE)), {**_result(), "EvalResourceName": _BASE}, _result(_entry("*")), _result({})]
)
def test_what_is_about_another_resource_counts_for_nothing(result: dict[str, Any]) -> None:
    """Though one resource alone was asked for."""
    assert _read(result) == {}


def test_what_is_about_another_resource_hides_nothing() -> None:
    """An entry that was not asked for may come first."""
    assert _one(_result(_entry(_BASE, "explicitDeny"), _entry())).decision == "allowed"


def test_what_is_about_another_action_counts_for_nothing() -> None:
    """An answer is taken for what was asked and nothing else."""
    assert _read({**_result(), "EvalActionName": "s3:GetObject"}) == {}


@pytest.mark.parametrize("entries", [[], [_entry("*")]])
def test_a_token_is_decided_on_everything(entries: list[dict[str, Any]]) -> None:
    """In the newer shape there may be an entry for it."""
    result = {**_result(*entries), "EvalActionName": TOKEN[0], "EvalResourceName": "*"}
    assert read({"EvaluationResults": [result]}, TOKEN, ["*"])[0] == {(TOKEN[0], "*"): Decision("allowed")}


def test_actions_are_told_whatever_their_case() -> None:
    """IAM compares them so."""
    assert _one({**_result(), "EvalActionName": PULL[0].upper()}).decision == "allowed"


@pytest.mark.parametrize("decision", ["", "maybe", "Allowed", None])
def test_an_unknown_decision_is_none(decision: str | None) -> None:
    """In an entry, in a result, and at the top of one whose entries are known."""
    assert _one(_result(decision=decision)).decision == ""
    assert _one(_result(_entry(decision=decision or ""))).decision == ""
    assert _one(_result(_entry(), decision=decision)).decision == ""
    assert _read(_result(_entry(), _entry(_BASE), decision=decision), of=(_APP, _BASE))[PULL[0], _BASE].decision == ""


@pytest.mark.parametrize(
    ("one", "other", "worse"),
    [
        ("explicitDeny", "allowed", "explicitDeny"),
        ("explicitDeny", "implicitDeny", "explicitDeny"),
        ("explicitDeny", "maybe", "explicitDeny"),
        ("implicitDeny", "allowed", "implicitDeny"),
        ("maybe", "allowed", ""),
        ("maybe", "implicitDeny", ""),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_contradicting_decisions_the_worse_counts(one: str, other: str, worse: str, turned: bool) -> None:  # noqa: FBT001
    """Two entries of a resource, two results of an action, or an entry and its result."""
    first, second = (other, one) if turned else (one, other)
    twice = [_entry(decision=first), _entry(decision=second)]
    assert _one(_result(*twice, decision=second)).decision == worse
    assert _one(_result(decision=first), _result(decision=second)).decision == worse
    assert _one(_result(_entry(decision=first), decision=second)).decision == worse


def test_what_a_decision_was_made_without_is_gathered() -> None:
    """And of the policies only the ones that decided it."""

    def by(policy: str, decision: str, *missing: str) -> dict[str, Any]:
        statements = [{"SourcePolicyId": policy, "SourcePolicyType": "IAM Policy"}, {}]
        return _entry(decision=decision, MatchedStatements=statements, MissingContextValues=[*missing])

    two = [
        _entry(decision="explicitDeny"),
        by("A", "explicitDeny", "aws:x"),
        by("B", "allowed", "aws:y"),
        by("C", "explicitDeny", "aws:x", "aws:z"),
    ]
    assert _one(_result(*two, MissingContextValues=["aws:top"])) == Decision(
        "explicitDeny", policies=("A", "C"), missing=("aws:top", "aws:x", "aws:y", "aws:z"), own=True
    )


def test_keys_at_the_top_are_those_of_an_entry_without_its_own() -> None:
    """With several resources AWS puts them into the entries; the list at the top is of all of them."""
    entries = [_entry(MissingContextValues=[]), _entry(_BASE)]
    said = _read(_result(*entries, MissingContextValues=["aws:x"]), of=(_APP, _BASE))
    assert {arn: one.missing for (_, arn), one in said.items()} == {_APP: (), _BASE: ("aws:x",)}


@pytest.mark.parametrize(
    "result",
    [
        _result(**_NO_ORGANIZATION, **_NO_BOUNDARY),
        _result(_entry(), **_NO_ORGANIZATION, **_NO_BOUNDARY),
        _result(_entry(**_NO_ORGANIZATION, **_NO_BOUNDARY)),
        _result(_entry(**_NO_ORGANIZATION), **_NO_BOUNDARY),
    ],
)
def test_what_denies_beside_the_policies_counts_wherever_it_stands(result: dict[str, Any]) -> None:
    """At the top of a result or in its entry."""
    assert _one(result) == Decision("allowed", by_organization=False, by_boundary=False)


@pytest.mark.parametrize("detail", [_NO_ORGANIZATION, _NO_BOUNDARY])
def test_what_is_told_for_several_together_is_told_for_none(detail: dict[str, Any]) -> None:
    """It may concern one of them alone: what has no detail of its own is left out, and asked for alone."""
    allowed: dict[str, Any] = {
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True},
    }
    said = _read(_result(_entry(), _entry(_BASE, **allowed), **detail), of=(_APP, _BASE))
    assert said == {(PULL[0], _BASE): Decision("allowed")}


@pytest.mark.parametrize(
    ("kind", "own"),
    [("role", True), ("aws-managed", True), ("IAM Policy", True), ("resource", False), ("none", False), ("", False)],
)
def test_a_principals_own_policy_is_known_by_its_type(kind: str, *, own: bool) -> None:
    """AWS lists no service control policy; what is not one of the principal's own is not taken for one."""
    assert _one(_result(MatchedStatements=[{"SourcePolicyType": kind}])).own is own


_BROKEN: list[Any] = [
    None,
    [],
    "<html>",
    {"EvaluationResults": "x"},
    {"EvaluationResults": {}},
    {"EvaluationResults": [None]},
    {"EvaluationResults": ["x"]},
    {"EvaluationResults": [[]]},
    {"EvaluationResults": [_result() | {"EvalActionName": 1}]},
    {"EvaluationResults": [_result(decision=["allowed"])]},
    {"EvaluationResults": [_result() | {"EvalResourceName": 7}]},
    {"EvaluationResults": [_result() | {"ResourceSpecificResults": {}}]},
    {"EvaluationResults": [_result() | {"ResourceSpecificResults": [None]}]},
    {"EvaluationResults": [_result() | {"MatchedStatements": ["x"]}]},
    {"EvaluationResults": [_result() | {"MissingContextValues": "aws:x"}]},
    {"EvaluationResults": [_result() | {"MissingContextValues": [1]}]},
    {"EvaluationResults": [_result() | {"OrganizationsDecisionDetail": []}]},
    {"EvaluationResults": [_result() | {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": 0}}]},
]


@pytest.mark.parametrize("page", _BROKEN, ids=repr)
def test_an_answer_of_another_shape_cannot_be_read(page: object) -> None:
    """It is one error, which says what was found where, and no exception of another kind."""
    with pytest.raises(
        UndeterminedError, match=r"^the answer of iam:SimulatePrincipalPolicy cannot be read: .+ is of "
    ):
        read(page, PULL, [_APP])


def test_what_cannot_be_read_names_the_member_and_its_type() -> None:
    """Of a value, and of what should have held one."""
    with pytest.raises(UndeterminedError, match=r"EvalDecision is of type list$") as caught:
        _read(_result(decision=[]))
    assert caught.value.fix == "deploy again; if it stays, report it with the log"
    with pytest.raises(UndeterminedError, match=r"MissingContextValues is of type int$"):
        _read(_result(MissingContextValues=[1]))
    with pytest.raises(UndeterminedError, match=r"what holds EvalActionName is of type str$"):
        _read("x")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ({"IsTruncated": True, "Marker": "a"}, "a"),
        ({"IsTruncated": False, "Marker": "a"}, ""),
        ({"Marker": "a"}, ""),
        ({"IsTruncated": True}, ""),
        ({"IsTruncated": True, "Marker": None}, ""),
    ],
)
def test_a_marker_counts_where_there_is_more(page: object, found: str) -> None:
    """Else the page is the last."""
    assert marker(page) == found


@pytest.mark.parametrize("page", [None, {"IsTruncated": "true"}, {"IsTruncated": True, "Marker": 1}])
def test_a_marker_of_another_type_cannot_be_read(page: object) -> None:
    """As anything else of the answer."""
    with pytest.raises(UndeterminedError, match="cannot be read"):
        marker(page)
