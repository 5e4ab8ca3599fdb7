"""Every error that the library raises is in ``docs/errors.md``, and nothing else is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "constructs" / "cdk_ecr_access"

# What these say is in a page of its own: check.md, rules.md, diagnose.md, testing.md.
ELSEWHERE: Final = ("runtime", "rules", "diagnosis", "testing")
# These hold words that are no errors: helps, progress, reasons, descriptions.
NO_ERRORS: Final = {
    "acknowledgments.py",
    "check/__main__.py",
    "check/options.py",
    "check/output.py",
    "check/verdict.py",
    "check_function.py",
    "lifecycle_rules.py",
    "local_cloud/__main__.py",
    "local_cloud/certificate.py",
    "policy_outputs.py",
}
NO_ERROR: Final = {
    "Role '…' of the ECR access manifest",
    "a value known at deployment",
    "module … has no attribute …",
    "npm install --global aws-cdk@2.1148.1",
    "pip install 'cdk-ecr-access[local-cloud]'",
    "role, user or group",
    "the AWS CDK CLI",
    "the context (cdk.json)",
    "the timeout is meant: an unanswered request would hold the stack for an hour",
    "untagged images expire after … days",
}
_WORDS: Final = 4


def _texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module, a value in them as an ellipsis; not its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            if id(node) not in left_out:
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value.replace("{}", "…")


@cache
def _messages() -> dict[str, str]:
    """Every text of the library that reads as a sentence, with the module that says it."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0].removesuffix(".py") in ELSEWHERE or name.as_posix() in NO_ERRORS:
            continue
        for text in _texts(path):
            if len(re.findall(r"[A-Za-z]{2,}", text)) >= _WORDS and " " in text and text not in NO_ERROR:
                found[text] = name.as_posix()
    return found


@cache
def _documented() -> list[str]:
    """The first cell of every row."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(.+?)` \| [^|]+ \|$", text, re.MULTILINE)


@pytest.mark.parametrize("message", sorted(_messages()))
def test_every_error_is_documented(message: str) -> None:
    """Whoever meets one finds it by its own words."""
    rows = [row for row in _documented() if row in message]
    assert rows, f"{_messages()[message]} says {message!r}: add a row to docs/errors.md"


@pytest.mark.parametrize("row", _documented())
def test_no_row_is_of_an_error_that_is_gone(row: str) -> None:
    """A row that nothing says any more would mislead."""
    assert any(row in message for message in _messages())


def test_no_row_is_there_twice() -> None:
    """One explanation an error."""
    rows = _documented()
    assert len(rows) == len(set(rows)) > 100
