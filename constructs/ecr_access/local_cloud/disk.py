"""A full disk, told as one: before a local cloud starts, where a file of it is written, and while it runs."""

from __future__ import annotations

import contextlib
import errno
import shutil
from typing import TYPE_CHECKING, Final

from ecr_access.codes import Code
from ecr_access.local_cloud.errors import LocalCloudError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MEGABYTE: Final = 1_000_000
_NEEDED_MB: Final = 20
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_HELP: Final = f"the local cloud needs {_NEEDED_MB} MB: free them, or set TMPDIR to a folder on another disk"


@contextlib.contextmanager
def writing_files() -> Iterator[None]:
    """Turn a file that cannot be written into a LocalCloudError that says what is needed."""
    try:
        yield
    except OSError as error:
        problem = "the disk is full" if error.errno in _NO_SPACE else "a file cannot be written"
        raise LocalCloudError(Code.LOCAL_DISK.ends(f"{problem} ({error}); {_HELP}")) from error


def require_room(folder: Path) -> None:
    """Raise LocalCloudError unless a local cloud has the room in a folder that it needs to start."""
    _require(folder, _NEEDED_MB)


def require_not_full(folder: Path) -> None:
    """Raise LocalCloudError where the disk of a folder is full; does nothing where the folder is gone."""
    with contextlib.suppress(OSError):
        _require(folder, 1)


def _require(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free / _MEGABYTE
    if free < megabytes:
        raise LocalCloudError(Code.LOCAL_DISK.ends(f"the disk is full: {free:.1f} MB are left in {folder}; {_HELP}"))
