"""Tests of the comparison itself: it notices a false verdict, and excuses only what no check can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecr_access.check.finding import Finding, Verdict
from tests.ecr_access.check.differential import product, residuals
from tests.ecr_access.check.differential.calls import calls_of, members_of
from tests.ecr_access.check.differential.comparison import Outcome, compare
from tests.ecr_access.check.differential.examples import examples, shown
from tests.ecr_access.check.differential.residuals import excuse_of
from tests.ecr_access.check.differential.rules.decision import decide
from tests.ecr_access.check.differential.rules.statements import Asked
from tests.ecr_access.check.differential.simulator import Answer, simulated
from tests.ecr_access.check.differential.truth import Can, truth
from tests.ecr_access.check.differential.world import (
    HERE,
    LAMBDA,
    REPOSITORY,
    THERE,
    Combination,
    World,
    role,
    session,
)

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.rules.conditions import Context

_ROLE: Final = role(HERE, "ci")
_ALL: Final[dict[str, Any]] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_PULL: Final = "ecr:BatchGetImage"
_NOTHING_TO_SEE: Final[tuple[dict[str, str], ...]] = ({}, {"aws:sourceip": "203.0.113.77", "aws:sourcevpce": "unused"})


def _own(effect: str, **operators: dict[str, object]) -> dict[str, Any]:
    return {"Effect": effect, "Action": "*", "Resource": "*", "Condition": operators}


def _repository(effect: str, principal: object, **operators: dict[str, object]) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "ecr:*", "Condition": operators}


def _says(monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    """Let the check find this."""

    def run(one: Combination) -> tuple[Finding, list[Answer]]:
        return Finding(one.principal, one.level, REPOSITORY, verdict), []

    monkeypatch.setattr(product, "run", run)


_ALLOWED: Final = Combination(_ROLE, identity=(_ALL,))
_DENIED: Final = Combination(_ROLE)
_MIXED: Final = Combination(_ROLE, identity=(_own("Allow", Bool={"aws:MultiFactorAuthPresent": "true"}),))


@pytest.mark.parametrize(
    ("verdict", "one", "outcome"),
    [
        (Verdict.ALLOWED, _ALLOWED, Outcome.RIGHT),
        (Verdict.ALLOWED, _MIXED, Outcome.FALSE_ALLOWED),
        (Verdict.ALLOWED, _DENIED, Outcome.FALSE_ALLOWED),
        (Verdict.DENIED, _ALLOWED, Outcome.FALSE_DENIED),
        (Verdict.DENIED, _MIXED, Outcome.FALSE_DENIED),
        (Verdict.DENIED, _DENIED, Outcome.RIGHT),
        (Verdict.UNDETERMINED, _ALLOWED, Outcome.UNDETERMINED),
    ],
)
def test_a_verdict_is_held_against_the_truth(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict, one: Combination, outcome: Outcome
) -> None:
    """What is undetermined is never false."""
    _says(monkeypatch, verdict)
    assert compare(one).outcome is outcome


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Combination(THERE, repository=(_repository("Allow", {"AWS": THERE}),)), Can.YES),
        (Combination(THERE, repository=(_repository("Allow", {"AWS": role(THERE, "ci")}),)), Can.NO),
        (
            Combination(LAMBDA, "LAMBDA_PULL", (THERE,), repository=(_repository("Allow", {"Service": LAMBDA}),)),
            Can.YES,
        ),
        (
            Combination(
                LAMBDA,
                "LAMBDA_PULL",
                (HERE, THERE),
                repository=(
                    _repository(
                        "Allow",
                        {"Service": LAMBDA},
                        ArnLike={"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{HERE}:function:*"},
                    ),
                ),
            ),
            Can.NO,
        ),
        (Combination(role(THERE, "ci"), repository=(_repository("Allow", "*"),)), Can.YES),
        (
            Combination(
                role(THERE, "ci"),
                repository=(
                    _repository("Allow", "*"),
                    {"Effect": "Deny", "NotPrincipal": {"AWS": role(THERE, "ci")}, "Action": "*"},
                ),
                world=World(bounded=True),
            ),
            Can.NO,
        ),
    ],
)
def test_a_requirement_is_about_every_member(one: Combination, expected: Can) -> None:
    """One that can never do an action denies it to all."""
    assert truth(one) is expected


def _answers(one: Combination, *contexts: dict[str, str]) -> list[Answer]:
    asked = Asked(_PULL, REPOSITORY)
    known: list[Context] = [{key: (value,) for key, value in context.items()} for context in contexts]
    return [simulated(one, asked, context) for context in known]


def _excuses(one: Combination, *contexts: dict[str, str]) -> set[str | None]:
    [member] = members_of(one)
    calls = [call for call in calls_of(one, member, _PULL) if not decide(call.request, call.policies, call.reading)]
    return {excuse_of(one, member, call, _answers(one, *contexts)) for call in calls}


_VALUE: Final = Combination(_ROLE, identity=(_ALL, _own("Deny", IpAddress={"aws:SourceIp": "10.0.0.0/8"})))
_LEFT_OUT: Final = Combination(_ROLE, identity=(_own("Allow", StringNotEquals={"aws:SourceVpce": "vpce-1"}),))
_BOTH: Final[dict[str, dict[str, object]]] = {"Null": {"aws:SourceIp": "true", "aws:SourceVpce": "false"}}
_MIXTURE: Final = Combination(_ROLE, identity=(_ALL, _own("Deny", **_BOTH)))
_ORGANIZED: Final = Combination(
    _ROLE, identity=(_ALL,), organization=((_ALL, _own("Deny", Null={"aws:SourceIp": "false"})),)
)


@pytest.mark.parametrize(
    ("one", "excuse"),
    [
        (_VALUE, residuals.DENIED_VALUE),
        (_LEFT_OUT, residuals.OTHER_VALUE),
        (_MIXTURE, residuals.MIXTURE),
    ],
)
def test_what_the_simulator_does_not_show_is_excused(one: Combination, excuse: str) -> None:
    """If it was asked without the keys, and with them."""
    assert _excuses(one, *_NOTHING_TO_SEE) == {excuse}


def test_a_key_of_a_service_control_policy_is_excused_unless_it_was_asked_for() -> None:
    """The simulator does not say that it lacks the key."""
    assert _excuses(_ORGANIZED, {}) == {residuals.ORGANIZATION}
    assert _excuses(_ORGANIZED, *_NOTHING_TO_SEE) == {None}


@pytest.mark.parametrize("contexts", [(), _NOTHING_TO_SEE[:1], ({}, {"aws:sourceip": "no address"})])
def test_a_check_that_does_not_ask_has_no_excuse(contexts: tuple[dict[str, str], ...]) -> None:
    """A value of another type than the key's is no question either."""
    assert _excuses(_VALUE, *contexts) == {None}


def test_a_boolean_has_to_be_asked_both_ways() -> None:
    """It has no value that no policy names."""
    one = Combination(_ROLE, identity=(_ALL, _own("Deny", Bool={"aws:MultiFactorAuthPresent": "false"})))
    assert _excuses(one, {}, {"aws:multifactorauthpresent": "true"}) == {None}
    assert _excuses(one, {}, *({"aws:multifactorauthpresent": value} for value in ("true", "false"))) == {None}


def test_a_repository_policy_is_no_excuse() -> None:
    """It is read."""
    deny = _repository("Deny", "*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})
    one = Combination(_ROLE, identity=(_ALL,), repository=(deny,))
    assert _excuses(one, *_NOTHING_TO_SEE) == {None}
    assert _excuses(Combination(_ROLE, identity=(_ALL,), repository=(deny,), declared=(deny,))) == {residuals.DECLARED}


def test_what_the_app_declares_excuses_no_other_statement_with_the_same_key() -> None:
    """Nor a key that the check knows."""
    allow = _repository("Allow", "*", StringEquals={"aws:SourceVpce": "vpce-1"})
    deny = _repository("Deny", "*", StringNotEquals={"aws:SourceVpce": "vpce-2"})
    assert None in _excuses(Combination(_ROLE, repository=(allow, deny), declared=(allow,)))
    one_session = {"Effect": "Allow", "Principal": {"AWS": session(_ROLE, "one")}, "Action": "*"}
    assert _excuses(Combination(_ROLE, repository=(one_session,), declared=(one_session,))) == {residuals.DECLARED}
    never = _repository("Allow", "*", StringEquals={"aws:PrincipalType": "User"})
    assert _excuses(Combination(_ROLE, repository=(never,), declared=(never,))) == {None}


def test_an_example_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """And shown with what decides."""
    _says(monkeypatch, Verdict.DENIED)
    noise = _own("Allow", StringEqualsIfExists={"s3:prefix": ["home/", "tmp/"]})
    one = Combination(_ROLE, "PUSH", identity=(noise, _ALL), repository=(_repository("Deny", {"AWS": THERE}),))
    [[found]] = examples([compare(one)]).values()
    assert found.one == Combination(_ROLE, identity=(_ALL | {"Action": "ecr:*"},))
    assert shown(found).splitlines()[-1].strip() == "AWS: allowed"
