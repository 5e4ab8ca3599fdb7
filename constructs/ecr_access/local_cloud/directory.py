"""The private directory of a local cloud, with all that is in it before the cloud starts."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ecr_access.local_cloud.certificate import Certificate, make_certificate
from ecr_access.local_cloud.disk import require_room, writing_files
from ecr_access.local_cloud.environment import command_home
from ecr_access.local_cloud.home import make_home

if TYPE_CHECKING:
    from collections.abc import Mapping


def make_directory(user: Mapping[str, str]) -> tuple[Path, Certificate]:
    """Make the directory.

    Args:
        user: The user's environment variables.

    Raises:
        LocalCloudError: There is no room for it, or it cannot be written; nothing is left of it.
    """
    with writing_files():
        directory = Path(tempfile.mkdtemp(prefix="local-cloud-")).resolve()
        try:
            require_room(directory.parent)
            for name in ("tmp", "home", "cdk"):
                (directory / name).mkdir()
            for name in ("aws-config", "aws-credentials"):
                (directory / name).touch()
            make_home(command_home(directory), user)
            return directory, make_certificate(directory)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
