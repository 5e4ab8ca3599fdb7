"""Tests of what is found out besides the requirements: that ECR answers here, what exists, and in how much time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ecr_access.check.checking import findings_of, run
from tests.ecr_access.check.fakes import ENDPOINT, PREFIX, REGION, Aws

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Clock

_DUAL_STACK = "https://111122223333.dkr-ecr.eu-west-1.on.aws"


@pytest.mark.parametrize(
    ("answer", "endpoint"),
    [
        ([{"authorizationToken": "eA==", "proxyEndpoint": _DUAL_STACK}], _DUAL_STACK),
        ([{}, {"authorizationToken": "eA==", "proxyEndpoint": _DUAL_STACK}], _DUAL_STACK),
        ([{"authorizationToken": "eA=="}], ENDPOINT),
        ([{"authorizationToken": "eA==", "proxyEndpoint": 1}], ENDPOINT),
    ],
)
def test_the_endpoint_is_that_of_the_token(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: object, endpoint: str
) -> None:
    """Of the Region where the check runs; where ECR does not say, it is put together."""
    regions: list[str] = []

    def get_authorization_token() -> dict[str, Any]:
        regions.append(aws.region)
        return {"authorizationData": answer}

    monkeypatch.setattr(aws, "get_authorization_token", get_authorization_token)
    assert run(aws, clock).data["TokenEndpoint"] == endpoint
    assert regions == [REGION]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        None,
        [],
        {"authorizationData": None},
        {"authorizationData": []},
        {"authorizationData": {}},
        {"authorizationData": [None, "x", {}, {"authorizationToken": ""}, {"proxyEndpoint": ENDPOINT}]},
    ],
    ids=repr,
)
def test_an_answer_without_a_token_is_no_token(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """Of whatever shape it is; what else was found stays."""
    monkeypatch.setattr(aws, "get_authorization_token", lambda: answer)
    app = aws.repository("app")
    found = run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert "nothing was proved wrong, but 1 of 3 could not be determined" in found.reason
    assert (
        "could not determine TOKEN of the access check on *: the answer of ecr:GetAuthorizationToken has no token; "
        "deploy again; if it stays, report it with the log"
    ) in found.reason


def test_a_token_that_the_check_cannot_get_is_a_doubt(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """It concerns the check itself, and no repository."""
    aws.always["GetAuthorizationToken"] = aws.error("Strange", "said so")
    assert run(aws, clock, AllowUndetermined="true").data["TokenEndpoint"] == ENDPOINT
    said = findings_of(capsys)[0]
    assert said.pop("cause").startswith("ecr:GetAuthorizationToken: ecr:GetAuthorizationToken failed (")
    assert said == {
        "principal": "the access check",
        "access": "TOKEN",
        "repository": "",
        "verdict": "undetermined",
        "fix": "see the error; if it stays, report it with the log",
    }


def test_a_repository_that_no_requirement_names_has_to_exist(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The app said that it does."""
    run(aws, clock, Existing=[PREFIX + "gone"])
    said = findings_of(capsys)[0]
    assert (said["principal"], said["access"], said["verdict"]) == ("this app", "EXISTS", "denied")


class _Timed(Aws):
    """Notes when each operation is first called."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.first: dict[str, float] = {}

    def _called(self, operation: str, request: dict[str, Any]) -> None:
        self.first.setdefault(operation, self._clock.now)
        super()._called(operation, request)


@pytest.mark.parametrize(
    ("refused", "then", "part"),
    [
        ("GetAuthorizationToken", "DescribeRepositories", 1 / 4),
        ("DescribeRepositories", "SimulatePrincipalPolicy", 1 / 2),
    ],
)
def test_an_operation_that_is_always_refused_takes_a_part_of_the_time(
    clock: Clock, refused: str, then: str, part: float
) -> None:
    """The rest is left for the next one."""
    aws = _Timed(clock)
    app = aws.repository("app")
    aws.always[refused] = aws.error("Throttling")
    run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert aws.first[then] == pytest.approx(part * (clock.total - 5), rel=0.05)


def test_unreadable_policies_do_not_keep_the_principals_from_being_judged(aws: Aws, clock: Clock) -> None:
    """IAM knows what it knows: who lacks the token is denied it, whatever a repository's policy says."""
    aws.always["GetRepositoryPolicy"] = aws.error("Throttling")
    reason = run(aws, clock, aws.requires(aws.role("ci"), aws.repository("app"))).reason
    assert reason.startswith("role ci may not ecr:GetAuthorizationToken on *;")
    assert "AWS throttled ecr:GetRepositoryPolicy until the deadline" in reason


def test_an_iam_that_is_always_refused_leaves_time_for_another_look(aws: Aws, clock: Clock) -> None:
    """At a repository policy, which may have been put a moment ago."""
    aws.always["SimulatePrincipalPolicy"] = aws.error("Throttling")
    another = aws.requires("444455556666", aws.repository("app"), token=False)
    assert not run(aws, clock, aws.requires(aws.role("ci")), another, PropagationSeconds="300").succeeded
    assert aws.count()["GetRepositoryPolicy"] > 1
