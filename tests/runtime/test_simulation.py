"""Tests of asking the policy simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from access_check.failures import UndeterminedError
from access_check.retry import Patience
from access_check.simulation import Decision, Decisions, Simulated, simulate
from tests.runtime.fakes import PREFIX, PULL, REGION, TOKEN

if TYPE_CHECKING:
    from tests.runtime.fakes import Aws, Clock

_APP, _BASE = PREFIX + "app", PREFIX + "base"


def _patience(clock: Clock) -> Patience:
    return Patience(clock.left, clock.left, clock.sleep, clock.jitter)


def _as(principal: str, actions: list[str]) -> Simulated:
    return Simulated(principal, tuple(actions), REGION)


@pytest.mark.parametrize(("shape", "calls"), [("new", 1), ("old", 1), ("first", 1 + 2)])
@pytest.mark.parametrize("page", [1000, 1])
def test_every_shape_of_answer_is_understood(aws: Aws, clock: Clock, shape: str, calls: int, page: int) -> None:
    """One result an action (AWS since 2026-07-30), one an action and resource (before), or the first resource's alone.

    The last is the embedded cloud's. AWS answers in pages, where there is much to say.
    """
    aws.shape, aws.page = shape, page
    role = aws.role("ci")
    aws.decide(role, PULL, _APP)
    aws.decide(role, PULL[:1], _BASE, decision="explicitDeny", policies=["NoBase", "NoBase"], missing=["aws:x"])
    said = simulate(aws, _patience(clock), _as(role, PULL), [_APP, _BASE, PREFIX + "third"])
    assert {key: one.decision for key, one in said.items()} == {
        (PULL[0], _APP): "allowed",
        (PULL[1], _APP): "allowed",
        (PULL[0], _BASE): "explicitDeny",
        (PULL[1], _BASE): "implicitDeny",
        (PULL[0], PREFIX + "third"): "implicitDeny",
        (PULL[1], PREFIX + "third"): "implicitDeny",
    }
    assert said[PULL[0], _BASE].policies == ("NoBase",)
    assert said[PULL[0], _BASE].missing == ("aws:x",)
    if page == 1000:
        assert len(aws.calls) == calls


@pytest.mark.parametrize("shape", ["new", "old", "first"])
def test_one_resource_or_all(aws: Aws, clock: Clock, shape: str) -> None:
    """The token is asked for on "*"."""
    aws.shape = shape
    role = aws.puller("ci", _APP)
    assert simulate(aws, _patience(clock), _as(role, TOKEN), ["*"])[TOKEN[0], "*"].decision == "allowed"
    assert simulate(aws, _patience(clock), _as(role, PULL), [_APP])[PULL[0], _APP].decision == "allowed"


def test_what_the_organization_says_is_told_apart_by_resource(aws: Aws, clock: Clock) -> None:
    """Since 2026-07-30 it is told for all resources together: those denied are asked for alone."""
    role = aws.role("ci")
    aws.decide(role, PULL[:1], _APP, organization=True)
    aws.decide(role, PULL[:1], _BASE, organization=False, decision="implicitDeny")
    aws.decide(role, PULL[:1], PREFIX + "third", organization=True, decision="implicitDeny")
    said = simulate(aws, _patience(clock), _as(role, PULL[:1]), [_APP, _BASE, PREFIX + "third"])
    assert {one.rpartition("/")[2]: said[PULL[0], one].by_organization for _, one in said} == {
        "app": False,  # allowed all the same
        "base": False,
        "third": True,
    }
    assert len(aws.calls) == 3


def test_many_resources_go_in_chunks_of_a_hundred(aws: Aws, clock: Clock) -> None:
    """Few calls, because the simulator throttles."""
    many = [f"{PREFIX}{n}" for n in range(250)]
    assert len(simulate(aws, _patience(clock), _as(aws.role("ci"), PULL), many)) == 500
    assert len(aws.calls) == 3


def test_a_call_that_is_too_large_is_made_in_halves(aws: Aws, clock: Clock) -> None:
    """How many resources one takes is not published."""
    aws.resources_a_call = 30
    many = [f"{PREFIX}{n}" for n in range(100)]
    assert len(simulate(aws, _patience(clock), _as(aws.role("ci"), PULL), many)) == 200
    assert len(aws.calls) == 7


def test_no_such_role_is_an_answer(aws: Aws, clock: Clock) -> None:
    """AWS says NoSuchEntity; the embedded cloud says implicitDeny."""
    with pytest.raises(ClientError, match="NoSuchEntity"):
        simulate(aws, _patience(clock), _as("arn:aws:iam::111122223333:role/none", PULL), [_APP, _BASE])


def test_an_input_that_stays_invalid_is_undetermined(aws: Aws, clock: Clock) -> None:
    """There is nothing left to halve."""
    aws.resources_a_call = 0
    with pytest.raises(UndeterminedError, match="InvalidInput"):
        simulate(aws, _patience(clock), _as(aws.role("ci"), PULL), [_APP, _BASE])


def test_what_was_not_asked_for_is_ignored(aws: Aws, clock: Clock) -> None:
    """An answer is taken for what was asked and nothing else."""

    class Chatty:
        def simulate_principal_policy(self, **request: object) -> dict[str, object]:
            result = {"EvalActionName": PULL[0], "EvalResourceName": PREFIX + "other", "EvalDecision": "allowed"}
            several = request["ResourceArns"] == [_APP, _BASE]
            other = {"EvalActionName": "s3:GetObject", "EvalDecision": "allowed"}
            return {"EvaluationResults": [result, other] if several else [other]}

    assert simulate(Chatty(), _patience(clock), _as(aws.role("ci"), PULL), [_APP, _BASE]) == {}


def test_what_is_known_of_the_call_is_told(aws: Aws, clock: Clock) -> None:
    """Denies of whole Regions, and of calls without TLS, depend on it; ECR answers over TLS alone."""
    role = aws.puller("ci", _APP)
    simulate(aws, _patience(clock), _as(role, PULL), [_APP])
    (asked,) = [request for operation, request in aws.calls if operation == "SimulatePrincipalPolicy"]
    assert asked == {
        "PolicySourceArn": role,
        "ActionNames": PULL,
        "ResourceArns": [_APP],
        "ContextEntries": [
            {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": [REGION], "ContextKeyType": "string"},
            {"ContextKeyName": "aws:SecureTransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        ],
        "MaxItems": 1000,
    }


@pytest.mark.parametrize(
    ("resources", "on"), [([_APP], _APP), ([_APP, _BASE], "role/ci")], ids=["one resource", "several"]
)
def test_a_refusal_names_the_call_and_whom_it_was_about(aws: Aws, clock: Clock, resources: list[str], on: str) -> None:
    """So that whoever reads it knows which permission the check lacks."""
    role = aws.role("ci")
    aws.always["SimulatePrincipalPolicy"] = aws.error("AccessDenied")
    clock.total = 5
    with pytest.raises(UndeterminedError, match="may not iam:SimulatePrincipalPolicy on ") as caught:
        simulate(aws, _patience(clock), _as(role, PULL), resources)
    assert on in caught.value.cause or role in caught.value.cause


class _Says:
    """IAM that gives one answer, whatever it is asked."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.asked = 0

    def simulate_principal_policy(self, **_: object) -> dict[str, Any]:
        self.asked += 1
        return self._answer


def _said(clock: Clock, answer: dict[str, Any], *resources: str) -> Decisions:
    whom = _as("arn:aws:iam::111122223333:role/ci", PULL[:1])
    return simulate(_Says(answer), _patience(clock), whom, resources)


@pytest.mark.parametrize(
    "answer", [{}, {"EvaluationResults": []}, {"EvaluationResults": [{}]}, {"EvaluationResults": [{"Eval": 1}]}]
)
def test_an_answer_without_results_decides_nothing(clock: Clock, answer: dict[str, Any]) -> None:
    """Nor is it an error."""
    assert _said(clock, answer, _APP) == {}


def test_a_page_without_a_marker_is_the_last(clock: Clock) -> None:
    """Whatever it says of being cut off: there is no way to ask for the next."""
    iam = _Says({"EvaluationResults": [], "IsTruncated": True})
    simulate(iam, _patience(clock), _as("arn:aws:iam::111122223333:role/ci", PULL), [_APP])
    assert iam.asked == 1


@pytest.mark.parametrize("name", [{}, {"EvalResourceName": "*"}, {"EvalResourceName": "arn:${Partition}:ecr:..."}])
def test_the_one_resource_that_was_asked_for_is_meant(clock: Clock, name: dict[str, str]) -> None:
    """The older shape names it in more than one way; of several, it has to be named."""
    result = {"EvalActionName": PULL[0], "EvalDecision": "allowed", **name}
    assert _said(clock, {"EvaluationResults": [result]}, _APP)[PULL[0], _APP].decision == "allowed"
    assert _said(clock, {"EvaluationResults": [result]}, _APP, _BASE).keys() == {(PULL[0], _APP), (PULL[0], _BASE)}


def test_a_result_without_a_decision_allows_nothing(clock: Clock) -> None:
    """In either shape."""
    old = {"EvalActionName": PULL[0], "EvalResourceName": _APP}
    new = {"EvalActionName": PULL[0], "ResourceSpecificResults": [{"EvalResourceName": _APP}, {}]}
    for result in (old, new):
        assert _said(clock, {"EvaluationResults": [result]}, _APP) == {(PULL[0], _APP): Decision("")}


def test_actions_are_told_whatever_their_case(clock: Clock) -> None:
    """IAM compares them so."""
    result = {"EvalActionName": PULL[0].upper(), "EvalDecision": "allowed"}
    assert _said(clock, {"EvaluationResults": [result]}, _APP).keys() == {(PULL[0], _APP)}
