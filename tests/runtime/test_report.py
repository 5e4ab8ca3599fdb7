"""Tests of the message that a person reads."""

from __future__ import annotations

from access_check.finding import Finding, Problem, Verdict
from access_check.report import message
from access_check.response import serialised
from tests.runtime.fakes import PREFIX, PUSH

_LIMIT = 3200


def _denied(n: int, cause: str = "no statement allows it", repository: str = "app") -> Finding:
    problem = Problem(cause, "allow it", tuple(PUSH))
    principal = f"arn:aws:iam::111122223333:role/a-role-with-a-name-{n}"
    return Finding(principal, "PUSH", PREFIX + repository, Verdict.DENIED, (problem,))


def test_nothing_to_say() -> None:
    """All is proved."""
    assert message([Finding("p", "TOKEN", "", Verdict.ALLOWED)], log_group="g") == ""


def test_the_most_important_comes_first() -> None:
    """Missing repositories, then tokens, then what else is denied, then what is not known."""
    problem = Problem("cause", "fix", ("a",))
    order = [
        Finding("p", "PULL", PREFIX + "unknown", Verdict.UNDETERMINED, (problem,)),
        Finding("p", "PULL", PREFIX + "denied", Verdict.DENIED, (problem,)),
        Finding("p", "TOKEN", "", Verdict.DENIED, (problem,)),
        Finding("p", "PULL", PREFIX + "missing", Verdict.DENIED, (problem,), missing=True),
    ]
    text = message(order, log_group="g")
    assert text.startswith("3 of 4 access requirements are not met and 1 could not be determined:\n(1) ")
    places = [text.index(part) for part in ("missing does not exist", "may not a on *", "denied", "unknown")]
    assert places == sorted(places)


def test_one_failure_to_find_out_is_said_once() -> None:
    """A throttled check says so in one line."""
    problem = Problem("AWS throttled", "deploy again", ("a",))
    text = message(
        [Finding(f"p{n}", "PULL", PREFIX + "app", Verdict.UNDETERMINED, (problem,)) for n in range(200)],
        log_group="g",
    )
    assert text.count("AWS throttled") == 1
    assert "200 of 200 access requirements could not be determined: could not determine PULL of p0, p1" in text


def test_long_lists_are_shortened_before_lines_are_dropped() -> None:
    """Every cause is still named."""
    found = [_denied(0, repository=f"{'a' * 50}{n}") for n in range(50)]
    text = message(found, log_group="g")
    assert "and 40 more: no statement allows it" in text
    assert "50 of 50 access requirements are not met: arn:aws:iam::" in text
    long = message([*found, *[_denied(n, cause="another") for n in range(11)]], log_group="g")
    assert "and 48 more: no statement allows it" in long
    assert long.count("another") == 11
    assert "more, all in the log" not in long


def test_what_does_not_fit_is_counted_and_the_log_named() -> None:
    """The whole is in the log."""
    text = message([_denied(n, cause=f'policy "{n}"') for n in range(200)], log_group="/aws/lambda/check")
    assert len(serialised(text)) <= _LIMIT
    kept = text.count("\n(")
    assert kept > 5
    assert text.endswith(f"\nand {200 - kept} more, all in the log group /aws/lambda/check")


def test_a_line_longer_than_the_message_loses_its_end() -> None:
    """Its beginning names principal, action and resource."""
    text = message([_denied(0, cause="x " * 5000), _denied(1)], log_group="g")
    assert len(serialised(text)) <= _LIMIT
    assert "a-role-with-a-name-0 may not" in text
    assert text.endswith("[...]\nall of it is in the log group g")
