"""Whatever key of an app that works is given twice, no rule makes an error of it, and the rest is checked."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecr_access.cli.rules.command import main
from ecr_access.documents.document import DocumentError
from ecr_access.documents.templates.text import parse_template
from tests.ecr_access.rules.files import BROKEN, SOUND
from tests.ecr_access.rules.pieces import PARAMETER
from tests.ecr_access.rules.test_corpus import CORPUS, WARNINGS
from tests.ecr_access.rules.test_unknown_parts import errors, places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AGAIN: Final = "\N{ANTICLOCKWISE OPEN CIRCLE ARROW}"
"""Begins a key that is written once more without it."""


def repeated(document: dict[str, Any]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the text of a template for each key below its sections, given twice, and which it is."""
    for path in places(document):
        *outer, last = path
        if not outer or isinstance(last, int):
            continue
        changed = deepcopy(document)
        holder: Any = changed
        for key in outer:
            holder = holder[key]
        holder[f"{_AGAIN}{last}"] = PARAMETER
        yield json.dumps(changed, ensure_ascii=False).replace(_AGAIN, ""), path


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_no_key_of_a_sample_that_is_given_twice_is_an_error(name: str) -> None:
    """It may have either value, or the template is left out."""
    document = parse_template(CORPUS.joinpath(name).read_text(encoding="utf-8")).value
    for text, where in repeated(document):
        try:
            found = parse_template(text)
        except DocumentError as error:
            assert "is given twice" in str(error), where  # noqa: PT017 -- and nothing else
            continue
        assert [one.message.partition("'")[2].partition("'")[0] for one in found.problems] == [where[-1]]
        assert errors(found.value) == [], where


def test_the_rest_of_the_template_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of what could not be read, and the key with its line."""
    path = tmp_path / "stack.yaml"
    path.write_text(f"{BROKEN}      Path: /a/\n      Path: /b/\n", encoding="utf-8")
    assert main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out.startswith(f"{path}:12: error token-missing: ")
    assert out.endswith("; incomplete, as not all of the templates could be read\n")
    told = f"{path}:16: the key 'Path' is given twice in one object; keep one of them [ECR-ACCESS-611]"
    assert err.splitlines()[0] == f"error: {told}"
    assert main([str(path), "--json"]) == 2
    written = json.loads(capsys.readouterr().out)
    assert written["failure"] == {"status": 2, "messages": [told]}
    assert [one["rule"] for one in written["findings"] if one["severity"] == "error"] == ["token-missing"]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (SOUND.replace("      Policies:\n", "      Policies: []\n      Policies:\n"), []),
        (BROKEN.replace("      Policies:\n", "      Policies: []\n      Policies:\n"), []),
        (BROKEN + "  Ci: {Type: AWS::IAM::User}\n", []),
        (BROKEN + "  Other: {Type: AWS::IAM::User}\n  Other: {Type: AWS::IAM::User}\n", []),
        (BROKEN + "  Other: {Type: AWS::IAM::User, Properties: {UserName: a, UserName: b}}\n", ["token-missing"]),
        (BROKEN + "Outputs: {A: {Value: a}, A: {Value: b}}\n", []),
    ],
)
def test_what_may_depend_on_it_is_not_reported(
    given: str, rules: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A resource that is declared twice may be a policy of the role."""
    path = tmp_path / "stack.yaml"
    path.write_text(given, encoding="utf-8")
    assert main([str(path), "--format", "sarif"]) == 2
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert [one["ruleId"] for one in run["results"] if one["level"] == "error"] == rules
    assert not run["invocations"][0]["executionSuccessful"]
