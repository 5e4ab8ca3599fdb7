"""The layout of the checkout keeps its promises, however Python is started in it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "constructs"
PACKAGE = SOURCES / "cdk_ecr_access"
WITHOUT_CDK = SOURCES / "ecr_access"
RUNTIME = [WITHOUT_CDK / "iam", WITHOUT_CDK / "check"]
TERMINAL = PACKAGE / "check"

PURE = ("actions", "policies", "principals", "requirements", "names", "principal_names", "wording")
# What the check itself calls, and the token, whose findings are worded apart.
OWN_CALLS = {
    "cdk_ecr_access/check_function.py",
    "ecr_access/check/findings.py",
    "ecr_access/check/repository_lookup.py",
    "ecr_access/check/evaluate_action.py",
}


def modules(folder: Path) -> list[Path]:
    """Every module under a folder."""
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports outside of ``if TYPE_CHECKING``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
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
    assert not [*SOURCES.rglob("conftest.py"), *SOURCES.rglob("test_*.py")]


def test_the_actions_are_in_one_place() -> None:
    """Besides the table, only the check's own calls, and the rules on what others wrote, name an action of ECR."""
    named = {
        path.relative_to(SOURCES).as_posix()
        for path in modules(SOURCES)
        if PACKAGE / "rules" not in path.parents
        and any(text.startswith("ecr:") and text.removeprefix("ecr:").isalpha() for text in texts(path))
    }
    assert named == {"cdk_ecr_access/actions.py", *OWN_CALLS}


def test_the_actions_outside_of_the_table_are_those_of_the_checks_role() -> None:
    """What the function calls is what its role allows, and no level's actions are repeated."""
    named = {text.lower() for name in OWN_CALLS for text in texts(SOURCES / name) if text.startswith("ecr:")}
    assert named == {"ecr:describerepositories", "ecr:getrepositorypolicy", "ecr:getauthorizationtoken"}


@pytest.mark.parametrize("path", [path for room in RUNTIME for path in modules(room)], ids=lambda path: str(path.stem))
def test_the_runtime_imports_what_lambda_has(path: Path) -> None:
    """The standard library, boto3, and itself: nothing is packaged with it."""
    others = {name for name in imported(path) if not name.startswith(("ecr_access.iam", "ecr_access.check"))}
    assert {name.partition(".")[0] for name in others} <= {*sys.stdlib_module_names, "boto3", "botocore"}


def test_what_is_true_without_the_cdk_imports_none_of_it() -> None:
    """The light package is installed alone."""
    for path in modules(WITHOUT_CDK):
        roots = {name.partition(".")[0] for name in imported(path)}
        assert not roots & {"aws_cdk", "constructs", "jsii", "cdk_ecr_access"}, path


@pytest.mark.parametrize("name", PURE)
def test_what_is_pure_knows_nothing_of_the_cdk(name: str) -> None:
    """Rules of IAM and of names are read and tested without it, through all that they import."""
    open_, seen = [name], set[str]()
    while open_:
        module = open_.pop()
        seen.add(module)
        for one in imported(PACKAGE / f"{module}.py"):
            assert one.partition(".")[0] not in {"aws_cdk", "constructs", "jsii", "boto3"}
            inner = one.removeprefix("cdk_ecr_access.")
            if inner != one and inner not in seen:
                open_.append(inner)
    assert "grants" not in seen


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("actions", {"policies", "requirements", "grants", "access_check", "repository"}),
        ("policies", {"grantees", "grants", "access_check", "repository"}),
        ("requirements", {"grants", "access_check", "repository"}),
        ("grantees", {"grants", "access_check", "repository"}),
        ("evidence", {"grants", "access_check", "repository"}),
        ("check_function", {"grants", "access_check", "repository"}),
        ("access_check", {"grants", "repository"}),
        ("grants", {"repository"}),
    ],
)
def test_dependencies_point_one_way(lower: str, higher: set[str]) -> None:
    """From the constructs down to the table of actions."""
    assert not imported(PACKAGE / f"{lower}.py") & {f"cdk_ecr_access.{name}" for name in higher}


@pytest.mark.parametrize(
    ("room", "below"),
    [
        ("templates", {"templates"}),
        ("access", {"access", "templates"}),
        ("each", {"each", "access", "templates", "finding"}),
        ("terminal", {"terminal", "access", "templates", "catalogue", "existing", "finding", "guard"}),
    ],
)
def test_the_rooms_of_the_rules_stand_on_each_other(room: str, below: set[str]) -> None:
    """What reads templates knows of no access, access of no rule, and no rule of a file or a terminal."""
    start = "cdk_ecr_access.rules."
    paths = modules(PACKAGE / "rules" / room)
    used = {name.removeprefix(start).partition(".")[0] for path in paths for name in imported(path) if start in name}
    assert used <= below
    assert room == "templates" or used & (below - {room})


def test_importing_the_package_starts_no_node() -> None:
    """The local cloud is used without the CDK."""
    code = "import sys, cdk_ecr_access, cdk_ecr_access.local_cloud; print('aws_cdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"
