"""Tests of the body of an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.check.cloudformation import response
from ecr_access.codes import Code

_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


def _body(event: dict[str, Any] | None = None, reason: str = "", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"succeeded": False, "physical_id": "id", "data": {}} | changes
    raw = response.body(event or {}, reason=reason, **values)
    assert len(raw) <= response.LIMIT
    found: dict[str, Any] = json.loads(raw)
    return found


def test_a_short_answer_is_whole() -> None:
    """Everything is in it."""
    event = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "l"}
    assert _body(event, "why", data={"a": "b"}) == {
        "Status": "FAILED",
        "Reason": "why",
        "StackId": "s",
        "RequestId": "r",
        "LogicalResourceId": "l",
        "PhysicalResourceId": "id",
        "Data": {"a": "b"},
    }


def test_a_failure_has_a_reason() -> None:
    """CloudFormation wants one."""
    assert _body(reason="")["Reason"] == "no reason was given"


def test_a_reason_ends_with_its_code_however_long_it_is() -> None:
    """The code is what remains to look up."""
    assert _body(reason="denied", code=Code.DENIED)["Reason"] == "denied [ECR-ACCESS-403]"
    long = _body(reason="role " * 2000, code=Code.DENIED)["Reason"]
    assert long.endswith("role [...] [ECR-ACCESS-403]")
    assert len(long) > 3000


def test_the_data_go_first() -> None:
    """A reason is worth more than data."""
    answer = _body(reason="r" * 3000, data={"a": "b" * 2000})
    assert "Data" not in answer
    assert answer["Reason"] == "r" * 3000


@pytest.mark.parametrize("char", ["a", "ä", "漢", "🐳", '"', "\n", "\0", "\ud800", "\\"])
def test_a_long_reason_loses_its_end_and_no_half_character(char: str) -> None:
    """What is cut off is the end, whatever the size of a character."""
    reason = _body(reason=f"first {char * 5000}")["Reason"]
    assert reason.startswith("first ")
    assert reason.endswith(" [...]")
    assert set(reason[6:-6]) <= {char, "?"}


def test_a_reason_is_cut_at_a_word() -> None:
    """A person reads it."""
    assert response.fitting("these are some words that are too many", 27) == "these are some words [...]"


def test_a_reason_without_words_is_cut_anywhere() -> None:
    """A cut far from the end would lose too much."""
    assert response.fitting("a " + "b" * 200, 150).count("b") == 142


@given(
    st.dictionaries(
        st.sampled_from(["StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId"]),
        st.one_of(_ANY_TEXT, _ANY_TEXT.map(lambda text: text * 50), st.none(), st.integers(), st.lists(st.none())),
    ),
    _ANY_TEXT.map(lambda text: text * 30),
    st.dictionaries(_ANY_TEXT, _ANY_TEXT),
)
def test_no_answer_is_too_long(event: dict[str, Any], reason: str, data: dict[str, str]) -> None:
    """Whatever the ids, the reason and the data are, the body is JSON of at most 4,096 bytes."""
    answer = _body(event, reason, data=data, physical_id=event.get("PhysicalResourceId"))
    assert answer["Status"] == "FAILED"
    assert answer["PhysicalResourceId"]


def test_what_fits_exactly_is_whole() -> None:
    """CloudFormation reads 4,096 bytes."""
    data = {"a": "b"}
    short = len(response.body({}, succeeded=False, reason="r", physical_id="id", data=data))
    exact = _body({}, "r" * (response.LIMIT - short + 1), data=data)
    assert exact["Data"] == data
    assert "Data" not in _body({}, "r" * (response.LIMIT - short + 2), data=data)


def test_an_id_that_is_none_is_unknown() -> None:
    """CloudFormation wants a text."""
    answer = _body({"StackId": 1, "RequestId": ""})
    assert {answer[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {"unknown"}


def test_json_is_compact_and_utf_8() -> None:
    """Each byte counts."""
    assert response.serialised({"a": [1, 2], "ä": "漢"}) == '{"a":[1,2],"ä":"漢"}'.encode()


@pytest.mark.parametrize("room", range(6, 100))
def test_as_much_of_a_text_is_kept_as_fits(room: int) -> None:
    """And not a character less."""
    assert response.fitting("x" * room, room) == "x" * room
    assert response.fitting("x" * 200, room) == "x" * (room - 6) + " [...]"


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("h" * 20 + " " + "x" * 200, 105, "h" * 20),
        ("h" * 20 + " " + "x" * 200, 106, "h" * 20 + " " + "x" * 79),
        ("h " + "x" * 200, 20, "h"),
        (" " + "x" * 200, 20, " " + "x" * 13),
    ],
)
def test_a_text_is_cut_at_a_word_that_is_near(text: str, room: int, kept: str) -> None:
    """Within 80 characters, and never down to nothing."""
    assert response.fitting(text, room) == f"{kept} [...]"
