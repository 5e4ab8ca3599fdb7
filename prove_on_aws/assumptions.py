"""The assumptions: read from assumptions.yaml, from which docs/assumptions.md is written too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Assumption:
    """Something that the code takes for true of AWS.

    Attributes:
        id: Its name, which does not change.
        area: The heading that it stands under.
        assumption: What is assumed, in a sentence.
        rests_on: The modules that rest on it, or the pages of ``docs/``, as paths from the root of the checkout.
        breaks: What goes wrong if it is not so.
        judged_here: What stands in for AWS in the tests.
        page: AWS's page, or the thread that people reported it in.
        untried: Why no probe tries it; empty where one does.
    """

    id: str
    area: str
    assumption: str
    rests_on: tuple[str, ...]
    breaks: str
    judged_here: str
    page: str
    untried: str = ""


@dataclass(frozen=True)
class Differences:
    """Where the embedded cloud is known to differ: the reason of each assumption that is refuted or skipped there."""

    refuted: dict[str, str]
    skipped: dict[str, str]


def assumptions() -> list[Assumption]:
    """Return every assumption, in the order of the page."""
    areas = yaml.safe_load((_FOLDER / "assumptions.yaml").read_text(encoding="utf-8")) or {}
    return [
        Assumption(area=area, rests_on=tuple(one.pop("rests_on")), **one)
        for area, entries in areas.items()
        for one in entries
    ]


def differences() -> Differences:
    """Return what ``ecr-access local -- python -m prove_on_aws`` has to find."""
    return Differences(**yaml.safe_load((_FOLDER / "local_cloud.yaml").read_text(encoding="utf-8")))
