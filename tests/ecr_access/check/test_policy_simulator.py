"""Tests of asking the policy simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.retry import RetryBudget
from ecr_access.check.policy_simulator import Simulation
from ecr_access.check.simulator_decisions import Decision
from ecr_access.iam.principals import principal_of
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, REGION, TOKEN

if TYPE_CHECKING:
    from ecr_access.check.simulator_decisions import Decisions
    from tests.ecr_access.check.fakes import Aws, Clock

_APP, _BASE, _THIRD = PREFIX + "app", PREFIX + "base", PREFIX + "third"
_CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
_MFA = "aws:MultiFactorAuthPresent"


def _simulation(iam: Any, clock: Clock, name: str = _CI, account: str = ACCOUNT) -> Simulation:
    principal = principal_of(name)
    assert principal is not None
    budget = RetryBudget(clock.left, clock.left, clock.sleep, clock.jitter)
    return Simulation(iam, budget, principal, region=REGION, account=account)


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
    said = _simulation(aws, clock).decisions(PULL, [_APP, _BASE, _THIRD])
    assert {key: one.decision for key, one in said.items()} == {
        (PULL[0], _APP): "allowed",
        (PULL[1], _APP): "allowed",
        (PULL[0], _BASE): "explicitDeny",
        (PULL[1], _BASE): "implicitDeny",
        (PULL[0], _THIRD): "implicitDeny",
        (PULL[1], _THIRD): "implicitDeny",
    }
    assert said[PULL[0], _BASE].policies == ("NoBase",)
    assert said[PULL[0], _BASE].missing == ("aws:x",)
    if page == 1000:
        assert len(aws.calls) == calls


@pytest.mark.parametrize("shape", ["new", "old", "first"])
def test_one_resource_or_all(aws: Aws, clock: Clock, shape: str) -> None:
    """The token is asked for on "*"."""
    aws.shape = shape
    aws.puller("ci", _APP)
    assert _simulation(aws, clock).decisions(TOKEN, ["*"])[TOKEN[0], "*"].decision == "allowed"
    assert _simulation(aws, clock).decisions(PULL, [_APP])[PULL[0], _APP].decision == "allowed"


def test_what_the_organization_says_is_told_apart_by_resource(aws: Aws, clock: Clock) -> None:
    """Since 2026-07-30 it is told for all resources together: each is asked for alone."""
    role = aws.role("ci")
    aws.decide(role, PULL[:1], _APP, organization=True)
    aws.decide(role, PULL[:1], _BASE, organization=False, decision="implicitDeny")
    aws.decide(role, PULL[:1], _THIRD, organization=True, decision="implicitDeny")
    said = _simulation(aws, clock).decisions(PULL[:1], [_APP, _BASE, _THIRD])
    assert {one.rpartition("/")[2]: said[PULL[0], one].by_organization for _, one in said} == {
        "app": True,
        "base": False,
        "third": True,
    }
    assert len(aws.calls) == 1 + 3


def test_many_resources_go_in_chunks_of_a_hundred(aws: Aws, clock: Clock) -> None:
    """Few calls, because the simulator throttles."""
    aws.role("ci")
    many = [f"{PREFIX}{n}" for n in range(250)]
    assert len(_simulation(aws, clock).decisions(PULL, many)) == 500
    assert len(aws.calls) == 3


def test_a_call_that_is_too_large_is_made_in_smaller_ones(aws: Aws, clock: Clock) -> None:
    """How many resources one takes is not published; what was refused once is not tried again."""
    aws.resources_a_call = 30
    aws.role("ci")
    simulation = _simulation(aws, clock)
    many = [f"{PREFIX}{n}" for n in range(100)]
    assert len(simulation.decisions(PULL, many)) == 200
    assert [len(asked["ResourceArns"]) for _, asked in aws.calls] == [100, 50, 25, 25, 25, 25]
    simulation.decisions(PULL, many)
    assert [len(asked["ResourceArns"]) for _, asked in aws.calls[6:]] == [25, 25, 25, 25]


def test_no_such_role_is_an_answer(aws: Aws, clock: Clock) -> None:
    """AWS says NoSuchEntity; the embedded cloud says implicitDeny."""
    with pytest.raises(ClientError, match="NoSuchEntity"):
        _simulation(aws, clock).decisions(PULL, [_APP, _BASE])


def test_an_input_that_stays_invalid_is_undetermined(aws: Aws, clock: Clock) -> None:
    """There is nothing left to halve."""
    aws.resources_a_call = 0
    aws.role("ci")
    with pytest.raises(UndeterminedError, match="InvalidInput"):
        _simulation(aws, clock).decisions(PULL, [_APP, _BASE])


def test_what_is_known_of_the_call_is_told(aws: Aws, clock: Clock) -> None:
    """Denies of whole Regions, and of calls without TLS, depend on it."""
    role = aws.puller("ci", _APP)
    _simulation(aws, clock).decisions(PULL, [_APP])
    (asked,) = [request for operation, request in aws.calls if operation == "SimulatePrincipalPolicy"]
    context = {one["ContextKeyName"]: one["ContextKeyValues"] for one in asked.pop("ContextEntries")}
    assert asked == {"PolicySourceArn": role, "ActionNames": PULL, "ResourceArns": [_APP], "MaxItems": 1000}
    assert context["aws:RequestedRegion"] == [REGION]
    assert context["aws:ResourceAccount"] == [ACCOUNT]
    assert context["aws:PrincipalArn"] == [role]


@pytest.mark.parametrize("resources", [[_APP], [_APP, _BASE]], ids=["one resource", "several"])
def test_a_refusal_names_the_call_and_the_principal_it_was_about(aws: Aws, clock: Clock, resources: list[str]) -> None:
    """So that its reader knows which permission the check lacks."""
    aws.always["SimulatePrincipalPolicy"] = aws.error("AccessDenied")
    clock.total = 5
    with pytest.raises(UndeterminedError, match=f"may not iam:SimulatePrincipalPolicy on {_CI} "):
        _simulation(aws, clock).decisions(PULL, resources)


class _Says:
    """IAM that gives its answers in turn, the last one for ever, whatever it is asked."""

    def __init__(self, *answers: object) -> None:
        self._answers = [*answers]
        self.asked = 0

    def simulate_principal_policy(self, **_: object) -> object:
        self.asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def _page(*actions: str, marker: str = "") -> dict[str, Any]:
    results = [{"EvalActionName": one, "EvalResourceName": _APP, "EvalDecision": "allowed"} for one in actions]
    return {"EvaluationResults": results, **({"IsTruncated": True, "Marker": marker} if marker else {})}


def test_a_page_without_a_marker_is_the_last(clock: Clock) -> None:
    """There is no way to ask for the next, so that what is not told has no decision."""
    iam = _Says({"EvaluationResults": [], "IsTruncated": True})
    assert _simulation(iam, clock).decisions(PULL, [_APP]) == {}
    assert iam.asked == 1


@pytest.mark.parametrize("page", [_page(marker="a"), _page(PULL[0], marker="a")], ids=["empty", "full"])
def test_a_marker_that_repeats_ends_the_reading(clock: Clock, page: dict[str, Any]) -> None:
    """It would repeat until the deadline."""
    iam = _Says(page)
    with pytest.raises(UndeterminedError, match="the pages of the answer of iam:SimulatePrincipalPolicy have no end"):
        _simulation(iam, clock).decisions(PULL, [_APP])
    assert iam.asked == 2


def test_markers_that_repeat_in_turn_end_the_reading(clock: Clock) -> None:
    """Two of them make a circle as well."""
    iam = _Says(_page(PULL[0], marker="a"), _page(PULL[1], marker="b"), _page(PULL[0], marker="a"))
    with pytest.raises(UndeterminedError, match="have no end"):
        _simulation(iam, clock).decisions(PULL, [_APP])
    assert iam.asked == 3


@pytest.mark.parametrize(("actions", "calls"), [([], 4), (PULL[:1], 5)], ids=["empty", "full"])
def test_pages_without_end_end_the_reading(clock: Clock, actions: list[str], calls: int) -> None:
    """Each with a marker of its own: two results were asked for, and a few more pages may be empty."""
    iam = _Says(*(_page(*actions, marker=str(n)) for n in range(100)))
    with pytest.raises(UndeterminedError, match="have no end"):
        _simulation(iam, clock).decisions(PULL, [_APP])
    assert iam.asked == calls


def test_a_few_pages_may_be_empty(clock: Clock) -> None:
    """IAM may return fewer results than fit, and says so."""
    iam = _Says(*(_page(marker=str(n)) for n in range(3)), _page(*PULL))
    assert len(_simulation(iam, clock).decisions(PULL, [_APP])) == 2


def _doubted(aws: Aws, clock: Clock, *granted: tuple[str, str]) -> Decisions:
    simulation = _simulation(aws, clock)
    found = simulation.decisions(PULL, [_APP, _BASE])
    return simulation.with_other_values(found, [(action, _APP) for action in PULL], granted)


def _values(aws: Aws, *keys: str) -> list[dict[str, str]]:
    """Return the values of some keys in each call."""
    contexts = [asked["ContextEntries"] for name, asked in aws.calls if name == "SimulatePrincipalPolicy"]
    return [
        {one["ContextKeyName"]: one["ContextKeyValues"][0] for one in context if one["ContextKeyName"] in keys}
        for context in contexts
    ]


def test_what_is_allowed_without_a_key_is_simulated_once_more_with_it(aws: Aws, clock: Clock) -> None:
    """With a value that no policy names; only what was open is asked for again."""
    role = aws.puller("ci", _BASE)
    aws.decide(role, PULL[:1], _APP, missing=["aws:SourceVpce"], given=lambda _: "explicitDeny")
    aws.decide(role, PULL[1:], _APP)
    said = _doubted(aws, clock)
    assert said[PULL[0], _APP].supposed == (Decision("explicitDeny"),)
    assert said[PULL[1], _APP].supposed == ()
    assert _values(aws, "aws:SourceVpce") == [{}, {"aws:SourceVpce": "no-call-has-this-1"}]
    assert [(asked["ActionNames"], asked["ResourceArns"]) for _, asked in aws.calls[1:]] == [(PULL[:1], [_APP])]


def test_a_boolean_key_is_tried_both_ways(aws: Aws, clock: Clock) -> None:
    """A real call may have either, and without the key neither was tried."""
    role = aws.puller("ci", _BASE)
    given = {"true": "allowed", "false": "explicitDeny"}
    aws.decide(role, PULL, _APP, missing=[_MFA], given=lambda context: given[context[_MFA.lower()]])
    said = _doubted(aws, clock)
    assert [getattr(one, "decision", "") for one in said[PULL[0], _APP].supposed] == ["allowed", "explicitDeny"]
    assert _values(aws, _MFA) == [{}, {_MFA: "true"}, {_MFA: "false"}]


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "implicitDeny", "missing": ["aws:SourceVpce"]},
        {"decision": "explicitDeny", "missing": ["aws:SourceVpce"]},
        {"organization": False, "missing": ["aws:SourceVpce"]},
        {"missing": ["s3:prefix", "aws:RequestTag/team", "aws:username"]},
        {},
    ],
)
def test_what_no_value_would_prove_is_not_simulated_again(aws: Aws, clock: Clock, said: dict[str, Any]) -> None:
    """The simulator throttles."""
    role = aws.role("ci")
    aws.decide(role, PULL, _APP, _BASE, **said)
    simulation = _simulation(aws, clock)
    found = simulation.decisions(PULL, [_APP])
    assert simulation.with_other_values(found, [(PULL[0], _APP)], []) == found
    assert len(aws.calls) == 1


def test_what_is_not_needed_is_not_simulated_again(aws: Aws, clock: Clock) -> None:
    """A call asks for every action on every repository, and not all of them are required."""
    role = aws.puller("ci", _APP)
    aws.decide(role, PULL, _BASE, missing=["aws:SourceVpce"])
    assert all(one.supposed == () for one in _doubted(aws, clock).values())
    assert len(aws.calls) == 1


def test_what_the_repository_allows_is_simulated_once_more(aws: Aws, clock: Clock) -> None:
    """The principal's own policies need not allow it, but they may deny it."""
    aws.decide(aws.role("ci"), PULL, _APP, decision="implicitDeny", missing=[_MFA], given=lambda _: "explicitDeny")
    said = _doubted(aws, clock, (PULL[0], _APP))
    assert [getattr(one, "decision", "") for one in said[PULL[0], _APP].supposed] == ["explicitDeny"] * 2
    assert said[PULL[1], _APP].supposed == ()


@pytest.mark.parametrize("code", ["InvalidInput", "Strange"])
def test_a_second_simulation_that_fails_is_told_where_it_mattered(aws: Aws, clock: Clock, code: str) -> None:
    """A value may be of the wrong type; no smaller call would help, nor would the other boolean."""
    role = aws.puller("ci", _BASE)
    aws.decide(role, PULL[:1], _APP, _BASE, missing=[_MFA])
    aws.decide(role, PULL[1:], _APP)
    aws.errors["SimulatePrincipalPolicy"] = [None, aws.error(code)]
    simulation = _simulation(aws, clock)
    found = simulation.decisions(PULL, [_APP, _BASE])
    said = simulation.with_other_values(found, [*found], [])
    (failure,) = said[PULL[0], _APP].supposed
    assert isinstance(failure, UndeterminedError)
    assert code in failure.cause
    assert said[PULL[1], _APP].supposed == ()
    assert len(aws.calls) == 2


def test_a_second_simulation_that_leaves_something_out_decides_nothing(aws: Aws, clock: Clock) -> None:
    """That is not "allowed"."""
    role = aws.puller("ci", _BASE)
    aws.decide(role, PULL, _APP, missing=["aws:SourceVpce"])
    simulation = _simulation(aws, clock)
    found = simulation.decisions(PULL, [_APP])
    aws.shape = "silent"
    said = simulation.with_other_values(found, [*found], [])
    assert said[PULL[0], _APP].supposed == (Decision(""),)


def test_a_role_that_goes_away_meanwhile_is_an_answer(aws: Aws, clock: Clock) -> None:
    """There is no such role any more."""
    role = aws.puller("ci", _BASE)
    aws.decide(role, PULL, _APP, missing=["aws:SourceVpce"])
    aws.errors["SimulatePrincipalPolicy"] = [None, aws.error("NoSuchEntity")]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        _doubted(aws, clock)
