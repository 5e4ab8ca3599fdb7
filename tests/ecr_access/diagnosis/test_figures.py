"""How often the diagnosis is right on what people post."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecr_access.diagnosis.causes import CAUSES
from tests.ecr_access.diagnosis.figures import NONE, SETS, entries, table, told, verdict

PAGE = (Path(__file__).parents[3] / "docs" / "diagnose.md").read_text(encoding="utf-8")
ALL = [entry for name in SETS for entry in entries(name)]
IDS = [f"{number}-{entry['seen']}" for number, entry in enumerate(ALL)]
# What describes a task, a pod or a build has the image beside an error of any service.
DECLARED = (
    '{"containerDefinitions": [{"name": "side", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/side/car:9"}]}',
    "    Image:          111122223333.dkr.ecr.eu-west-1.amazonaws.com/side/car:9",
    "  IMAGE_URI: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/side/car:9",
    "+ docker tag side 111122223333.dkr.ecr.eu-west-1.amazonaws.com/side/car:9",
)
# What a build, a pipeline or a node did well before says nothing of what fails then.
DONE = (
    "#1 [internal] load metadata for docker.io/library/node:20\n#1 DONE 1.2s",
    "Digest: sha256:0a1b\nStatus: Downloaded newer image for ghcr.io/acme/base:1",
    "Logging in to ghcr.io\nLogin Succeeded",
    "Fetching secrets from AWS Secrets Manager\nok",
)


def test_the_page_has_the_figures() -> None:
    """The figures that ``python -m tests.ecr_access.diagnosis.figures`` prints."""
    assert table() in PAGE


@pytest.mark.parametrize("entry", ALL, ids=IDS)
def test_nothing_false_is_told(entry: dict[str, Any]) -> None:
    """Silence is worse than a true cause, and better than a false one."""
    assert verdict(entry) != "wrong", told(entry["text"])


def test_few_texts_are_met_with_silence() -> None:
    """Under one in twenty."""
    assert sum(verdict(entry) == "silent" for entry in ALL) < len(ALL) / 20


def wrong_behind(lines: str) -> dict[str, str]:
    """Return the texts of which something false is told behind some lines, and what."""
    behind = ({**entry, "text": f"{lines}\n{entry['text']}"} for entry in ALL)
    return {entry["text"]: told(entry["text"]) for entry in behind if verdict(entry) == "wrong"}


@pytest.mark.parametrize("line", DECLARED, ids=["task", "pod", "variable", "tag"])
def test_an_image_beside_an_error_does_not_make_it_one_of_ecr(line: str) -> None:
    """Only what the call, the host or the last command was for does."""
    assert wrong_behind(line) == {}


@pytest.mark.parametrize("lines", DONE, ids=["build", "pull", "sign-in", "service"])
def test_what_ended_well_before_an_error_does_not_make_it_another_s(lines: str) -> None:
    """Nor one of ECR: without more, the words are met with silence."""
    assert wrong_behind(lines) == {}


def test_true_causes_are_causes() -> None:
    """No name in the fixtures is misspelled."""
    names = {one.name for one in CAUSES} | {NONE}
    assert {name for entry in ALL for name in (*entry["right"], *entry.get("partly", ()))} <= names
