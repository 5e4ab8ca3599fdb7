"""The files of a manifest: one, or those of a folder, and all that they include."""

from __future__ import annotations

import os
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.documents.document import DocumentError, TextProblem
from ecr_access.documents.text import read_text
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.entry import Entry
from ecr_access.manifest.errors import Problem
from ecr_access.manifest.source import Source
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUFFIXES: Final = (".yaml", ".yml", ".json")
EMPTY: Final = "the file is empty; declare 'repositories'"


class Files:
    """The files of a manifest, each read once, in the order of their names and of what includes them."""

    def __init__(self, named_by: str, progress: Callable[[str], None] | None = None) -> None:
        self.sources: dict[str, Source] = {}
        self._hint = f"; it is {named_by}"
        self._progress = progress

    def read(self, path: Path) -> None:
        """Read a file, and all that it includes, unless it was read before."""
        waiting: list[tuple[Path, Entry | None]] = [(path, None)]
        while waiting:
            file, by = waiting.pop()
            identity = _identity(file)
            if known := self.sources.get(identity):
                _note_included(known, by)
                continue
            source = self.sources[identity] = self._source(file, by)
            waiting += [*_included(source, file.parent)][::-1]

    def _source(self, file: Path, by: Entry | None) -> Source:
        name = os.path.normpath(file)
        if self._progress:
            self._progress(f"reading {name}")
        within = by.source if by else None
        try:
            document = parse_document(read_text(file, hint="" if by else self._hint))
        except DocumentError as error:
            problems = tuple(Problem(_at(one), one.message) for one in error.problems)
            return Source(name, unreadable=problems, within=within)
        if document.value is None:
            return Source(name, unreadable=(Problem("", EMPTY),), within=within)
        return Source(name, document.value, document.lines, within=within)


def _identity(file: Path) -> str:
    try:
        return os.path.realpath(file)
    except (OSError, ValueError):  # no file has such a name, which is said when it is read
        return str(file)


def is_folder(path: Path) -> bool:
    """Whether a path is that of a folder, also if it is none that any file could have."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def manifests_in(folder: Path) -> Iterator[Path]:
    """Yield the manifests in a folder and the folders in it, by their names; what is hidden is left out."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (Path(here, one) for one in sorted(names) if one.endswith(SUFFIXES) and not one.startswith("."))


def _included(source: Source, folder: Path) -> Iterator[tuple[Path, Entry]]:
    """Yield the files that a file includes, each with the entry that says so, and note an entry that names none."""
    for entry in Entry((), source.value, source)["include"].items():
        text = entry.text()
        if not text:
            continue
        matches = glob(text, root_dir=folder, recursive=True)  # noqa: PTH207 -- which takes an absolute path too
        found = [folder / one for one in sorted(matches)]
        files = [file for one in found for file in (manifests_in(one) if is_folder(one) else [one])]
        if has_magic(text):  # of which the file itself is no part
            files = [one for one in files if os.path.normpath(one) != source.name]
        if not files:
            wrong = f"no file matches {quoted(text)}" if has_magic(text) else f"there is no manifest {quoted(text)}"
            entry.wrong(f"{wrong} in {quoted(str(folder))}; a path is relative to the file that includes it")
        yield from ((one, entry) for one in files)


def _note_included(known: Source, by: Entry | None) -> None:
    """Note which file includes a file that was read before; there is one such file at most, and not the file itself."""
    if by is None:
        return
    chain = by.source.chain
    if known in chain:
        round_trip = " -> ".join(one.name for one in [*chain[chain.index(known) :], known])
        by.wrong(f"the file includes itself, perhaps by way of others: {round_trip}; take one of these out")
    elif known.within is None:
        known.within = by.source
    else:
        by.wrong(f"{known.name} is included by {known.within.name} already; include it once")


def _at(problem: TextProblem) -> str:
    column = f", column {problem.column}" if problem.column else ""
    return f"line {problem.line}{column}" if problem.line else ""
