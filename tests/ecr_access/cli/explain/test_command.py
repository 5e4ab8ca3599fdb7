"""Tests of ``ecr-access explain``."""

from __future__ import annotations

import json

import pytest

from ecr_access.cli.explain.command import main


@pytest.mark.parametrize("typed", ["ECR-ACCESS-403", "403", "ecr-access-403", "[ECR-ACCESS-403]"])
def test_a_code_is_explained_however_it_is_typed(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As a message has it, or its number alone."""
    assert main([typed]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ECR-ACCESS-403: a principal lacks an action\n\n")
    assert "\n  - Follow the fix in the message." in said
    assert "\nSee docs/check.md\n" in said


def test_several_codes_are_explained_in_turn(capsys: pytest.CaptureFixture[str]) -> None:
    """A message may hold more than one."""
    assert main(["404", "403"]) == 0
    said = capsys.readouterr().out
    assert said.index("ECR-ACCESS-404:") < said.index("ECR-ACCESS-403:")


def test_json_is_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    """For tools, with every part by its name."""
    assert main(["--json", "902"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["code"] == "ECR-ACCESS-902"
    assert set(found) == {"code", "title", "means", "fix", "see"}


def test_all_is_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    """It begins with a heading, and has every code."""
    assert main(["--all"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# Errors\n")
    assert "### ECR-ACCESS-101: " in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ECR-ACCESS-430"], "no code 'ECR-ACCESS-430'; did you mean 'ECR-ACCESS-4"),
        (["denied"], "no code 'denied'; list all with --all"),
        ([], "no code is given; allowed: a code such as ECR-ACCESS-403, or --all"),
    ],
)
def test_what_is_no_code_is_refused(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest one, and how to see all."""
    assert main(arguments) == 2
    assert words in capsys.readouterr().err
