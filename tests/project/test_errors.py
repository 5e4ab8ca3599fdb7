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

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ROOT / "constructs"

# What these say is no error of ours, but in a page of its own (rules.md, rule by rule, and diagnose.md), or AWS's.
ELSEWHERE: Final = (
    "ecr_access/rules/checks/",
    "ecr_access/diagnosis/causes/",
    "ecr_access/local_cloud/emulator/",
)
# These hold words that are no errors: helps, progress, reasons, descriptions.
NO_ERRORS: Final = {
    "cdk_ecr_access/access_check/acknowledgments.py",
    "cdk_ecr_access/cdk/arguments.py",
    "ecr_access/cli/check/command.py",
    "ecr_access/cli/check/options.py",
    "ecr_access/cli/check/output.py",
    "ecr_access/cli/check/verdict.py",
    "cdk_ecr_access/access_check/function.py",
    "cdk_ecr_access/manifest/messages.py",
    "ecr_access/diagnosis/cause.py",
    "ecr_access/diagnosis/cdk_lines.py",
    "ecr_access/diagnosis/commands.py",
    "ecr_access/diagnosis/named.py",
    "ecr_access/diagnosis/patterns.py",
    "ecr_access/diagnosis/report.py",
    "ecr_access/diagnosis/shown.py",
    "cdk_ecr_access/repository/lifecycle_rules.py",
    "ecr_access/cli/local.py",
    "ecr_access/cli/main.py",
    "ecr_access/cli/manifest.py",
    "ecr_access/local_cloud/certificate.py",
    "cdk_ecr_access/grants/handover_outputs.py",
    "ecr_access/check/remediation.py",
}
# How texts begin that say what to do, after what is wrong.
FIXES: Final = (
    "name in Principal which principals are allowed",
    "report it, with the trace in the function's log",
    "CloudFormation sees no change and will not put it back: ",
    "accept what no deployment can find out: ",
    "check by hand what the rule demands, ",
    "correct the name, or declare the repository",
    "create the … before the check runs, ",
    "declare the repository, or correct its name",
    "deploy again when fewer callers",
    "deny under the condition ArnNotEquals ",
    "deploy again; ",
    "grant to the roles or users themselves",
    "let the function reach it; ",
    "look for a service control policy",
    "put a valid repository policy",
    "require it in a stack of account …",
    "make sure that calls satisfy the condition, ",
    "see that this machine reaches AWS, ",
    "see the error; if it stays, ",
    "sign in, or correct the profile",
    "the local cloud needs … MB: free them, ",
    "…; if they do, …",
)
# What is allowed in a property of the check, after what is wrong with it.
ALLOWED: Final = (
    "a level that Actions lists",
    "a list of account ids, one at least",
    "a list of statements, one at least",
    "a number of seconds from ",
    "a text of 1 to 256 characters",
    "accounts of services alone",
    "an account id, 12 digits as a text",
    "the ARN of a role, user or group, a 12-digit",
    "the ARN of the check's function",
    "…, or a list of them",
)
# Statements that come near, below an assertion that failed.
NEAR: Final = (
    "  a managed policy of AWS: ",
    "  its permissions boundary … not allow …, ",
    " on what may be another resource: ",
    ", which is not met",
    ", which is somebody else",
    "all but some actions",
    "no statement comes near",
    "not known before the deployment",
    "statements that ",
    "… … there, and nothing of what is missing",
    "…, if it is attached at deployment",
    "…; given: …; give the App, ",
)
# What could not be read of an answer, after whose it was.
UNREAD: Final = ("it holds no policy", "it holds no status of a stack", "it lists no repositories")
NO_ERROR: Final = (
    *FIXES,
    *ALLOWED,
    *NEAR,
    *UNREAD,
    "the warning … says so already",
    "Role '…' of the ECR access manifest",
    "a rule that fails is told, ",
    "a value known at deployment",
    "cannot grant to …: …",  # why not follows, which has a row
    "its own policies allow it",
    "named on the command line",
    "the '…' of … or of the command line",
    "its own policies are for account … to prove",
    "module … has no attribute …",
    "npm install --global ",
    "one of its policies",
    "pip install ",
    "role, user or group",
    "known only at deployment",
    "the AWS CDK CLI",
    "the access of … to repository …",
    "the check's own role",
    "the context (cdk.json)",
    "the live policy of repository {repository} is the declared one",
    "the live repository policy has what is declared",
    "the repository policy allows it",
    "the stack goes back to what was there before",
    "the timeout is meant: ",
    "untagged images expire after … days",
    "whatever else is attached to it",
    "{who} ",
    "…, depending on … as this app declares",
    "…, which cdk deploy --no-rollback keeps",
    "…: its registry cannot be seen from here",
)
_WORDS: Final = 4
_FEW_WORDS: Final = 2
_HELP: Final = {"description", "epilog", "help", "prog", "PROG", "_EPILOG"}


def _texts(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module, a value in them as an ellipsis; not its docstrings, and not what --help shows."""
    left_out = {id(_no_message(node)) for node in ast.walk(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            if id(node) not in left_out:
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value.replace("{}", "…")


def _raised(tree: ast.AST) -> Iterator[str]:
    """Yield the texts that are raised, the short ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc:
            yield from (text for text in _texts(node.exc) if _words(text) >= _FEW_WORDS)


def _words(text: str) -> int:
    return len(re.findall(r"[A-Za-z]{2,}", text)) if " " in text else 0


def _no_message(node: ast.AST) -> ast.expr | None:
    """Return what a node holds, if it is a docstring, or what --help shows."""
    if isinstance(node, ast.Expr):
        return node.value
    if isinstance(node, ast.keyword):
        return node.value if node.arg in _HELP else None
    named = isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in _HELP
    return node.value if isinstance(node, ast.AnnAssign) and named else None


@cache
def _messages() -> dict[str, str]:
    """Every text of the library that reads as a sentence, or is raised, with the module that says it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        name = path.relative_to(SOURCES).as_posix()
        if name.startswith(ELSEWHERE):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        sentences = [] if name in NO_ERRORS else [text for text in _texts(tree) if _words(text) >= _WORDS]
        found.update(dict.fromkeys([*sentences, *_raised(tree)], name))
    return {text: name for text, name in found.items() if not text.startswith(NO_ERROR)}


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
