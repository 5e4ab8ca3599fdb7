"""Tests of what is written to the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access_check import report
from access_check.arns import Repository
from access_check.finding import Finding, Verdict
from access_check.ledger import Ledger
from tests.runtime.checking import log_of
from tests.runtime.fakes import PREFIX, REGION

if TYPE_CHECKING:
    import pytest

_OTHER = "444455556666"


def test_what_cannot_be_seen_from_here_is_listed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The other side of a finding, and whole registries, between the findings and the summary."""
    theirs = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/base"
    found = [
        Finding("p", "PULL", PREFIX + "app", Verdict.ALLOWED, elsewhere="for another account to prove"),
        Finding("q", "PULL", PREFIX + "app", Verdict.ALLOWED),
    ]
    report.write(found, Ledger(), unseen=[Repository(theirs, REGION, _OTHER, "base")], seconds=1.23456)
    first, second, not_verifiable, summary = log_of(capsys)
    assert first["finding"] == report.entry(found[0])
    assert second["finding"] == report.entry(found[1])
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
