"""Each wheel and source distribution holds what it should, and works without the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).parents[2]
# Each package, by the folder of its pyproject.toml.
PROJECTS = {"cdk_ecr_access": "", "ecr_access": "packaging/ecr-access"}
DOCUMENTS = ("CHANGELOG.md", "SECURITY.md")

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
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, in which Python has run and left its traces."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("pyproject.toml", "README.md", "LICENSE", *DOCUMENTS, "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, copy)
    for name in ("constructs", "docs", "examples", "packaging", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
    for package in PROJECTS:
        folder = copy / "constructs" / package / "__pycache__"
        folder.mkdir()
        (folder / "left.cpython-310.pyc").write_bytes(b"")
    return copy


@pytest.fixture(scope="module")
def wheels(used: Path) -> dict[str, Path]:
    """Build the wheels."""
    return {package: _built(used / project, used / "dist" / package) for package, project in PROJECTS.items()}


@pytest.fixture(scope="module")
def sources(used: Path) -> dict[str, Path]:
    """Build the source distributions."""
    folder = used / "sources"
    return {package: _built(used / project, folder / package, "--sdist") for package, project in PROJECTS.items()}


def _built(project: Path, folder: Path, *kinds: str) -> Path:
    command = [sys.executable, "-m", "build", *(kinds or ["--wheel"]), "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(project)], check=True, capture_output=True)  # noqa: S603
    (built,) = folder.iterdir()
    return built


def names(wheel: Path) -> set[str]:
    """The files in a wheel that are no metadata of it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.mark.parametrize("package", PROJECTS)
def test_a_wheel_holds_its_package_and_nothing_else(wheels: dict[str, Path], package: str) -> None:
    """Every module, its data and the marker of types; no test, no trace of Python's."""
    sources = ROOT / "constructs"
    files = (path for path in (sources / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert names(wheels[package]) == {path.relative_to(sources).as_posix() for path in files}
    assert f"{package}/py.typed" in names(wheels[package])


@pytest.mark.parametrize("package", PROJECTS)
def test_a_wheel_of_a_source_distribution_is_that_of_the_checkout(
    wheels: dict[str, Path], sources: dict[str, Path], package: str, tmp_path: Path
) -> None:
    """Its sources are in another folder there; nothing in it is a link, which an installer would refuse."""
    with tarfile.open(sources[package]) as archive:
        assert [one.name for one in archive.getmembers() if not one.isreg()] == []
    shutil.unpack_archive(sources[package], tmp_path)
    unpacked = tmp_path / sources[package].name.removesuffix(".tar.gz")
    built = _built(unpacked, tmp_path / "wheel")
    assert names(built) == names(wheels[package])
    assert _metadata(built).as_string() == _metadata(wheels[package]).as_string()


@pytest.mark.parametrize("package", PROJECTS)
def test_a_source_distribution_holds_the_documents(sources: dict[str, Path], package: str) -> None:
    """Who packages it anew, or reads it offline, has them; no test, and no trace of Python's."""
    with tarfile.open(sources[package]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*") if path.is_file()}
    assert {*pages, *DOCUMENTS, "README.md", "LICENSE"} <= held
    assert [name for name in held if "__pycache__" in name or name.startswith("tests/")] == []


def test_both_distributions_have_one_license() -> None:
    """Each folder holds the file, as a link is none in a source distribution."""
    assert (ROOT / PROJECTS["ecr_access"] / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_both_have_one_version_and_one_needs_the_other_in_it(wheels: dict[str, Path]) -> None:
    """They are released together; an extra of the light one is one of both."""
    constructs, light = (_metadata(wheels[package]) for package in PROJECTS)
    version = constructs["Version"]
    assert light["Version"] == version
    required = {str(Requirement(one)) for one in constructs.get_all("Requires-Dist", [])}
    assert f"ecr-access=={version}" in required
    for extra in light.get_all("Provides-Extra", []):
        assert f'ecr-access[{extra}]; extra == "{extra}"' in required


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(name))


def test_the_wheels_synthesize_with_the_sources_out_of_reach(wheels: dict[str, Path], tmp_path: Path) -> None:
    """Unpacked as pip does it, the constructs find the function's code."""
    installed = tmp_path / "site-packages"
    for wheel in wheels.values():
        shutil.unpack_archive(wheel, installed, "zip")
    command = [sys.executable, "-P", "-c"] if sys.version_info >= (3, 11) else [sys.executable, "-c"]
    away = [str(ROOT), str(ROOT / "constructs")]
    done = subprocess.run(  # noqa: S603
        [*command, SYNTHESIZE, str(installed), *away], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    package, handler = done.stdout.splitlines()
    assert Path(package) == installed / "cdk_ecr_access" / "__init__.py"
    assert handler.endswith("ecr_access/check/handler.py")
