"""Who refuses: whose the words at a place of a text are, by what their line, or else the lines around it, names.

An action, an operation, a service or a host beside the words says it. Where nothing is beside them, the last thing that
was done says it: a push, a pull, a build step, a command. That an image of ECR is declared somewhere says nothing.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from ecr_access.diagnosis import services
from ecr_access.diagnosis.activity import activity
from ecr_access.diagnosis.claims import OTHER, Claim, Weight, claims, strongest
from ecr_access.diagnosis.lines import LONGEST, is_trace, undeclared, value

_PULLS: Final = re.compile(r"CannotPull|ErrImagePull|ImagePullBackOff|[Ff]ailed to pull|BUILD_CONTAINER_UNABLE")
# How docker login ends where the command before it gave no password, but said why.
_NOT_SIGNED_IN: Final = re.compile(r"(?:[^\n]{0,500}\n){1,3}[^\n]{0,200}non[- ]TTY device")
# What the SDK for Go writes below the words of an error.
_CONTINUED: Final = re.compile(r"[ \t]{1,20}status code: [0-9]{3}")
_IMAGE: Final = re.compile(r"\b(?:image|ECR|ecr|repository)\b")


class Owners:
    """Answers, for one text, whose the words at a place are."""

    def __init__(self, text: str) -> None:
        """Remember the text; it is read when a question comes."""
        self._text = text
        self._claims: dict[str, tuple[Claim, ...]] = {}

    def of(self, start: int, end: int) -> str | None:
        """Return ECR, ECR Public, another service or registry by its name, :data:`OTHER`, or None if nothing tells."""
        line_start, line_end = self._line(start, end)
        line = self._text[line_start:line_end]
        first, last = start - line_start, end - line_start
        value_start, value_end = value(line, first, last)
        for text, offset in ((line[value_start:value_end], value_start), (undeclared(line), 0)):
            if owner := strongest(self._claims_of(text), last - offset):
                return owner
        return self._around(start, line)

    def _claims_of(self, text: str) -> tuple[Claim, ...]:
        if text not in self._claims:
            self._claims[text] = claims(text)
        return self._claims[text]

    def is_about_an_image(self, start: int, end: int) -> bool:
        """Whether the line names an image or its repository, and no action that is refused."""
        line_start, line_end = self._line(start, end)
        line = undeclared(self._text[line_start:line_end])
        return _IMAGE.search(line) is not None and not any(one.weight is Weight.ACTION for one in self._claims_of(line))

    def is_trace(self, start: int, end: int) -> bool:
        """Whether the words are in a line for debugging, where the challenge before each sign-in is logged too."""
        line_start, line_end = self._line(start, end)
        return is_trace(self._text[line_start:line_end])

    def _line(self, start: int, end: int) -> tuple[int, int]:
        line_start = self._text.rfind("\n", 0, start) + 1
        if _CONTINUED.match(self._text, line_start):
            line_start = self._text.rfind("\n", 0, max(line_start - 1, 0)) + 1
        line_end = self._text.find("\n", end)
        return (
            max(line_start, start - LONGEST),
            min(line_end if line_end >= 0 else len(self._text), end + LONGEST),
        )

    def _around(self, start: int, line: str) -> str | None:
        if _NOT_SIGNED_IN.match(self._text, self._text.rfind("\n", 0, start) + 1):
            return services.ECR
        before = [owner for place, owner in self._done if place < start]
        after = [owner for place, owner in self._done if place >= start]
        pulls = _PULLS.search(line) is not None
        # What is said of a pull is not what another command says.
        if before and before[-1] and not (pulls and before[-1] == OTHER):
            return before[-1]
        if not before and after and after[0] in services.OURS:
            return after[0]
        return self._only_one_named(ours=bool(before)) if pulls else None

    def _only_one_named(self, *, ours: bool) -> str | None:
        """Return whose the only host is that the text names; where something was done, another's says nothing."""
        named = {one.owner for one in self._mentioned}
        only = named.pop() if len(named) == 1 else None
        return only if only in services.OURS or not ours else None

    @cached_property
    def _mentioned(self) -> tuple[Claim, ...]:
        return tuple(one for one in claims(self._text[-20_000:]) if one.weight is Weight.NAME)

    @cached_property
    def _done(self) -> tuple[tuple[int, str | None], ...]:
        return activity(self._text)
