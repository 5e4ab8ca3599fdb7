"""``ecr-access manifest``: manifests are validated without the CDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ecr_access.cli.manifest import main
from ecr_access.manifest.structure import schema

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "repositories:\n  - name: team/web\n"
WRONG = "repositories:\n  - name: Team/Web\n  - nmae: team/app\n"


def test_a_valid_manifest_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a file."""
    path = tmp_path / "images.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert main(["validate", str(path)]) == 0
    assert capsys.readouterr() == (f"{path}: valid; repositories declared: 1, existing: 0\n", "")


def test_everything_that_is_wrong_is_said_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also after one that is wrong, and of one that is not there, which is another status."""
    paths = [tmp_path / name for name in ("wrong.yaml", "gone.yaml", "sound.yaml")]
    paths[0].write_text(WRONG, encoding="utf-8")
    paths[2].write_text(SOUND, encoding="utf-8")
    assert main(["validate", str(paths[0]), str(paths[2])]) == 1
    capsys.readouterr()
    assert main(["validate", *map(str, paths)]) == 2
    written = capsys.readouterr()
    assert written.out.startswith(f"{paths[2]}: valid")
    assert "has uppercase 'T', 'W'" in written.err
    assert "did you mean 'name'?" in written.err
    assert "cannot be read: no such file or directory; it is named on the command line" in written.err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """For an editor, wherever the package is installed."""
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_line_for_editors_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manifest that starts with it is valid."""
    assert main(["schema", "--comment"]) == 0
    line = capsys.readouterr().out
    assert line == f"# yaml-language-server: $schema={schema()['$id']}\n"
    path = tmp_path / "images.yaml"
    path.write_text(line + SOUND, encoding="utf-8")
    assert main(["validate", str(path)]) == 0


def test_without_an_action_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a wrong argument."""
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    assert "ACTION" in capsys.readouterr().err
