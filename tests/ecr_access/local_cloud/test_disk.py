"""A full disk is one line that says so, whatever could not be written, and leaves nothing."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from ecr_access.cli.local import main
from ecr_access.local_cloud import LocalCloud, LocalCloudError

_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
_HELP = r"the local cloud needs 20 MB: free them, or set TMPDIR to a folder on another disk .ECR-ACCESS-804.$"


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that local clouds are in, alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _fail(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, marker: str) -> None:
    """Let a call fail where a marker is in its arguments."""
    real = getattr(owner, name)

    def failing(*arguments: object, **options: object) -> object:
        if marker in str(arguments):
            raise _FULL
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, failing)


@pytest.mark.parametrize(
    ("owner", "name", "marker"),
    [
        (tempfile, "mkdtemp", ""),
        (Path, "mkdir", "command-home"),
        (Path, "touch", "aws-config"),
        (Path, "symlink_to", "command-home"),
        (Path, "write_bytes", "bundle.pem"),
        (Path, "open", "ministack.log"),
    ],
)
def test_a_disk_that_fills_up_at_the_start_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, marker: str
) -> None:
    """Whichever file it is, nothing is left of the others."""
    (folder / "user").mkdir()
    (folder / "user" / ".bashrc").touch()
    monkeypatch.setenv("HOME", str(folder / "user"))
    _fail(monkeypatch, owner, name, marker)
    with pytest.raises(LocalCloudError, match=r"^the disk is full \(.*No space left on device.*\); " + _HELP):
        LocalCloud().__enter__()
    assert [one.name for one in folder.iterdir()] == ["user"]


def test_a_disk_that_has_no_room_is_named_before_anything_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what is left, in one line, and the exit status of a cloud that could not be started."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10, 0, 3_500_000))
    assert main(["--no-bootstrap", "--", "true"]) == 70
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(f"local cloud: error: the disk is full: 3.5 MB are left in {folder}; the local cloud needs")
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every disk that takes no file is full."""
    denied = OSError(errno.EROFS, os.strerror(errno.EROFS), str(folder))
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: (_ for _ in ()).throw(denied))
    with pytest.raises(LocalCloudError, match=r"^a file cannot be written \(.*Read-only file system: .*\); " + _HELP):
        LocalCloud().__enter__()


@pytest.mark.local_cloud
def test_a_disk_that_fills_up_later_ends_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command would fail by it, or wait for an answer: it is ended, and the reason is told."""
    with LocalCloud() as cloud:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10, 10, 0))
        with pytest.raises(LocalCloudError, match=r"^the disk is full: 0\.0 MB are left in .*; " + _HELP):
            cloud.run(["sleep", "60"])
    assert list(folder.iterdir()) == []
