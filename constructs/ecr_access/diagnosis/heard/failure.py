"""A failure that was heard: what happened, in words, and the text that its cause is recognised by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ecr_access.diagnosis.recognise import diagnose

if TYPE_CHECKING:
    from ecr_access.diagnosis.recognise import Diagnosis


@dataclass(frozen=True)
class Failure:
    """What failed, without when: failures that are equal are told once, with their number.

    Attributes:
        who: the caller, or what stands for it.
        did: what it did.
        text: the words of the error, to be diagnosed; never shown, and not compared: they name each session.
        code: the error's code, shown where its cause is not recognised.
        repository, account, region, tag, principal: what the event says by itself, None where it does not.
        preposition: how the repository follows what was done.
    """

    who: str
    did: str
    text: str = field(compare=False)
    code: str
    repository: str | None = None
    account: str | None = None
    region: str | None = None
    tag: str | None = None
    principal: str | None = None
    preposition: str = "on"

    @property
    def place(self) -> str:
        """On what, and where."""
        where = (f"account {self.account}" if self.account else "", f"Region {self.region}" if self.region else "")
        known = ", ".join(filter(None, where))
        on = f" {self.preposition} repository {self.repository}" if self.repository else ""
        return f"{on} ({known})" if known else on

    def diagnosis(self) -> Diagnosis | None:
        """Recognise the cause; what the event says by itself completes what was read of the text."""
        found = diagnose(self.text)
        if found is None:
            return None
        read = found.reading
        return replace(
            found,
            reading=replace(
                read,
                repository=read.repository or self.repository,
                account=read.account or self.account,
                region=read.region or self.region,
                tag=read.tag or self.tag,
                # The error names a session, which says nothing of its role's path.
                principal=self.principal or read.principal,
            ),
        )


@dataclass
class Times:
    """How often a failure was heard, and when first and last."""

    number: int = 0
    first: str = ""
    last: str = ""

    def add(self, when: str | None) -> None:
        """Count one more, at a time that may not be known."""
        self.number += 1
        if when:
            self.first = min(self.first or when, when)
            self.last = max(self.last, when)
