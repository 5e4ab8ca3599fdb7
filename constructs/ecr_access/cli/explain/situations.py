"""What each code means and what to do, as ``situations.yaml`` has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from ecr_access.codes import Code

_FILE: Final = Path(__file__).with_name("situations.yaml")


@dataclass(frozen=True)
class Group:
    """Codes that one part of the library gives.

    Attributes:
        title: a heading.
        about: when these errors appear.
        situations: in the order of their codes.
    """

    title: str
    about: str
    situations: tuple[Situation, ...]


@dataclass(frozen=True)
class Situation:
    """What one code means.

    Attributes:
        code: that messages end with.
        title: the situation in a few words.
        means: what AWS or this library does, and why.
        fix: what to do, a step each.
        see: pages of ``docs/`` that have more.
    """

    code: Code
    title: str
    means: str
    fix: tuple[str, ...]
    see: tuple[str, ...] = ()


def groups() -> list[Group]:
    """Read all situations, in the order of the page."""
    found: list[Group] = []
    for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        if "group" in entry:
            found.append(Group(entry["group"], entry["about"], ()))
            continue
        one = Situation(
            Code(entry["code"]), entry["title"], entry["means"], tuple(entry["fix"]), tuple(entry.get("see", ()))
        )
        last = found[-1]
        found[-1] = Group(last.title, last.about, (*last.situations, one))
    return found


def by_code() -> dict[str, Situation]:
    """Return the situations by their codes, as messages write these."""
    return {str(one.code): one for group in groups() for one in group.situations}
