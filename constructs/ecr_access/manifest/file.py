"""A manifest in a file, or in a folder of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ecr_access.manifest.assemble import assemble
from ecr_access.manifest.errors import ManifestError, Problem
from ecr_access.manifest.files import SUFFIXES, Files, is_folder, manifests_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ecr_access.manifest.model import Manifest


def read_file(path: Path, *, named_by: str, progress: Callable[[str], None] | None = None) -> Manifest:
    """Read a manifest from a file, YAML or JSON by its content, or from all files of a folder, with what they include.

    Args:
        path: the file or folder. Of a folder, the files ending in ``.yaml``, ``.yml`` and ``.json`` are read, those of
            the folders in it too, and what starts with a dot is left out.
        named_by: what the file is, for the error that it cannot be read: ``"named on the command line"``.
        progress: called with a line before each file is read and validated.

    Raises:
        ManifestError: with everything that is wrong in any file, each with the path of the entry.
    """
    holds_files = is_folder(path)
    files = Files(named_by, progress)
    for file in manifests_in(path) if holds_files else [path]:
        files.read(file)
    sources = [*files.sources.values()]
    if not sources:
        wrong = f"the folder holds no manifest; wanted: files ending in {', '.join(SUFFIXES)}; it is {named_by}"
        raise ManifestError(str(path), [Problem("", wrong)])
    if holds_files or len(sources) > 1:
        for one in sources:
            one.shown = one.name
            one.unreadable = tuple(replace(problem, file=one.name) for problem in one.unreadable)
    return assemble(str(path), sources, progress)
