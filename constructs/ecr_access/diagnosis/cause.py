"""What a cause is: how it is recognised, what it means, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.diagnosis.kinds import ErrorKind
    from ecr_access.diagnosis.reading import Reading


class Belongs(Enum):
    """When words are taken for those of ECR."""

    ALWAYS = "no other service says so"
    UNLESS_ELSEWHERE = "others say so too: not where the words are another's"
    WITH_ECR = "many say so: only where the words are those of ECR"
    WITH_PUBLIC = "only where the words are those of the public registry of ECR"
    WITH_AWS = "only if AWS is named"
    OF_SERVICE = "only where the words are those of another service"
    OF_REGISTRY = "only where the words are those of another registry"


OF_OTHERS: Final = (Belongs.OF_SERVICE, Belongs.OF_REGISTRY)


@dataclass(frozen=True)
class Sign:
    """Words by which a cause is recognised."""

    pattern: re.Pattern[str]
    belongs: Belongs
    when: Callable[[Reading], bool]


@dataclass(frozen=True)
class Step:
    """One thing to do: a sentence, and the command or the lines of code that do it."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Cause:
    """One cause of an error; the functions are given what was read from the text."""

    name: str
    error: ErrorKind
    signs: tuple[Sign, ...]
    summary: Callable[[Reading], str]
    meaning: str
    steps: Callable[[Reading], tuple[Step, ...]]
    page: str
    when: Callable[[Reading], bool] = lambda _: True


def sign(words: str, belongs: Belongs = Belongs.ALWAYS, when: Callable[[Reading], bool] = lambda _: True) -> Sign:
    """Make a sign of a regular expression.

    Its blanks match line breaks too, since terminals and consoles break lines. Its runs are bounded, since a log is
    long, and matching must stay linear in it.
    """
    bounded = words.replace(" ", r"\s+").replace(r"\s+", r"\s{1,200}").replace(r"\S*", r"\S{0,300}")
    return Sign(re.compile(bounded.replace(r"\S+", r"\S{1,300}"), re.IGNORECASE), belongs, when)
