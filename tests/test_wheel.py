"""The wheel holds the package, the runtime and ``py.typed``, and works without the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cdk_ecr_access", "ecr_access")

SYNTHESIZE = """
import pathlib, sys
sys.path[:] = [sys.argv[1], *(one for one in sys.path if one and pathlib.Path(one) not in map(pathlib.Path, sys.argv[2:]))]
import cdk_ecr_access
from aws_cdk import App, Stack, aws_iam as iam
from cdk_ecr_access import AccessibleRepository
app = App()
repository = AccessibleRepository(stack := Stack(app, "Stack"), "Repository", repository_name="team/app")
repository.grant_push(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
assembly = pathlib.Path(app.synth().directory)
print(pathlib.Path(cdk_ecr_access.__file__))
print(*[one for one in assembly.glob("asset.*/ecr_access/check/handler.py")])
"""  # noqa: E501 -- a program


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout, in which Python has run and left its traces."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "constructs", copy / "constructs")
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (copy / "constructs" / PACKAGES[0], copy / "constructs" / "ecr_access" / "check"):
        (folder / "__pycache__").mkdir(exist_ok=True)
        (folder / "__pycache__" / "left.cpython-310.pyc").write_bytes(b"")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(copy / "dist"), str(copy)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    (built,) = (copy / "dist").glob("*.whl")
    return built


def names(wheel: Path) -> set[str]:
    """The files in the wheel that are no metadata of it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Every module, the runtime among them, the schema and the marker of types; no test, no trace of Python's."""
    sources = ROOT / "constructs"
    modules = {path.relative_to(sources).as_posix() for path in sources.rglob("*.py")}
    typed = {f"{package}/py.typed" for package in PACKAGES}
    assert names(wheel) == modules | typed | {"cdk_ecr_access/manifest/schema.json"}


def test_the_wheel_is_named_as_it_is_imported(wheel: Path) -> None:
    """It brings these packages, so that it lands beside PyPI's constructs and not in its folder."""
    assert {name.partition("/")[0] for name in names(wheel)} == {*PACKAGES}


def test_the_wheel_synthesizes_with_the_source_out_of_reach(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip does it, it finds its runtime."""
    installed = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    command = [sys.executable, "-P", "-c"] if sys.version_info >= (3, 11) else [sys.executable, "-c"]
    away = [str(ROOT), str(ROOT / "constructs")]
    done = subprocess.run(  # noqa: S603
        [*command, SYNTHESIZE, str(installed), *away], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    package, handler = done.stdout.splitlines()
    assert Path(package) == installed / "cdk_ecr_access" / "__init__.py"
    assert handler.endswith("ecr_access/check/handler.py")
