"""Tests of looking again: what passes, and what stays where a later look gets no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ecr_access.check.checking import allow, findings_of, run
from tests.ecr_access.check.fakes import PULL, TOKEN, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ecr_access.check.fakes import Aws

_OTHER = "444455556666"


class Then(Clock):
    """Time in which something happens before the second look."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens

    def sleep(self, seconds: float) -> None:
        """Let time pass, and it happen."""
        super().sleep(seconds)
        self._happens()


@pytest.mark.parametrize("code", ["Strange", "ThrottlingException", "AccessDenied"])
def test_a_denial_that_a_second_look_cannot_confirm_stays_a_denial(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    """With its cause and its fix, and a mark; it counts as denied everywhere."""
    role = aws.role("ci")
    aws.errors["SimulatePrincipalPolicy"] = [None]
    aws.always["SimulatePrincipalPolicy"] = aws.error(code)
    answer = run(aws, clock, aws.requires(role), AllowUndetermined="true")
    assert not answer.succeeded
    head, entry = answer.reason.splitlines()
    assert head == "role ci may not ecr:GetAuthorizationToken on *"
    assert "no statement of its own policies allows it (not confirmed by a later look: " in entry
    assert code in entry
    assert "); fix: ecr.AuthorizationToken.grant_read(role)" in entry
    said = findings_of(capsys)[0]
    assert said["verdict"] == "denied"
    assert "no statement of its own policies allows it (not confirmed by a later look: " in said["cause"]


def test_why_a_denial_was_not_confirmed_is_told_once(aws: Aws, clock: Clock) -> None:
    """Each look is about the first one's denial: the last reason counts."""
    errors = [aws.error("Strange", "one"), aws.error("Strange", "two"), *[aws.error("Strange", "last")] * 20]
    aws.errors["SimulatePrincipalPolicy"] = [None, *errors]
    reason = run(aws, clock, aws.requires(aws.role("ci"))).reason
    assert reason.count("not confirmed") == 1
    assert "last" in reason


def test_a_denial_that_a_later_look_confirms_has_no_mark(aws: Aws, clock: Clock) -> None:
    """One without an answer lay between."""
    aws.errors["SimulatePrincipalPolicy"] = [None, aws.error("Strange")]
    reason = run(aws, clock, aws.requires(aws.role("ci"))).reason
    assert "no statement of its own policies allows it; fix: " in reason


def test_a_grant_that_is_seen_after_a_look_without_an_answer_is_allowed(aws: Aws) -> None:
    """It is looked at again as any other denial."""
    role = aws.role("ci")
    aws.errors["SimulatePrincipalPolicy"] = [None, aws.error("Strange")]
    assert run(aws, Then(lambda: aws.decide(role, TOKEN, "*")), aws.requires(role)).succeeded


def test_the_second_look_at_one_principal_leaves_what_it_finds_of_another(aws: Aws, clock: Clock) -> None:
    """One gets no answer, the other one is confirmed."""
    one, other = aws.role("one"), aws.role("other")
    strange = aws.error("Strange")
    aws.errors["SimulatePrincipalPolicy"] = [None, None, *([strange, None] * 50)]
    answer = run(aws, clock, aws.requires(one), aws.requires(other))
    assert "2 of 2 access requirements are not met" in answer.reason
    assert (
        f"{one} may not ecr:GetAuthorizationToken on *: no statement of its own policies allows it (not"
        in answer.reason
    )
    assert f"{other} may not ecr:GetAuthorizationToken on *: no statement of its own policies allows it; fix" in (
        answer.reason
    )


def test_a_repository_side_that_is_not_read_again_stays_denied(aws: Aws, clock: Clock) -> None:
    """For a principal that the repository policy alone is asked about, and for what the app declares."""
    app = aws.repository("app", allow("*", PULL))
    aws.repository("app", allow({"AWS": "999999999999"}, PULL))
    declared = [{"Repositories": [app], "Statements": allow({"AWS": _OTHER}, PULL)["Statement"]}]
    aws.errors["GetRepositoryPolicy"] = [None]
    aws.always["GetRepositoryPolicy"] = aws.error("Strange")
    answer = run(aws, clock, aws.requires(_OTHER, app, token=False), Declared=declared)
    assert "2 of 2 access requirements are not met" in answer.reason
    assert answer.reason.count("(not confirmed by a later look: ecr:GetRepositoryPolicy on ") == 2
    assert "could not" not in answer.reason


def test_an_answer_that_is_in_doubt_takes_the_place_of_a_denial(aws: Aws) -> None:
    """Unlike none it says something: a statement allows it by now, under a condition."""
    role, app = aws.puller("ci"), aws.repository("app")
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    clock = Then(lambda: aws.repository("app", allow({"AWS": role}, PULL, Condition=condition)))
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert "nothing was proved wrong" in reason
    assert "depends on aws:SourceIp, which only a call has" in reason


def test_a_grant_may_not_be_seen_yet_where_a_key_has_no_value(aws: Aws) -> None:
    """The key may be of another statement: it is looked at again, though it is no denial."""
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*", decision="implicitDeny", missing=["aws:SourceVpce"])
    clock = Then(lambda: aws.decide(role, TOKEN, "*"))
    assert run(aws, clock, aws.requires(role)).succeeded
    assert 0 < clock.now < 3


def test_a_doubt_that_a_second_look_cannot_confirm_stays_one(aws: Aws, clock: Clock) -> None:
    """Its cause says more than that there was no answer."""
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*", decision="implicitDeny", missing=["aws:SourceVpce"])
    aws.errors["SimulatePrincipalPolicy"] = [None]
    aws.always["SimulatePrincipalPolicy"] = aws.error("Strange")
    reason = run(aws, clock, aws.requires(role)).reason
    assert (
        "unless one does that depends on aws:SourceVpce, which only a call has (not confirmed by a later look: iam:"
        in reason
    )


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "implicitDeny", "organization": False},
        {"decision": "explicitDeny", "missing": ["aws:SourceVpce"]},
        {"missing": ["aws:SourceVpce"], "given": lambda _: "implicitDeny"},
        {"decision": "maybe"},
    ],
)
def test_another_doubt_is_not_looked_at_again(aws: Aws, clock: Clock, said: dict[str, object]) -> None:
    """No policy that is not seen yet explains it."""
    aws.shape = "old"
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*", **said)
    assert "could not determine" in run(aws, clock, aws.requires(role)).reason
    assert clock.now == 0
