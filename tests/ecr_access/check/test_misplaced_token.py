"""Tests of finding out where a token is allowed, if not on ``*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ecr_access.check.checking import run
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION, TOKEN

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock


def test_the_token_of_a_role_that_does_not_exist_is_looked_for_nowhere(aws: Aws, clock: Clock) -> None:
    """That there is no such role is found by one call, and says it all."""
    app = aws.repository("app")
    missing = f"arn:aws:iam::{ACCOUNT}:role/missing"
    assert "there is no such role" in run(aws, clock, aws.requires(missing, app), PropagationSeconds="0").reason
    assert aws.count()["SimulatePrincipalPolicy"] == 1


def test_a_token_is_looked_for_on_a_few_repositories_in_one_call(aws: Aws, clock: Clock) -> None:
    """A policy that names repositories will name one of them; the simulator throttles."""
    arns = [aws.repository(f"app{n}") for n in range(9)]
    role = aws.puller("ci", *arns)
    aws.decide(role, TOKEN, "*", decision="implicitDeny")
    aws.decide(role, TOKEN, arns[2])
    reason = run(aws, clock, aws.requires(role, *arns), PropagationSeconds="0").reason
    assert f"on *: it is allowed on {PREFIX}app2, where it has no effect" in reason
    looked = [asked["ResourceArns"] for name, asked in aws.calls if name == "SimulatePrincipalPolicy"]
    assert looked[-1] == arns[:3]
    context = {one["ContextKeyName"]: one["ContextKeyValues"] for one in aws.calls[-1][1]["ContextEntries"]}
    assert context["aws:RequestedRegion"] == [REGION]
    assert "aws:ResourceAccount" not in context


def test_a_token_that_is_in_doubt_is_looked_for_as_well(aws: Aws, clock: Clock) -> None:
    """The key that the simulation lacked may be of another statement; both causes are told."""
    app = aws.repository("app")
    role = aws.puller("ci", app)
    aws.decide(role, TOKEN, "*", decision="implicitDeny", missing=["aws:SourceIp"])
    aws.decide(role, TOKEN, app)
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="0").reason
    assert "unless one does that depends on aws:SourceIp, which only a call has; it is allowed on " in reason


def test_a_token_stays_denied_though_it_cannot_be_looked_for(aws: Aws, clock: Clock) -> None:
    """Where else it is allowed would only explain the denial."""
    app = aws.repository("app")
    role = aws.puller("ci", app)
    aws.decide(role, TOKEN, "*", decision="implicitDeny")
    aws.errors["SimulatePrincipalPolicy"] = [None, None, aws.error("Strange")]
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="0").reason
    assert reason.startswith("role ci may not ecr:GetAuthorizationToken on *\n")
    assert "no statement of its own policies allows it; fix: " in reason
    assert aws.count()["SimulatePrincipalPolicy"] == 3
