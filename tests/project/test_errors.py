"""Every error ends with a code, and every code is explained."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from ecr_access.cli.explain.page import written
from ecr_access.cli.explain.situations import by_code, groups
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.cli.explain.situations import Situation

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ROOT / "constructs"
OF_AWS: Final = SOURCES / "ecr_access/local_cloud/emulator"

# Raised and caught within: each becomes a part of a message that has a code.
PARTS: Final = {
    "ConditionError", "DocumentError", "PolicyError", "RequestError", "TagError", "UndeterminedError",
    "UnknownEnvironmentError", "UnknownPrincipalError", "UnreadableError", "undetermined",
}  # fmt: skip
# These add the code themselves.
CODED: Final = {"ManifestError", "NotCheckedError", "StackError"}
# Python's own, of modules and of a command's options: argparse says which option.
PROTOCOL: Final = {
    "AttributeError", "SystemExit", "_WrongArgumentError", "argparse.ArgumentTypeError", "yaml.MarkedYAMLError",
}  # fmt: skip
# What these raise is a part of a message too.
OF_PARTS: Final = {"ecr_access/iam/principal_names.py", "cdk_ecr_access/access_check/required.py"}


def _raised() -> Iterator[tuple[str, ast.Call]]:
    """Yield what is raised with words, and where."""
    for path in sorted(SOURCES.rglob("*.py")):
        if path.is_relative_to(OF_AWS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                yield path.relative_to(SOURCES).as_posix(), node.exc


def _is_coded(raised: ast.Call) -> bool:
    names = [ast.unparse(one.func) for one in ast.walk(raised) if isinstance(one, ast.Call)]
    return any(name.startswith("Code.") for name in names)


def test_every_error_ends_with_a_code() -> None:
    """An error whose words change is still found."""
    known = PARTS | CODED | PROTOCOL
    without = [
        f"{name}:{raised.lineno}: {ast.unparse(raised.func)}"
        for name, raised in _raised()
        if name not in OF_PARTS and ast.unparse(raised.func) not in known and not _is_coded(raised)
    ]
    assert without == []


@pytest.mark.parametrize("code", Code, ids=str)
def test_every_code_is_given(code: Code) -> None:
    """A code that nothing ends with would mislead."""
    used = f"Code.{code.name}"
    assert any(used in path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))


def test_every_code_is_explained_once_and_in_order() -> None:
    """The page is read from top to bottom."""
    explained = [one.code.value for group in groups() for one in group.situations]
    assert explained == sorted(one.value for one in Code)


@pytest.mark.parametrize("situation", by_code().values(), ids=lambda one: str(one.code))
def test_what_a_code_says_can_be_followed(situation: Situation) -> None:
    """There is a step to take, in sentences, and the pages exist."""
    assert situation.fix
    assert situation.means.endswith(".")
    assert not situation.title.endswith(".")
    for page in situation.see:
        assert (ROOT / "docs" / page).exists(), page


def test_the_page_is_what_the_command_prints() -> None:
    """Write it again: ecr-access explain --all > docs/errors.md."""
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == written(groups())
