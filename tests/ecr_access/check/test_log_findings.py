"""Tests of what is written to the log."""

from __future__ import annotations

import pytest

from ecr_access.check import log_findings
from ecr_access.check.aws.api_usage import ApiUsage
from ecr_access.check.finding import Finding, Verdict
from ecr_access.iam.arns import Repository
from tests.ecr_access.check.checking import log_of
from tests.ecr_access.check.fakes import PREFIX, REGION

_OTHER = "444455556666"


def test_what_cannot_be_seen_from_here_is_listed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The other side of a finding, and whole registries, before the summary."""
    theirs = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/base"
    found = [
        Finding("p", "PULL", PREFIX + "app", Verdict.ALLOWED, elsewhere="for another account to prove"),
        Finding("q", "PULL", PREFIX + "app", Verdict.ALLOWED),
    ]
    log_findings.write(found, ApiUsage(), unseen=[Repository(theirs, REGION, _OTHER, "base")], seconds=1.23456)
    not_verifiable, summary = log_of(capsys)
    assert not_verifiable == {
        "not_verifiable": [
            f"p PULL {PREFIX}app: for another account to prove",
            f"{theirs}: its registry cannot be seen from here",
        ]
    }
    assert summary == {
        "summary": {
            "allowed": 2,
            "denied": 0,
            "undetermined": 0,
            "not_verifiable": 2,
            "calls": {},
            "throttled": 0,
            "waited": 0.0,
            "seconds": 1.235,
        }
    }


@pytest.mark.parametrize("log_allowed", [False, True])
def test_what_is_denied_stands_last_and_what_is_allowed_is_counted(
    capsys: pytest.CaptureFixture[str], *, log_allowed: bool
) -> None:
    """People are shown the end of a log: one denial does not drown in what is allowed, which is a line where asked."""
    order = [Verdict.DENIED, Verdict.ALLOWED, Verdict.UNDETERMINED, Verdict.DENIED]
    log_findings.write(
        [Finding(f"p{n}", "PULL", PREFIX + "app", one) for n, one in enumerate(order)],
        ApiUsage(),
        unseen=[],
        seconds=1,
        log_allowed=log_allowed,
    )
    lines = log_of(capsys)
    shown = [line["finding"]["principal"] if "finding" in line else line["summary"]["allowed"] for line in lines]
    assert shown == [*["p1"] * log_allowed, 1, "p2", "p0", "p3"]
