"""Tests of writing lines to the log."""

from __future__ import annotations

import io
import sys

import pytest

from ecr_access.check import log


def test_a_line_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda may end the process right after, with whatever is in a buffer."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    log.line(error="said so", attempts=5)
    assert written.getvalue() == b'{"error": "said so", "attempts": 5}\n'


def test_a_log_that_cannot_be_written_to_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFormation waits for the answer, whatever becomes of the log."""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    with pytest.raises(ValueError, match="closed"):
        closed.write("")
    log.line(error="said so")


def test_what_is_no_json_raises_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor does it leave half a line."""
    log.line(error=object())
    assert capsys.readouterr().out == ""
