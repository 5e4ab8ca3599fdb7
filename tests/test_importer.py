"""An app in an environment of its own installs the wheel: its tests pass, and it deploys.

Nothing of this project's environment is in reach: what the app imports came with the wheel, from PyPI. The embedded
cloud stands for AWS; it runs no task and no image, and makes the service and the function all the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from cdk_ecr_access.local_cloud import LocalCloud

ROOT: Final = Path(__file__).parents[1]
SERVICES: Final = ROOT / "examples" / "services"

pytestmark = [
    pytest.mark.local_cloud,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not (ROOT / "constructs").is_dir(), reason="the wheel is built from the sources"),
]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and what its extra for tests brings, at the pinned versions."""
    folder = tmp_path_factory.mktemp("importer")
    wheel = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(wheel, check=True, capture_output=True)  # noqa: S603 -- our own words
    (built,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=os.name != "nt", with_pip=False)
    found = folder / "venv" / "bin" / "python"
    pinned = folder / "constraints.txt"
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned.write_text("\n".join(one for one in lines if not one.startswith("--editable")), encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(found), "install", "--quiet", "--constraint", str(pinned)]
    subprocess.run([*install, f"{built}[testing]"], check=True)  # noqa: S603
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the app, in a folder that holds nothing else."""
    copy = tmp_path_factory.mktemp("app") / "services"
    shutil.copytree(SERVICES, copy, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", "cdk.out"))
    return copy


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "PIP_INDEX_URL")
    return {name: os.environ[name] for name in kept if name in os.environ}


def test_the_apps_own_tests_pass(python: Path, app: Path) -> None:
    """Snapshots, and who may do what, with the plugin that came with the wheel."""
    done = subprocess.run(  # noqa: S603
        [str(python), "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=app, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 snapshots passed" in done.stdout


def test_a_change_of_a_grant_fails_them(python: Path, app: Path, tmp_path: Path) -> None:
    """A project that may only pull is not what was agreed on."""
    copy = tmp_path / "services"
    shutil.copytree(app, copy)
    module = copy / "services.py"
    module.write_text(module.read_text(encoding="utf-8").replace("grant_push(", "grant_pull("), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [str(python), "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=copy, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "2 failed" in done.stdout, done.stdout


def test_the_app_deploys(python: Path, app: Path, local_cloud: LocalCloud) -> None:
    """Both stacks at once, the service once its access is proved."""
    lines: list[str] = []
    options = ("--require-approval", "never", "-c", "cdk-ecr-access:propagation-seconds=1")
    code = local_cloud.cdk(
        "deploy", "--all", *options, "--app", f"{python} services.py", cwd=app, output=lines.append
    )  # fmt: skip
    assert code == 0, "\n".join(lines)
    described = local_cloud.client("cloudformation").describe_stacks(StackName="Services")["Stacks"]
    assert [one["StackStatus"] for one in described] == ["CREATE_COMPLETE"]
