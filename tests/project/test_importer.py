"""An app in an environment of its own installs the wheel: its tests pass, and it deploys.

Nothing of this project's environment is in reach: what the app imports came with the wheel, from PyPI. The embedded
cloud stands for AWS; it runs no task and no image, and makes the service and the function all the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

ROOT: Final = Path(__file__).parents[2]
SERVICES: Final = ROOT / "examples" / "services"

pytestmark = [
    pytest.mark.local_cloud,
    pytest.mark.timeout(400),
]


LIGHT: Final = ROOT / "packaging" / "ecr-access"


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the light package alone."""
    folder = tmp_path_factory.mktemp("light")
    return _environment_of(folder, str(_wheel(LIGHT, folder)))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheels and what the extra for tests brings."""
    folder = tmp_path_factory.mktemp("importer")
    return _environment_of(folder, str(_wheel(LIGHT, folder / "light")), f"{_wheel(ROOT, folder / 'own')}[testing]")


def _wheel(project: Path, folder: Path) -> Path:
    wheel = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(project)]
    subprocess.run(wheel, check=True, capture_output=True)  # noqa: S603 -- our own words
    (built,) = folder.glob("*.whl")
    return built


def _environment_of(folder: Path, *wheels: str) -> Path:
    """Install wheels, which have no hash, and what they need at the pinned versions, from PyPI."""
    venv.create(folder / "venv", symlinks=os.name != "nt", with_pip=False)
    found = folder / "venv" / "bin" / "python"
    pinned = folder / "constraints.txt"
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned.write_text("\n".join(re.findall(r"^\w.*==[^\\\n]+", lock, re.MULTILINE)), encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(found), "install", "--quiet", "--constraint", str(pinned)]
    # Compiled as they are imported: of the modules of the CDK a few are.
    subprocess.run([*install, "--no-compile", *wheels], check=True)  # noqa: S603
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the app, in a folder that holds nothing else."""
    copy = tmp_path_factory.mktemp("app") / "services"
    shutil.copytree(SERVICES, copy, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", "cdk.out"))
    return copy


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "PIP_INDEX_URL")
    # The CDK's own rules judge the same apps in test_quiet_synth.py and test_new_project.py.
    return {"CDK_VALIDATION": "false", **{name: os.environ[name] for name in kept if name in os.environ}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diagnose", "no basic auth credentials"], "aws ecr get-login-password"),
        (["rules", str(ROOT / "tests" / "ecr_access" / "rules" / "corpus" / "pull_through_cache.yaml")], "0 errors"),
        (["manifest", "validate", str(ROOT / "demo.yaml")], "demo.yaml: valid"),
    ],
    ids=["diagnose", "rules", "manifest"],
)
def test_the_command_works_without_the_cdk(light: Path, arguments: list[str], said: str) -> None:
    """Installed alone, it brings neither the CDK nor boto3."""
    command = light.with_name("ecr-access")
    done = subprocess.run(  # noqa: S603
        [str(command), *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    (packages,) = light.parents[1].glob("lib/*/site-packages")
    assert not {"aws_cdk", "constructs", "jsii", "boto3", "rich"} & {one.name for one in packages.iterdir()}


@pytest.mark.parametrize("kind", ["--python", "--manifest"])
def test_a_new_project_passes_its_tests(light: Path, python: Path, kind: str, tmp_path: Path) -> None:
    """Written by the light wheel alone, tested where both wheels are."""
    written = subprocess.run(  # noqa: S603
        [str(light.with_name("ecr-access")), "init", kind, str(tmp_path)],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert written.returncode == 0, written.stderr
    assert (tmp_path / ".github" / "workflows" / "deploy.yml").is_file()
    done = subprocess.run(  # noqa: S603
        [str(python), "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 snapshot passed" in done.stdout


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
