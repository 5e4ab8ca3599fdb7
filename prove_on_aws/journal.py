"""Remembers what a run makes, before it is made, so that the next run can remove what a killed one left.

A file of JSON lines, one a resource, and one more when the resource is gone. It is removed when nothing is left.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


@dataclass(frozen=True, order=True)
class Resource:
    """One resource that was made, or is about to be."""

    kind: str
    name: str
    account: str
    region: str


class JournalError(Exception):
    """The journal cannot be used."""


class Journal:
    """The journal of this machine; one run at a time has it."""

    def __init__(self, path: Path) -> None:
        """Describe it; ``with`` opens and locks it."""
        self._path = path

    def __enter__(self) -> Journal:  # noqa: PYI034 -- typing.Self needs Python 3.11
        """Open the journal.

        Raises:
            JournalError: Another run has it, or it cannot be read.
        """
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise JournalError(f"another run uses {self._path}: wait for its end, or give --journal FILE") from error
        except OSError as error:
            raise JournalError(f"cannot write {self._path} ({error.strerror}): give --journal FILE") from error
        self._file.seek(0)
        self._left: dict[Resource, None] = {}
        for line in self._file:
            self._replay(line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Unlock the journal, and remove it if nothing is left."""
        if not self._left:
            self._path.unlink(missing_ok=True)
        self._file.close()

    @property
    def left(self) -> list[Resource]:
        """What was named and is not known to be gone, oldest first."""
        return list(self._left)

    def name(self, resource: Resource) -> None:
        """Write down what is about to be made; it is on the disk when this returns."""
        self._left[resource] = None
        self._write({**asdict(resource), "removed": False})

    def removed(self, resource: Resource) -> None:
        """Write down that it is gone."""
        self._left.pop(resource, None)
        self._write({**asdict(resource), "removed": True})

    def _write(self, entry: dict[str, object]) -> None:
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _replay(self, line: str) -> None:
        try:
            entry = json.loads(line)
            gone = entry.pop("removed")
            resource = Resource(**entry)
        except (ValueError, TypeError, KeyError, AttributeError):
            return  # the line that a killed run did not finish: what it names was not made yet
        if gone:
            self._left.pop(resource, None)
        else:
            self._left[resource] = None
