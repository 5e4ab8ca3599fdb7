"""The files of a new project: what is in each kind, what is in their way, and how they are written."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import Enum
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILES: Final = Path(__file__).parent / "files"
_COMMON: Final = "common"


class Kind(Enum):
    """How a project declares its repositories; the folder of its files, beside the files that every project has."""

    PYTHON = "python"
    MANIFEST = "manifest"

    @property
    def declaration(self) -> str:
        """The file that declares the repositories."""
        return "app.py" if self is Kind.PYTHON else "repositories.yaml"


def project_files(kind: Kind) -> dict[PurePosixPath, str]:
    """Return the text of each file of a project, by its path in the project's folder.

    The files are kept as they are written, but for two words: ``VERSION``, of this distribution, by which the project
    pins it, and ``DECLARATION``, the file that declares the repositories.
    """
    words = {"VERSION": metadata.version("ecr-access"), "DECLARATION": kind.declaration}
    found = {
        PurePosixPath(path.relative_to(folder).as_posix()): _filled_in(path.read_text(encoding="utf-8"), words)
        for folder in (_FILES / _COMMON, _FILES / kind.value)
        for path in folder.rglob("*")
        # pip compiles what it installs.
        if path.is_file() and "__pycache__" not in path.parts
    }
    return dict(sorted(found.items()))


def in_the_way(folder: Path, paths: Mapping[PurePosixPath, str]) -> list[Path]:
    """Return what exists where a project's files would be, and what is no folder where one would hold them."""
    files = [folder / path for path in paths]
    holders = {holder for file in files for holder in file.parents if not holder.is_dir()}
    return sorted(place for place in {*files, *holders} if os.path.lexists(place))


def write(folder: Path, files: Mapping[PurePosixPath, str]) -> None:
    """Write files into a folder, all or none; what is there is never overwritten.

    Raises:
        OSError: if one cannot be written. The files that were written are removed first.
    """
    made: list[Path] = []
    try:
        for path, text in files.items():
            _make_folder((folder / path).parent, made)
            with (folder / path).open("x", encoding="utf-8", newline="\n") as file:
                made.append(folder / path)
                file.write(text)
    except OSError:
        for place in reversed(made):
            # A folder into which others have written since stays.
            with suppress(OSError):
                place.rmdir() if place.is_dir() else place.unlink()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)


def _filled_in(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
