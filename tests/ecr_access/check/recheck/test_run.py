"""A recheck proves again what a deployment proved, tells what it found, and publishes it where it is asked to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.check import handler
from ecr_access.check.recheck import terms
from ecr_access.check.recheck.run import run
from tests.ecr_access.check.checking import log_of
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, PULL, TOKEN
from tests.ecr_access.check.test_propagation import Then

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"


def recheck(aws: Aws, clock: Clock, properties: object) -> dict[str, Any]:
    """Run one as the schedule asks for it."""
    if isinstance(properties, dict):
        properties = {"Publish": "Images", **properties}
    return run(
        {"Recheck": properties},
        Context(),
        clock.left,
        clients=aws,
        clock=clock,
        sleep=clock.sleep,
        jitter=clock.jitter,
        workers=1,
    )


def test_what_is_still_allowed_is_counted_and_is_no_event(aws: Aws, clock: Clock) -> None:
    """With as few calls as it takes: no token of the check's own, no look at the stack."""
    app = aws.repository("app")
    found = recheck(aws, clock, aws.properties(aws.requires(aws.puller("ci", app), app)))
    assert found["stack"] == "Images"
    assert found["summary"] == {"allowed": 2, "denied": 0, "undetermined": 0, "not_verifiable": 0}
    assert [one["verdict"] for one in found["findings"]] == ["allowed", "allowed"]
    assert found["unseen"] == []
    assert aws.metrics() == {"Allowed": 2, "Denied": 0, "Undetermined": 0, "NotProved": 0}
    assert aws.count() == {
        "DescribeRepositories": 1,
        "SimulatePrincipalPolicy": 2,
        "GetRepositoryPolicy": 1,
        "PutMetricData": 1,
    }


def test_what_is_denied_now_is_an_event_with_its_cause_and_fix(aws: Aws, clock: Clock) -> None:
    """A rule of EventBridge finds all that a person or a program needs."""
    app = aws.repository("app")
    role = aws.puller("ci", app)
    aws.decide(role, TOKEN, "*", decision="explicitDeny", policies=["NoToken"])
    found = recheck(aws, clock, aws.properties(aws.requires(role, app)))
    assert found["summary"]["denied"] == 1
    assert aws.metrics() == {"Allowed": 1, "Denied": 1, "Undetermined": 0, "NotProved": 1}
    (detail,) = aws.details()
    assert {key: detail[key] for key in ("version", "stack", "principal", "access", "repository", "verdict")} == {
        "version": "1",
        "stack": "Images",
        "principal": ROLE,
        "access": "TOKEN",
        "repository": "",
        "verdict": "denied",
    }
    assert detail["action"] == TOKEN
    assert "NoToken" in detail["cause"]
    assert detail["fix"]
    (entries,) = [request["Entries"] for name, request in aws.calls if name == "PutEvents"]
    assert (entries[0]["Source"], entries[0]["DetailType"]) == ("cdk-ecr-access", "ECR Access Finding")
    assert "Resources" not in entries[0]
    (data,) = [request["MetricData"] for name, request in aws.calls if name == "PutMetricData"]
    assert {one["Unit"] for one in data} == {"Count"}


def test_a_denial_is_believed_within_seconds(aws: Aws, clock: Clock) -> None:
    """Nothing was just deployed that IAM would have to learn of."""
    app = aws.repository("app")
    recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"), app), PropagationSeconds="240"))
    assert clock.now < 6
    assert aws.metrics()["Denied"] == 2


def test_a_denial_that_passes_within_seconds_is_none(aws: Aws) -> None:
    """A policy was changed a moment ago, and IAM has not told all of its servers."""
    role = aws.role("ci")
    found = recheck(aws, Then(lambda: aws.decide(role, TOKEN, "*")), aws.properties(aws.requires(role)))
    assert found["summary"] == {"allowed": 1, "denied": 0, "undetermined": 0, "not_verifiable": 0}
    assert found["findings"][0].keys() == {"principal", "access", "repository", "verdict", "cause", "fix"}


def test_an_event_names_its_repository_as_a_resource(aws: Aws, clock: Clock) -> None:
    """So that a rule can filter by it."""
    app = aws.repository("app")
    role = aws.puller("ci")
    recheck(aws, clock, aws.properties(aws.requires(role, app, token=False)))
    (entries,) = [request["Entries"] for name, request in aws.calls if name == "PutEvents"]
    assert entries[0]["Resources"] == [app]
    assert json.loads(entries[0]["Detail"])["action"] == PULL


def test_nothing_is_published_unless_asked_for(aws: Aws, clock: Clock) -> None:
    """A function without a schedule has no permission to."""
    app = aws.repository("app")
    found = recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"), app), Publish=""))
    assert found["summary"]["denied"] == 2
    assert not {"PutMetricData", "PutEvents"} & {*aws.count()}


def test_what_another_side_has_to_prove_is_told(aws: Aws, clock: Clock) -> None:
    """As the deployment's log tells it."""
    theirs = "arn:aws:ecr:eu-west-1:444455556666:repository/app"
    role = aws.puller("ci", theirs)
    found = recheck(aws, clock, aws.properties(aws.requires(role, theirs, token=False), Existing=[theirs]))
    assert "444455556666" in found["findings"][0]["elsewhere"]
    assert found["unseen"] == [theirs]
    assert found["summary"]["not_verifiable"] == 2


def test_a_function_that_lost_its_permissions_is_heard(aws: Aws, clock: Clock) -> None:
    """What it cannot find out is undetermined, without waiting, as a metric and as events."""
    app = aws.repository("app")
    for operation in ("DescribeRepositories", "SimulatePrincipalPolicy", "GetRepositoryPolicy"):
        aws.always[operation] = aws.error("AccessDenied", status=403)
    recheck(aws, clock, aws.properties(aws.requires(aws.puller("ci", app), app)))
    assert aws.metrics() == {"Allowed": 0, "Denied": 0, "Undetermined": 2, "NotProved": 2}
    assert {one["verdict"] for one in aws.details()} == {"undetermined"}
    assert clock.now < 1


@pytest.mark.parametrize(
    ("refused", "called"), [("PutMetricData", "cloudwatch:PutMetricData"), ("PutEvents", "events:PutEvents")]
)
def test_what_cannot_be_published_is_logged(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], refused: str, called: str
) -> None:
    """Each without the other; an alarm hears that no metric comes."""
    aws.always[refused] = aws.error("AccessDeniedException", status=403)
    found = recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"), aws.repository("app"))))
    assert found["summary"]["denied"] == 2
    assert aws.count()["PutMetricData"] == aws.count()["PutEvents"] == 1
    (line,) = [line for line in log_of(capsys) if "were not" in line.get("error", "")]
    assert called in line["error"]
    assert line["fix"]


def test_the_time_for_publishing_is_kept(aws: Aws, clock: Clock) -> None:
    """Throttled to the end, the check says that it could not find out."""
    aws.always["SimulatePrincipalPolicy"] = aws.error("Throttling")
    recheck(aws, clock, aws.properties(aws.requires(aws.puller("ci"))))
    assert aws.metrics() == {"Allowed": 0, "Denied": 0, "Undetermined": 1, "NotProved": 1}
    assert clock.left() >= 20


def test_an_event_that_was_not_taken_is_put_again(aws: Aws, clock: Clock) -> None:
    """EventBridge delivers events once at least, so that a second one does no harm."""
    aws.refused = 1
    recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"))))
    assert aws.count()["PutEvents"] == 2


def test_events_that_are_never_taken_are_logged(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The findings are in the log anyway."""
    aws.refused = 1_000
    recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"))))
    (line,) = [line for line in log_of(capsys) if "were not all put" in line.get("error", "")]
    assert "not all events were taken" in line["error"]


def test_a_run_puts_fifty_events_at_most(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten a call, the denials first; the metrics count all, and the log has all."""
    arns = [aws.repository(f"app{number}") for number in range(70)]
    aws.errors["GetRepositoryPolicy"] = [aws.error("AccessDeniedException", status=403), *[None] * 69]
    recheck(aws, clock, aws.properties(aws.requires(aws.puller("ci"), *arns)))
    assert aws.count()["PutEvents"] == 5
    assert [one["verdict"] for one in aws.details()] == ["denied"] * 50
    assert aws.metrics()["NotProved"] == 70
    (line,) = [line for line in log_of(capsys) if "warning" in line]
    assert line["warning"] == "20 of 70 findings are in this log alone, without an event"


def test_fifty_findings_are_all_events(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is said of others."""
    arns = [aws.repository(f"app{number}") for number in range(50)]
    recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"), *arns, token=False)))
    assert len(aws.details()) == 50
    assert not [line for line in log_of(capsys) if "warning" in line]


@pytest.mark.parametrize("properties", [None, [], "text", {}, {"ServiceToken": 3}, {"Requirements": "all"}])
def test_a_malformed_event_is_an_error_that_is_heard(aws: Aws, clock: Clock, properties: object) -> None:
    """It names what is wrong, and nothing is proved."""
    found = recheck(aws, clock, properties)
    assert found["error"].endswith("[ECR-ACCESS-400]")
    if isinstance(properties, dict):
        assert aws.metrics() == {"Undetermined": 1, "NotProved": 1}
    else:
        assert not aws.calls


def test_a_malformed_event_names_what_is_wrong(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """In the answer and in the log."""
    found = recheck(aws, clock, aws.properties(Requirements="all"))
    assert "Requirements: got 'all'" in found["error"]
    (line,) = log_of(capsys)
    assert "Requirements: got 'all'" in line["error"]


def test_no_digest_is_needed(aws: Aws, clock: Clock) -> None:
    """It is of a deployment, whose physical id remembers it."""
    properties = aws.properties(aws.requires(aws.puller("ci")))
    del properties["Digest"]
    assert recheck(aws, clock, properties)["summary"]["allowed"] == 1


@pytest.mark.parametrize("allowed_too", [True, False])
def test_what_is_allowed_is_logged_where_it_is_asked_for(
    aws: Aws,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    allowed_too: bool,  # noqa: FBT001
) -> None:
    """As by the deployment."""
    recheck(aws, clock, aws.properties(aws.requires(aws.puller("ci")), LogAllowed=str(allowed_too).lower()))
    assert any("finding" in line for line in log_of(capsys)) is allowed_too


def test_an_error_of_the_check_itself_is_heard(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is not raised, as Lambda would repeat it; its text, which may quote an answer, is nowhere."""
    monkeypatch.setattr("ecr_access.check.recheck.run.Check", _broken)
    found = recheck(aws, clock, aws.properties(aws.requires(aws.role("ci"))))
    assert found["error"].endswith("RuntimeError; the function's log has the trace [ECR-ACCESS-500]")
    assert aws.metrics() == {"Undetermined": 1, "NotProved": 1}
    assert "a secret" not in "".join(capsys.readouterr())


def _broken(*_: object, **__: object) -> None:
    text = "a secret"
    raise RuntimeError(text)


def test_the_function_takes_it_without_a_custom_resource(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no URL to answer at; the answer is what the function returns."""
    found = handler.handle({"Recheck": {"Requirements": "all"}}, Context())
    assert isinstance(found, dict)
    assert found["error"]
    assert "ResponseURL" not in capsys.readouterr().out


def test_running_twice_finds_the_same(aws: Aws, clock: Clock) -> None:
    """It changes nothing."""
    app = aws.repository("app")
    properties = aws.properties(aws.requires(aws.puller("ci", app), app))
    assert recheck(aws, clock, properties) == recheck(aws, clock, properties)


def test_the_published_names_are_stable() -> None:
    """Rules and alarms of others rest on them."""
    assert (terms.NAMESPACE, terms.SOURCE, terms.DETAIL_TYPE) == (
        "EcrAccess",
        "cdk-ecr-access",
        "ECR Access Finding",
    )
