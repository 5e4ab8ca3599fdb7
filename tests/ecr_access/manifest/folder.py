"""Folders of manifests, as tests write and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecr_access.manifest import Manifest, ManifestError, RepositoryEntry, read_file

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder, and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, files: dict[str, str], name: str = "") -> Manifest:
    """Write files into a folder, and read it, or one of the files."""
    return read_file(write(folder, files) / name, named_by="named by a test")


def refused(folder: Path, files: dict[str, str], name: str = "") -> list[str]:
    """Read what must be refused, and return each problem as its line, without the folder's path."""
    with pytest.raises(ManifestError) as raised:
        read(folder, files, name)
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


def repository(manifest: Manifest, name: str) -> RepositoryEntry:
    """Find the only repository of a name."""
    (found,) = (one for one in manifest.repositories if one.name == name)
    return found
