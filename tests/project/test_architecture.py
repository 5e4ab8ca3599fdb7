"""The pictures of the architecture are those of the tree."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def _drawn(package: str) -> set[str]:
    """The rooms of a package in the first picture."""
    (inside,) = re.findall(rf"subgraph {package} \[.*?\n(.*?)\n  end", PAGE, re.DOTALL)
    # Two packages have a room of the name manifest, and a picture has each name once.
    return {"manifest" if name == "declared" else name for name in re.findall(r"^\s+(\w+)\[", inside, re.MULTILINE)}


def _there(package: str) -> set[str]:
    folder = ROOT / "constructs" / package
    return {one.name for one in folder.iterdir() if one.is_dir() and one.name != "__pycache__"}


def test_the_picture_has_the_rooms_of_the_tree() -> None:
    """A room that is added or renamed is drawn."""
    for package in ("ecr_access", "cdk_ecr_access"):
        assert _drawn(package) == _there(package)


def test_every_path_on_the_page_is_there() -> None:
    """A file that is moved is moved on the page too."""
    named = re.findall(r"`((?:cdk_)?ecr_access/[\w/]+(?:\.py|/))`", PAGE)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / "constructs" / path).exists()] == []
