"""The real texts of errors, each recognised as what it is, and those of others, none of which is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from ecr_access.diagnosis import diagnose, services
from ecr_access.diagnosis.causes import CAUSES
from ecr_access.diagnosis.kinds import ErrorKind
from ecr_access.diagnosis.report import as_document, as_text

HERE = Path(__file__).parent
CORPUS: list[dict[str, Any]] = yaml.safe_load((HERE / "corpus.yaml").read_text(encoding="utf-8"))
ELSEWHERE: list[dict[str, str]] = yaml.safe_load((HERE / "elsewhere.yaml").read_text(encoding="utf-8"))
NAMES = {*services.NAMES, *(name for name, _ in services.REGISTRIES)}


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [f"{number}-{one.get('cause', 'none')}" for number, one in enumerate(entries)]


@pytest.mark.parametrize("entry", CORPUS, ids=_ids(CORPUS))
def test_a_real_text_is_recognised(entry: dict[str, Any]) -> None:
    """With the values that are in it."""
    found = diagnose(entry["text"])
    assert found, entry["text"]
    assert found.cause.name == entry["cause"]
    read = asdict(found.reading)
    assert {name: read[name] for name in entry["values"]} == entry["values"]


@pytest.mark.parametrize("entry", CORPUS, ids=_ids(CORPUS))
def test_what_was_read_is_in_the_text(entry: dict[str, Any]) -> None:
    """Nothing is guessed; a service is called by the name that AWS gives it."""
    found = diagnose(entry["text"])
    assert found
    for name, value in asdict(found.reading).items():
        assert value is None or value in entry["text"] or (name == "service" and value in NAMES)


@pytest.mark.parametrize("entry", CORPUS, ids=_ids(CORPUS))
def test_an_answer_is_for_three_in_the_morning(entry: dict[str, Any]) -> None:
    """The first line is the error and its cause; at least one numbered step follows, and nothing is left unfilled."""
    found = diagnose(entry["text"])
    assert found
    first, empty, *rest = as_text(found).splitlines()
    assert first.startswith(f"{found.cause.error.value}: ")
    assert empty == ""
    assert any(line.startswith("1. ") for line in rest)
    assert "None" not in as_text(found)
    assert as_text(found).isascii()
    assert as_document(found)["cause"] == entry["cause"]


def test_every_cause_has_a_text() -> None:
    """None is recognised in theory alone, and no two have one name."""
    names = [one.name for one in CAUSES]
    assert sorted(names) == sorted(set(names))
    assert set(names) == {one["cause"] for one in CORPUS}


@pytest.mark.parametrize("entry", ELSEWHERE, ids=[str(number) for number in range(len(ELSEWHERE))])
def test_what_is_not_of_ecr_is_not_taken_for_it(entry: dict[str, str]) -> None:
    """Other registries, and other services of AWS, say nearly the same: then it is said that they do."""
    found = diagnose(entry["text"])
    assert found is None or found.cause.error is ErrorKind.NOT_ECR, found


@pytest.mark.parametrize("entry", CORPUS, ids=_ids(CORPUS))
def test_a_log_around_it_changes_nothing(entry: dict[str, Any]) -> None:
    """The error is found wherever it stands in the output of a build."""
    log = "\n".join(f"#{number} [builder] RUN pip install -r requirements.txt" for number in range(40))
    found = diagnose(f"{log}\n\x1b[31m{entry['text']}\x1b[0m\n{log}")
    assert found
    assert found.cause.name == entry["cause"]
