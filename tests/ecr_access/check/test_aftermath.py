"""Tests of what a failed deployment leaves behind, as its message says it."""

from __future__ import annotations

import pytest

from ecr_access.check import failure_message
from ecr_access.check.aftermath import aftermath_of
from ecr_access.check.cloudformation.response import LIMIT, body, serialised
from ecr_access.check.finding import Explanation, Finding, Verdict
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import PREFIX

_HINT = "deploy again with cdk deploy --import-existing-resources"


def _event(kind: str, retained: object, before: object = None) -> dict[str, object]:
    return {
        "RequestType": kind,
        "ResourceProperties": {"Retained": retained},
        "OldResourceProperties": {"Retained": before},
    }


def _message(event: dict[str, object], count: int = 1) -> str:
    problem = Explanation("cause", "fix", ("a",))
    found = [Finding(f"p{n}", "PULL", PREFIX + f"app{n}", Verdict.DENIED, (problem,)) for n in range(count)]
    return failure_message.text(found, aftermath_of(event, Context()))


def test_a_failed_creation_says_how_its_repositories_come_back() -> None:
    """The rollback keeps repositories under RETAIN, and a plain deployment would stop at their names."""
    assert _message(_event("Create", ["a", "b"])).endswith(
        f"\nthe rollback keeps 2 new repositories, whose removal policy is RETAIN; {_HINT}"
    )


def test_a_failed_update_speaks_of_the_repositories_that_it_made() -> None:
    """The others are the stack's still."""
    assert "keeps 1 new" in _message(_event("Update", ["a", "b"], ["a"]))
    assert _HINT not in _message(_event("Update", ["a", "b"], ["a", "b"]))


@pytest.mark.parametrize("retained", [None, [], "a", [1], {"a": 1}])
def test_where_nothing_is_retained_nothing_is_said(retained: object) -> None:
    """The default removal policy leaves nothing behind; what is malformed is no repository."""
    assert _HINT not in _message(_event("Create", retained))


def test_the_hint_fits_into_the_answer_beside_the_longest_message() -> None:
    """CloudFormation would replace what is longer, and the way out is what helps most."""
    problems = [Explanation(f"{'x' * 200}{n}", "fix", ("a",)) for n in range(200)]
    found = [Finding("p", "PULL", PREFIX + "app", Verdict.DENIED, (one,)) for one in problems]
    text = failure_message.text(found, aftermath_of(_event("Create", ["a"]), Context()))
    assert text.endswith(_HINT)
    assert len(serialised(text)) < LIMIT - 700
    assert _HINT.encode() in body({}, succeeded=False, reason=text, physical_id="id", data={})


@pytest.mark.parametrize(("kind", "end"), [("Create", ", which cdk deploy --no-rollback keeps"), ("Update", "")])
def test_the_log_group_that_the_rollback_deletes_is_said_how_to_keep(kind: str, end: str) -> None:
    """A first deployment that fails takes its log group along; what an update's check wrote stays."""
    problems = [Explanation(f"{'x' * 200}{n}", "fix", ("a",)) for n in range(200)]
    found = [Finding("p", "PULL", PREFIX + "app", Verdict.DENIED, (one,)) for one in problems]
    text = failure_message.text(found, aftermath_of(_event(kind, None), Context()))
    assert text.endswith(f" more, all in the log group /aws/lambda/check{end}")


def test_properties_of_no_shape_leave_nothing_behind() -> None:
    """An event is answered, whatever it holds."""
    assert aftermath_of({"RequestType": "Update", "ResourceProperties": "?"}, object()).end == ""
