"""The layout of the checkout keeps its promises, however Python is started in it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "constructs"

# The rooms of each package: one imports the rooms before it, and none after.
ROOMS = {
    "ecr_access": (
        "tokens", "codes", "wording", "iam", "ecr", "check", "documents", "manifest", "rules", "diagnosis",
        "local_cloud", "cli", "__main__", "__init__",
    ),
    "cdk_ecr_access": (
        "cdk", "principals", "access_check", "grants", "monitoring", "repository", "manifest", "rules", "testing",
        "check", "local_cloud", "__init__",
    ),
}  # fmt: skip
# What the check itself calls, and the token, whose findings are worded apart.
OWN_CALLS = {
    "cdk_ecr_access/access_check/function.py",
    "ecr_access/check/evaluate_action.py",
    "ecr_access/check/findings.py",
    "ecr_access/check/images/look.py",
    "ecr_access/check/repository_lookup.py",
}
# What `ecr-access init` writes is data: it imports what the project has installed, and has tests of its own.
WRITTEN = SOURCES / "ecr_access" / "cli" / "init" / "files"
LONGEST = 250
MOST_ROOMS = 9


def modules(folder: Path) -> list[Path]:
    """Every module under a folder."""
    return sorted(path for path in folder.rglob("*.py") if WRITTEN not in path.parents)


def imported(path: Path, *, typing: bool = False) -> set[str]:
    """The modules that a file imports, also those in ``if TYPE_CHECKING`` where that is asked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not typing:
            node.body = [ast.Pass()]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # hypercorn imports the emulator by its path, under a name of its own.
            assert node.level == 0 or "emulator" in path.parts, f"{path} imports relatively"
            names.add(node.module or "")
    return names


def texts(path: Path) -> list[str]:
    """The string literals of a file, docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements
    ]


@pytest.mark.parametrize(
    "start",
    [
        ["-c", "import constructs; print(constructs.__file__)"],
        ["-c", "import sys; sys.path.insert(0, ''); import constructs; print(constructs.__file__)"],
        ["-c", "import sys; sys.path[:0] = ['', 'constructs', '.']; import constructs; print(constructs.__file__)"],
        ["-m", "timeit", "-n1", "-r1", "import constructs; print(constructs.__file__)"],
        ["-c", "import cdk_ecr_access, constructs; print(constructs.__file__)"],
    ],
    ids=["-c", "empty path", "every root", "-m", "after the package"],
)
def test_constructs_is_the_library_from_pypi(start: list[str]) -> None:
    """The folder of the sources never shadows the package that aws_cdk imports."""
    done = subprocess.run([sys.executable, *start], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    found = Path(done.stdout.splitlines()[0])
    assert found.name == "__init__.py"
    assert SOURCES not in found.parents


def test_a_script_in_the_root_finds_pypis_constructs() -> None:
    """``cdk.json`` starts the app that way: the script's folder is first on the path."""
    code = "import runpy, sys; sys.path.insert(0, sys.argv[1]); import constructs; print(constructs.__file__)"
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)  # noqa: S603
    assert SOURCES not in Path(done.stdout.strip()).parents


def test_the_source_root_holds_the_packages_and_nothing_else() -> None:
    """A file or an ``__init__.py`` beside it would shadow PyPI's package or land in its folder."""
    assert sorted(one.name for one in SOURCES.iterdir() if one.name != "__pycache__") == [
        "cdk_ecr_access",
        "ecr_access",
    ]


def test_no_test_lives_under_a_folder_called_constructs() -> None:
    """Collection breaks there."""
    assert not (ROOT / "tests" / "constructs").exists()
    assert [path for path in modules(SOURCES) if path.name.startswith(("conftest", "test_"))] == []


def test_the_actions_are_in_one_place() -> None:
    """Besides the table, only the check's own calls, and the rules on templates, name an action of ECR."""
    named = {
        path.relative_to(SOURCES).as_posix()
        for path in modules(SOURCES)
        if SOURCES / "ecr_access" / "rules" not in path.parents
        and any(text.startswith("ecr:") and text.removeprefix("ecr:").isalpha() for text in texts(path))
    }
    assert named == {"ecr_access/iam/actions.py", *OWN_CALLS}


def test_the_actions_outside_of_the_table_are_those_of_the_checks_role() -> None:
    """What the function calls is what its role allows; of the levels' actions only the two that look at images."""
    named = {text.lower() for name in OWN_CALLS for text in texts(SOURCES / name) if text.startswith("ecr:")}
    assert named == {
        "ecr:batchgetimage",
        "ecr:describeimages",
        "ecr:describerepositories",
        "ecr:getauthorizationtoken",
        "ecr:getrepositorypolicy",
    }


def test_the_light_package_imports_nothing_of_the_cdk() -> None:
    """It is installed alone."""
    for path in modules(SOURCES / "ecr_access"):
        roots = {name.partition(".")[0] for name in imported(path)}
        assert not roots & {"aws_cdk", "constructs", "jsii", "cdk_ecr_access"}, path


@pytest.mark.parametrize(("room", "others"), [("iam", set[str]()), ("check", {"boto3", "botocore"})])
def test_the_function_imports_what_lambda_has(room: str, others: set[str]) -> None:
    """The standard library, boto3, and the rooms that its asset is made of."""
    asset = (
        "ecr_access.tokens",
        "ecr_access.codes",
        "ecr_access.wording",
        "ecr_access.iam",
        *(["ecr_access.check"] if others else []),
    )
    for path in modules(SOURCES / "ecr_access" / room):
        roots = {name.partition(".")[0] for name in imported(path) if not name.startswith(asset)}
        assert roots <= {*sys.stdlib_module_names, *others}, path


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_imports_only_those_before_it(package: str) -> None:
    """Type checking included, so that each can be read without the rooms after it."""
    order = ROOMS[package]
    for path in modules(SOURCES / package):
        room = path.relative_to(SOURCES / package).parts[0].removesuffix(".py")
        used = {name.split(".")[1] for name in imported(path, typing=True) if name.startswith(f"{package}.")}
        assert [one for one in used if order.index(one) > order.index(room)] == [], path


@pytest.mark.parametrize("package", ROOMS)
def test_a_stranger_finds_the_room(package: str) -> None:
    """There are few, each says what it is for, and no file is too long to be read at once."""
    rooms = {path for path in (SOURCES / package).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert len(rooms) <= MOST_ROOMS
    for path in modules(SOURCES / package):
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), path
        assert len(text.splitlines()) <= LONGEST, path


def test_importing_the_constructs_package_starts_no_node() -> None:
    """Names are imported on first use."""
    code = "import sys, cdk_ecr_access, ecr_access.local_cloud; print('aws_cdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"
