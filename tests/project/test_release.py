"""What a release says of itself: one version, one address, and every package that it imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from packaging.version import Version

import cdk_ecr_access
import ecr_access
from ecr_access.manifest.structure import schema

ROOT: Final = Path(__file__).parents[2]
PROJECTS: Final = {"cdk_ecr_access": ROOT, "ecr_access": ROOT / "packaging" / "ecr-access"}
METADATA: Final = {name: (folder / "pyproject.toml").read_text(encoding="utf-8") for name, folder in PROJECTS.items()}
(VERSION,) = re.findall(r'^version = "([^"]+)"', METADATA["ecr_access"], re.MULTILINE)
# The distribution of a module, where its name is another one's.
DISTRIBUTIONS: Final = {"aws_cdk": "aws-cdk-lib", "yaml": "PyYAML", "ecr_access": "ecr-access"}
# Of the projects that `ecr-access init` writes.
WRITTEN: Final = ROOT / "constructs" / "ecr_access" / "cli" / "init" / "files"
LOADED_BY: Final = {"pytest": "ecr_access"}
"""What loads a module of a package, and is there then."""

_REQUIREMENT: Final = r'"([\w.-]+)(?:\[[\w,-]+\])?(?:[<>=]=?[^"]*)?"'


def test_there_is_one_version() -> None:
    """The light distribution's pyproject.toml has it; everything else takes it from there, or says the same."""
    assert str(Version(VERSION)) == VERSION
    assert ecr_access.__version__ == cdk_ecr_access.__version__ == VERSION
    assert 'dynamic = ["version"]' in METADATA["cdk_ecr_access"]
    assert f'"ecr-access=={VERSION}"' in METADATA["cdk_ecr_access"]
    newest = re.findall(r"^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$", _text("CHANGELOG.md"), re.MULTILINE)[0]
    assert newest == VERSION


def test_a_wheel_that_is_named_has_the_version() -> None:
    """Readers copy the name."""
    readmes = [ROOT / "README.md", *(ROOT / "examples").rglob("README.md"), *(ROOT / "docs").rglob("*.md")]
    named = {found for page in readmes for found in re.findall(r"ecr_access-(\d[\w.]*?)-py3", page.read_text("utf-8"))}
    assert named == {VERSION}


def test_the_addresses_are_those_of_one_repository() -> None:
    """The same table stands in both, and no other place names a repository of ours."""
    constructs, light = (
        re.findall(r"^\[project\.urls\]\n((?:.+\n)+)", text, re.MULTILINE) for text in METADATA.values()
    )
    assert constructs == light
    urls = dict(re.findall(r'^(\w+) = "(\S+)"$', constructs[0], re.MULTILINE))
    assert [*urls] == ["Homepage", "Documentation", "Changelog", "Issues", "Source"]
    owner, name = urls["Source"].removeprefix("https://github.com/").split("/")
    assert urls["Documentation"] == f"https://{owner}.github.io/{name}/"
    assert schema()["$id"] == f"{urls['Documentation']}manifest/v1.json"
    assert "schema.json site/manifest/v1.json\n" in _text(".github/workflows/docs.yml")
    assert {url for key, url in urls.items() if key != "Documentation" and not url.startswith(urls["Source"])} == set()


PAGES: Final = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("README.md")),
    *sorted((ROOT / "examples").rglob("*.yml")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "packaging" / "ecr-access" / "README.md",
]
_INSTALL: Final = r"(?:pip install|npm install|uvx|pipx run) ([^\n`]+)"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_install_is_by_version_or_by_a_lock_file(page: Path) -> None:
    """What a reader gets is what the page was written for; a version of ours is the one that is released."""
    for command in re.findall(_INSTALL, page.read_text(encoding="utf-8")):
        words = [one.strip("'\"") for one in command.split()]
        assert "--requirement" in words or any(re.search(r"==\d|@\d|@\$|\.whl|^/path", one) for one in words), command
        assert {*re.findall(r"ecr-access(?:\[[\w,-]+\])?(?:==|@)([\d.]+)", command)} <= {VERSION}


def test_every_example_pins_the_library() -> None:
    """To the version that it was tested with."""
    found = {path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("requirements.txt")}
    assert found == {f"cdk-ecr-access[testing]=={VERSION}\n"}


@pytest.mark.parametrize("package", PROJECTS)
def test_every_package_that_is_imported_is_declared(package: str) -> None:
    """By itself, and not because another package needs it today."""
    declared = {name.lower() for name in re.findall(_REQUIREMENT, _tables(METADATA[package]))}
    modules = [path for path in (ROOT / "constructs" / package).rglob("*.py") if not path.is_relative_to(WRITTEN)]
    imported = {name for path in modules for name in _imported(path)}
    others = imported - {*sys.stdlib_module_names, package, "__future__"}
    needed = {DISTRIBUTIONS.get(name, name).lower() for name in others if LOADED_BY.get(name) != package}
    assert needed - declared == set()


@pytest.mark.parametrize("package", PROJECTS)
def test_nothing_is_missing_from_the_metadata(package: str) -> None:
    """Held against pyroma, which rates what an index shows of a package, from 1 to 10."""
    command = [sys.executable, "-m", "pyroma", "--min", "10", "--directory", str(PROJECTS[package])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _tables(text: str) -> str:
    """What is needed: always, and with an extra."""
    always = re.findall(r"^dependencies = \[\n(?:.+\n)+?\]", text, re.MULTILINE)
    extras = re.findall(r"^\[project\.optional-dependencies\]\n(?:.+\n)+", text, re.MULTILINE)
    return "".join(always + extras)


def _imported(path: Path) -> set[str]:
    """The roots of what a module imports at run time, absolutely."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    skipped = {id(inner) for node in typing for part in node.body for inner in ast.walk(part)}
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}
