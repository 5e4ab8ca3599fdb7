"""Tells hatchling where the files are: in the checkout, or in an unpacked source distribution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "ecr_access"
DOCUMENTS = ("CHANGELOG.md", "SECURITY.md", "docs")


class Sources(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the package to what is built, and the documents to a source distribution."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Include the files, unless the package is installed to be edited, which needs its folder alone."""
        if version == "editable":
            return
        here, checkout = Path(self.root), Path(self.root).parents[1]
        included = {PACKAGE: (here / PACKAGE, checkout / "constructs" / PACKAGE)}
        if self.target_name == "sdist":
            included |= {name: (here / name, checkout / name) for name in DOCUMENTS}
        for name, places in included.items():
            there = next(one for one in places if one.exists())
            for path in _files(there):
                build_data["force_include"][str(path)] = (Path(name) / path.relative_to(there)).as_posix()


def _files(there: Path) -> Iterator[Path]:
    found = there.rglob("*") if there.is_dir() else (there,)
    yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)
