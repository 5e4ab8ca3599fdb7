"""The checks of the tools that the local cloud needs, on stand-ins for them."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

from ecr_access.local_cloud import LocalCloudError
from ecr_access.local_cloud.tools import require_cdk, require_packages

if TYPE_CHECKING:
    from pathlib import Path

_GOOD_NODE = "echo v24.19.0"
_GOOD_CDK = "echo '2.1148.1 (build fcf5e34)'"


def _path(directory: Path, **programs: str) -> dict[str, str]:
    for name, script in programs.items():
        file = directory / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
    return {"PATH": str(directory)}


def test_tools_that_fit_are_taken(tmp_path: Path) -> None:
    """Node.js 24 and the pinned CLI pass."""
    require_cdk(_path(tmp_path, node=_GOOD_NODE, cdk=_GOOD_CDK))


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (None, r"Node\.js \(node\) is not on the PATH; 22 or newer is needed: pip install 'ecr-access"),
        ("echo v20.20.2", r"is version 20\.20\.2; 22 or newer is needed"),
        ("echo hello", r"tells no version \(hello\)"),
        ("echo broken >&2; exit 3", r"tells no version \(broken\)"),
        ("exit 3", r"tells no version \(exit code 3\)"),
    ],
)
def test_a_node_that_does_not_fit_is_refused(tmp_path: Path, node: str | None, message: str) -> None:
    """A missing, old or broken Node.js is named with what to do."""
    programs = {"cdk": _GOOD_CDK} | ({} if node is None else {"node": node})
    with pytest.raises(LocalCloudError, match=message):
        require_cdk(_path(tmp_path, **programs))


@pytest.mark.parametrize(
    ("cdk", "message"),
    [
        (None, r"the AWS CDK CLI \(cdk\) is not on the PATH; .*npm install --global .*aws-cdk@2\.1148\.1"),
        ("echo '2.1147.9 (build 0)'", r"is version 2\.1147\.9; 2\.1148\.0 or newer, below 3 is needed"),
        ("echo '3.0.0 (build 0)'", r"is version 3\.0\.0; 2\.1148\.0 or newer, below 3 is needed"),
    ],
)
def test_a_cli_that_does_not_fit_is_refused(tmp_path: Path, cdk: str | None, message: str) -> None:
    """A missing, old or too new CLI is named with what to do."""
    programs = {"node": _GOOD_NODE} | ({} if cdk is None else {"cdk": cdk})
    with pytest.raises(LocalCloudError, match=message):
        require_cdk(_path(tmp_path, **programs))


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (True, f"npm install --global --prefix {sys.prefix} aws-cdk@2.1148.1"),
        (False, "npm install --global aws-cdk@2.1148.1"),
    ],
)
def test_the_command_puts_the_cli_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, found: bool, command: str
) -> None:
    """The npm that the extra brings installs what is global inside a Python package, unless it is told where."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object() if found else None)
    with pytest.raises(LocalCloudError) as caught:
        require_cdk(_path(tmp_path, node=_GOOD_NODE))
    assert str(caught.value).endswith(f" is needed: {command} [ECR-ACCESS-801]")


def test_a_tool_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    """A program that the system does not run is named with the system's reason."""
    environment = _path(tmp_path, cdk=_GOOD_CDK, node="")
    (tmp_path / "node").write_bytes(b"\x00")
    with pytest.raises(LocalCloudError, match="does not run"):
        require_cdk(environment)


def test_the_packages_of_the_extra_are_there() -> None:
    """With the extra installed nothing is raised."""
    require_packages()


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message is the command that installs it."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ministack" else find_spec(name))
    with pytest.raises(LocalCloudError, match=r"needs ministack: pip install 'ecr-access\[local-cloud\]'"):
        require_packages()
