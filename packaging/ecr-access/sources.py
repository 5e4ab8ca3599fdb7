"""Tells hatchling where the package is: in the checkout's source root, or in an unpacked source distribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "ecr_access"


class Sources(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the package to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Include the package, unless it is installed to be edited, which needs its folder alone."""
        if version == "editable":
            return
        folder = Path(self.root)
        there = next(one for one in (folder / PACKAGE, folder.parents[1] / "constructs" / PACKAGE) if one.is_dir())
        for path in there.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                build_data["force_include"][str(path)] = f"{PACKAGE}/{path.relative_to(there).as_posix()}"
