"""The code of the check's function: the policy kernel and the check, copied beside the template."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_cdk import FileAssetPackaging

import ecr_access
from cdk_ecr_access.cdk.stacks import stage_of

if TYPE_CHECKING:
    from aws_cdk import Stack

_PACKAGE: Final = Path(ecr_access.__file__).parent
_MODULES: Final = ("__init__", "codes", "tokens", "wording")
_ROOMS: Final = ("iam", "check")


@dataclass(frozen=True)
class CodeAsset:
    """Where the code is: in the bucket that the deployment uploads it to, and beside the template."""

    bucket: str
    key: str
    path: str


def add_code(stack: Stack, name: str) -> CodeAsset:
    """Add the code to the assets of a stack.

    An ``aws_s3_assets.Asset`` does the same, and looks through all that is installed beside the package first.

    Args:
        stack: whose synthesizer uploads it.
        name: what the CDK CLI calls it.
    """
    stage = stage_of(stack)
    digest = _digest()
    copy = Path(stage.asset_outdir) / f"asset.{digest}"
    if not copy.exists():
        _copy_to(copy)
    path = os.path.relpath(copy, stage.outdir)
    location = stack.synthesizer.add_file_asset(
        source_hash=digest, file_name=path, packaging=FileAssetPackaging.ZIP_DIRECTORY, display_name=name
    )
    return CodeAsset(location.bucket_name, location.object_key, path)


@cache
def _files() -> tuple[Path, ...]:
    rooms = (path for room in _ROOMS for path in sorted((_PACKAGE / room).rglob("*.py")))
    return (*(_PACKAGE / f"{name}.py" for name in _MODULES), *rooms)


@cache
def _digest() -> str:
    found = hashlib.sha256()
    for path in _files():
        content = path.read_bytes()
        found.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(content)}\n".encode() + content)
    return found.hexdigest()


def _copy_to(folder: Path) -> None:
    for path in _files():
        target = folder / _PACKAGE.name / path.relative_to(_PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
