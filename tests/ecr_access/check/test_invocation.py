"""Tests of the whole check, from properties to the answer, on an account in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ecr_access.check.checking import log_of, run, summary_of
from tests.ecr_access.check.fakes import ACCOUNT, REGION, TOKEN

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"


def test_all_that_is_proved_is_logged(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a finding; the physical id remembers what was proved."""
    app = aws.repository("app")
    answer = run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert answer.succeeded
    assert answer.physical_id == "ecr-access-check-d1"
    role = f"arn:aws:iam::{ACCOUNT}:role/ci"
    said = {"principal": role, "verdict": "allowed", "cause": "its own policies allow it", "fix": ""}
    assert log_of(capsys) == [
        {"finding": {**said, "access": "TOKEN", "repository": ""}},
        {"finding": {**said, "access": "PULL", "repository": app}},
        {
            "summary": {
                "allowed": 2,
                "denied": 0,
                "undetermined": 0,
                "not_verifiable": 0,
                "calls": {},
                "throttled": 0,
                "waited": 0,
                "seconds": 0.0,
            }
        },
    ]
    assert clock.now == 0


def test_the_calls_for_one_principal_and_a_hundred_repositories_are_few(aws: Aws, clock: Clock) -> None:
    """One a batch; a policy can only be read one at a time."""
    arns = [aws.repository(f"app{n}") for n in range(100)]
    assert run(aws, clock, aws.requires(aws.puller("ci", *arns), *arns)).succeeded
    assert aws.count() == {
        "GetAuthorizationToken": 1,
        "DescribeRepositories": 1,
        "SimulatePrincipalPolicy": 2,
        "GetRepositoryPolicy": 100,
    }


def test_a_denied_token_names_everything_that_a_person_needs(aws: Aws, clock: Clock) -> None:
    """Principal, action, resource, cause and fix."""
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*", decision="explicitDeny", policies=["NoToken"])
    answer = run(aws, clock, aws.requires(role))
    assert not answer.succeeded
    assert answer.physical_id == ""
    assert answer.reason == (
        "role ci may not ecr:GetAuthorizationToken on *\n"
        "1. arn:aws:iam::111122223333:role/ci may not ecr:GetAuthorizationToken on *: "
        'explicitly denied by a statement in policy "NoToken"; '
        'fix: remove that statement, or exclude "ecr:GetAuthorizationToken" from it'
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"decision": "implicitDeny"}, "no statement of its own policies allows it; fix: ecr.AuthorizationToken.gra"),
        ({"decision": "explicitDeny"}, "explicitly denied by a statement in one of its policies; fix: remove"),
        ({"decision": "explicitDeny", "boundary": False}, "denied by a statement in its permissions boundary"),
        ({"decision": "implicitDeny", "boundary": False}, "permissions boundary does not allow it; fix: add to"),
        ({"decision": "implicitDeny", "organization": False}, "a service control policy of the organization may deny"),
        ({"decision": "explicitDeny", "organization": False}, "a service control policy of the organization may deny"),
        (
            {"decision": "explicitDeny", "organization": False, "policies": ["NoToken"]},
            'denied by a statement in policy "NoToken"; fix: remove',
        ),
        (
            {"decision": "implicitDeny", "missing": ["aws:SourceVpce"]},
            "allows it, unless one does that depends on aws:SourceVpce, which only a call has; ecr.AuthorizationToken",
        ),
        ({"decision": "implicitDeny", "missing": ["s3:prefix"]}, "no statement of its own policies allows it; fix: "),
        ({"decision": "explicitDeny", "missing": ["s3:prefix"]}, "by a statement in one of its policies; fix: remove"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["new", "old"])
def test_the_cause_of_a_denial(aws: Aws, clock: Clock, said: dict[str, Any], words: str, shape: str) -> None:
    """AWS names the policy that denies. The embedded cloud knows no boundaries and no organization."""
    aws.shape = shape
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*", **said)
    assert words in run(aws, clock, aws.requires(role)).reason


def test_a_role_that_does_not_exist(aws: Aws, clock: Clock) -> None:
    """AWS answers NoSuchEntity; a role made a moment ago, too, so that it is looked for again."""
    answer = run(aws, clock, aws.requires(f"arn:aws:iam::{ACCOUNT}:role/missing"))
    assert (
        "arn:aws:iam::111122223333:role/missing may not TOKEN on *: there is no such role; fix: create" in answer.reason
    )
    assert clock.now == pytest.approx(30, abs=1)


def test_a_denial_that_passes_is_not_believed(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """IAM is eventually consistent: a new role's policies are seen after a while."""
    app = aws.repository("app")
    role = aws.puller("ci", app)
    aws.errors["SimulatePrincipalPolicy"] = [aws.error("NoSuchEntity")] * 3
    assert run(aws, clock, aws.requires(role, app)).succeeded
    assert 3 < clock.now < 10
    assert summary_of(capsys)["allowed"] == 2


def test_denials_are_looked_at_again_together(aws: Aws, clock: Clock) -> None:
    """Ten denied principals take as long as one, and the proved one is not asked again."""
    app = aws.repository("app")
    denied = [aws.role(f"ci{n}") for n in range(10)]
    proved = aws.puller("ok", app)
    answer = run(aws, clock, *[aws.requires(one, app) for one in (*denied, proved)])
    assert "20 of 22 access requirements are not met" in answer.reason
    assert clock.now == pytest.approx(30, abs=1)
    assert sum(call[1].get("PolicySourceArn") == proved for call in aws.calls) == 2


def test_throttling_that_ends_is_survived(aws: Aws, clock: Clock) -> None:
    """Calls back off."""
    app = aws.repository("app")
    for operation in ("SimulatePrincipalPolicy", "DescribeRepositories", "GetRepositoryPolicy"):
        aws.errors[operation] = [aws.error("ThrottlingException"), aws.error("Throttling", status=429)]
    aws.errors["GetAuthorizationToken"] = [aws.error("TooManyRequestsException", status=429)]
    assert run(aws, clock, aws.requires(aws.puller("ci", app), app)).succeeded
    assert clock.now > 0.5


@pytest.mark.parametrize(
    "operation", ["SimulatePrincipalPolicy", "DescribeRepositories", "GetRepositoryPolicy", "GetAuthorizationToken"]
)
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailable", "AccessDeniedException", "Strange"])
def test_what_cannot_be_found_out_is_never_denied(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], operation: str, code: str
) -> None:
    """It fails with words that say so, in time."""
    app = aws.repository("app")
    aws.always[operation] = aws.error(code)
    answer = run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert not answer.succeeded
    assert answer.reason.startswith("could not determine whether ")
    assert "nothing was proved wrong" in answer.reason
    assert "may not ecr:B" not in answer.reason
    assert code in answer.reason
    summary = summary_of(capsys)
    assert summary["denied"] == 0
    assert summary["undetermined"] > 0
    assert clock.left() > 4


@pytest.mark.parametrize("operation", ["SimulatePrincipalPolicy", "DescribeRepositories", "GetAuthorizationToken"])
def test_an_api_that_does_not_answer_leaves_time_for_the_others(aws: Aws, clock: Clock, operation: str) -> None:
    """All requirements are judged: what is denied is said beside what could not be found out."""
    app = aws.repository("app")
    aws.always[operation] = aws.error("ThrottlingException")
    there = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app"
    requirements = [
        aws.requires(aws.role("ci"), there, token=False),
        aws.requires(_OTHER, app, token=False),
    ]
    answer = run(aws, clock, *requirements)
    assert answer.reason.count("AWS throttled") == 1
    assert ("no statement of its own policies" in answer.reason) is (operation != "SimulatePrincipalPolicy")
    assert ("the repository has no policy" in answer.reason) is (operation != "DescribeRepositories")
    assert "no time was left" not in answer.reason


def test_malformed_properties_are_refused_without_a_call(aws: Aws, clock: Clock) -> None:
    """All errors at once."""
    answer = run(aws, clock, aws.requires("no-arn"), PropagationSeconds="x")
    assert not answer.succeeded
    assert "PropagationSeconds: got 'x'" in answer.reason
    assert "Requirements.TOKEN.Others[0]: got 'no-arn'" in answer.reason
    assert aws.calls == []


def test_no_token_is_ever_told(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The token that the check gets is thrown away."""
    app = aws.repository("app")
    answer = run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert "VE9LRU4" not in "".join(capsys.readouterr()) + answer.reason


def test_a_denial_is_looked_at_again_in_the_shortest_time(aws: Aws, clock: Clock) -> None:
    """Half a second is enough for one more look."""
    assert not run(aws, clock, aws.requires(aws.role("ci")), PropagationSeconds="0.5").succeeded
    assert aws.count()["SimulatePrincipalPolicy"] > 1
    assert clock.now == pytest.approx(0.5, abs=0.1)


def test_a_deployment_puts_the_first_value_of_the_metrics(aws: Aws, clock: Clock) -> None:
    """Where it is going to be proved again, so that an alarm does not start with what is missing."""
    app = aws.repository("app")
    run(aws, clock, aws.requires(aws.puller("ci", app), app), Publish="Images")
    assert aws.metrics() == {"Allowed": 2, "Denied": 0, "Undetermined": 0, "NotProved": 0}
    assert "PutEvents" not in aws.count()


def test_a_deployment_that_fails_puts_no_value(aws: Aws, clock: Clock) -> None:
    """It is rolled back to what was proved before."""
    answer = run(aws, clock, aws.requires(aws.role("ci"), aws.repository("app")), Publish="Images")
    assert not answer.succeeded
    assert "PutMetricData" not in aws.count()
