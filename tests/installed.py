"""Runs every test, against the installed wheels and with the sources out of reach: ``python -m tests.installed``.

Arguments are pytest's. What is tested is a copy of the checkout without ``constructs/``, in an environment of its own,
which has the packages of this one and the wheels; the few tests that read the sources themselves run before, here.
The tests of ``ecr_access`` run where its wheel is installed alone, and nothing of the CDK can be imported.

Last come a few tests with the oldest releases that the wheel's metadata allows; ``--oldest`` runs all with those alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).parents[1]
LIGHT: Final = ROOT / "packaging" / "ecr-access"
_COPIED: Final = (
    ".ci", ".github", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml", "CONTRIBUTING.md", "SECURITY.md",
    "action.yml", "package-lock.json", "requirements.txt",
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "app.py", "benchmarks", "cdk.json", "demo.yaml", "docs",
    "examples", "package.json", "mkdocs.yml", "packaging", "prove_on_aws", "pyproject.toml",
    "tests", "walkthrough", "website",
)  # fmt: skip
_OF_THE_SOURCES: Final = (
    "tests/project/test_architecture.py",
    "tests/project/test_errors.py",
    "tests/project/test_importer.py",
    "tests/project/test_layout.py",
    "tests/project/test_new_project_style.py",
    "tests/project/test_release.py",
    "tests/project/test_rules_in_pipelines.py",
    "tests/project/test_wheel.py",
    "tests/cdk_ecr_access/manifest/test_docs.py",
    "tests/prove_on_aws/test_assumptions.py",
    "tests/website/test_generated.py",
    "tests/website/test_site.py",
)
"""What reads the sources themselves."""

_LIGHT: Final = "tests/ecr_access"
"""What needs nothing of the CDK."""

_WITHOUT_THE_CDK: Final = """
import sys

class WithoutTheCdk:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("aws_cdk", "constructs", "jsii", "cdk_ecr_access"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, WithoutTheCdk())
"""

_OF_THE_OLDEST: Final = (
    "tests/cdk_ecr_access/rules/test_acknowledged.py",
    "tests/cdk_ecr_access/rules/test_plugin.py",
    "tests/project/test_examples.py",
    "tests/cdk_ecr_access/repository/test_existing.py",
    "tests/cdk_ecr_access/test_nag.py",
    "tests/cdk_ecr_access/cdk/test_stacks.py",
)
"""What tells an older CDK: 2.270.0 fails the second, 2.268.0 the last but one as well, 2.260.0 nearly all."""

_OLDEST: Final = "--oldest"


def main(arguments: list[str]) -> int:
    """Test the sources, then build, install, and test what is installed; return pytest's exit status."""
    if _OLDEST in arguments:
        return _installed([one for one in arguments if one != _OLDEST], oldest=True)
    status = _pytest(Path(sys.executable), *_OF_THE_SOURCES, *arguments, cwd=ROOT)
    status = status or _light([_LIGHT, *arguments])
    status = status or _installed([f"--ignore={_LIGHT}", *arguments])
    return status or _installed([*_OF_THE_OLDEST, *arguments], oldest=True)


def _light(arguments: list[str]) -> int:
    """Test the light package where it is alone."""
    with tempfile.TemporaryDirectory(prefix="light-") as folder:
        python = _environment(Path(folder) / "venv")
        _install(python, "--no-index", str(_wheel(LIGHT, Path(folder) / "dist")))
        packages = _packages(python)
        (packages / "without_the_cdk.py").write_text(_WITHOUT_THE_CDK, encoding="utf-8")
        (packages / "without_the_cdk.pth").write_text("import without_the_cdk\n", encoding="utf-8")
        return _tested(
            python, "ecr_access", Path(folder), ["-p", "no:cdk_ecr_access.testing.pytest_plugin", *arguments]
        )


def _installed(arguments: list[str], *, oldest: bool = False) -> int:
    """Test both packages."""
    with tempfile.TemporaryDirectory(prefix="installed-") as folder:
        python = _environment(Path(folder) / "venv")
        _install(python, "--no-index", *(str(_wheel(one, Path(folder) / "dist" / one.name)) for one in (LIGHT, ROOT)))
        if oldest:
            _install(python, *_oldest(python))
        return _tested(python, "cdk_ecr_access", Path(folder), arguments)


def _tested(python: Path, package: str, folder: Path, arguments: list[str]) -> int:
    """Run tests in a copy of the checkout that has no sources."""
    copy = folder / "copy"
    copy.mkdir()
    for name in _COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
        (shutil.copytree(source, copy / name, ignore=ignored) if source.is_dir() else shutil.copy(source, copy))
    # What the tests take of npm is found beside them.
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    found = _output(python, "-c", f"import {package} as it; print(it.__path__[0])", cwd=copy)
    if ROOT in Path(found).parents:
        raise SystemExit(f"error: the package is found at {found}, where its sources are")
    others = [f"--ignore={one}" for one in _OF_THE_SOURCES]
    return _pytest(python, "-o", "pythonpath=.", *others, *arguments, cwd=copy)


def _pytest(python: Path, *arguments: str, cwd: Path) -> int:
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=cwd, check=False).returncode  # noqa: S603 -- our own words


def _wheel(project: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(project)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    (built,) = folder.glob("*.whl")
    return built


def _environment(folder: Path) -> Path:
    """Make an environment that has, after its own, what this one has; return its interpreter."""
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    python = folder / "bin" / "python"
    # The sources are reached through a .pth of this environment; those of a folder that a .pth names are not read.
    (_packages(python) / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def _packages(python: Path) -> Path:
    return Path(_output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))


def _install(python: Path, *what: str) -> None:
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*install, "--ignore-installed", *what], check=True)  # noqa: S603


def _oldest(python: Path) -> list[str]:
    """Pin what the installed wheel depends on to the oldest that it allows."""
    required = [one for wheel in metadata.distributions(path=[str(_packages(python))]) for one in wheel.requires or ()]
    pinned = []
    for one in map(Requirement, required):
        if one.marker is None and one.name != LIGHT.name:  # of no extra, and not ours
            (oldest,) = [clause.version for clause in one.specifier if clause.operator == ">="]
            pinned.append(f"{one.name}=={oldest}")
    print("the oldest releases that are allowed:", *pinned)  # noqa: T201
    return pinned


def _output(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True, cwd=cwd)  # noqa: S603
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
