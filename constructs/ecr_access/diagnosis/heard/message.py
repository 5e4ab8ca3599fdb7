"""The message that a person gets: who, what, which repository, when; the cause, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import report
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.heard.failure import Failure, Times
    from ecr_access.diagnosis.recognise import Diagnosis

_IN_FULL: Final = 5
_NAMED: Final = 20
"""Kinds of failure that one message names; each takes a few milliseconds to diagnose."""

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: fewer than 100 characters of ASCII.
_SUBJECT: Final = 99
_RULE: Final = "-" * 72


@dataclass(frozen=True)
class Message:
    """A message; without a text if none of the failures is one of ECR.

    Attributes:
        subject: its subject.
        text: its text.
        named: the failures that were diagnosed for it: those that it names, and those of other services.
    """

    subject: str
    text: str
    named: tuple[Failure, ...]


@dataclass(frozen=True)
class _Diagnosed:
    failure: Failure
    times: Times
    found: Diagnosis | None

    @property
    def sentence(self) -> str:
        one = self.times.number == 1
        often = "once" if one else f"{self.times.number:,} times"
        when = f", from {self.times.first} to {self.times.last}" if self.times.first != self.times.last else ""
        at = f" at {self.times.first}" if self.times.first and not when else ""
        begin = f"{self.failure.who} {self.failure.did}{self.failure.place}, {often}{when}{at}."
        return begin[0].upper() + begin[1:] if not begin.startswith("arn:") else begin

    @property
    def cause(self) -> str:
        return self.found.summary if self.found else f"{self.failure.code}, whose cause is not recognised"

    @property
    def in_full(self) -> str:
        return f"{self.sentence}\n\n{report.as_text(self.found) if self.found else self.cause}".rstrip()


def message(due: dict[Failure, Times], *, counted: int = 0, unread: int = 0) -> Message:
    """Write the message about failures, the most frequent first.

    Args:
        due: what is told, with its number.
        counted: failures since the last message that are not told.
        unread: events that could not be read, and go to the dead-letter queue.
    """
    largest = sorted(due.items(), key=lambda one: (-one[1].number, one[0].who, one[0].did, one[0].place))
    diagnosed = [_Diagnosed(failure, times, failure.diagnosis()) for failure, times in largest[:_NAMED]]
    named = tuple(one.failure for one in diagnosed)
    ours = [one for one in diagnosed if not (one.found and one.found.cause.error is ErrorKind.NOT_ECR)]
    if not ours:
        return Message("", "", named)
    others = sum(times.number for _, times in largest[_NAMED:])
    parts = [one.in_full for one in ours[:_IN_FULL]]
    if short := ours[_IN_FULL:]:
        parts.append("\n".join(f"- {one.sentence} {one.cause}" for one in short))
    if ends := _ends(others, counted, unread):
        parts.append(ends)
    return Message(_subject(ours), f"\n\n{_RULE}\n\n".join(parts) + "\n", named)


def _ends(others: int, counted: int, unread: int) -> str:
    counts = {
        "Failures of other kinds that came with these": others,
        "Failures since the last message that repeat, or were too many to tell": counted,
        "Events of an unknown shape, which go to the dead-letter queue": unread,
    }
    return "\n".join(f"{words}: {number:,}" for words, number in counts.items() if number)


def _subject(told: list[_Diagnosed]) -> str:
    first = told[0]
    kind = first.found.cause.error.value if first.found else first.failure.code
    more = f" (+{len(told) - 1})" if len(told) > 1 else ""
    subject = f"ECR: {kind}: {first.failure.repository or first.failure.did}"
    return subject[: _SUBJECT - len(more)].encode("ascii", "replace").decode() + more
