"""The app that the README begins with deploys."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_app_deploys(local_cloud: LocalCloud, tmp_path: Path) -> None:
    """A role pushes by its own policies."""
    code = re.search(r"```python\n(.*?)```", _README, re.DOTALL)
    assert code
    app = tmp_path / "app.py"
    text = code[1].replace('"Images"', '"Readme"').replace("team/web", "readme/web")
    app.write_text(text, encoding="utf-8")
    said: list[str] = []
    arguments = (
        "--app",
        f"{sys.executable} {app}",
        "--output",
        str(tmp_path / "cdk.out"),
        "--require-approval",
        "never",
    )
    assert local_cloud.cdk("deploy", *arguments, cwd=tmp_path, output=said.append) == 0, "\n".join(said)
