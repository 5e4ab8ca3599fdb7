"""Every block of code and every command on the pages of ``docs/`` is one that works."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ecr_access.cli.main import main
from ecr_access.manifest import parse_manifest
from ecr_access.manifest.document import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = {one.name: one.read_text(encoding="utf-8") for one in sorted((ROOT / "docs").glob("*.md"))}
# What a reader has besides, and no block of ours shows: to leave one of its steps unproved is meant.
FOREIGN = ("docker", "npm", "pip", "python3", "sam", "uvx", ".")
DISTRIBUTIONS = {"cdk-ecr-access": "pyproject.toml", "ecr-access": "packaging/ecr-access/pyproject.toml"}
REDIRECTION = re.compile(r"2>&1|> \S+")


def blocks(language: str) -> list[Any]:
    """The blocks of a language on all pages, each named after its page."""
    return [
        pytest.param(re.sub(r"^ {4}", "", block, flags=re.MULTILINE) if indent else block, id=f"{name}-{number}")
        for name, page in PAGES.items()
        for number, (indent, block) in enumerate(
            re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page, re.DOTALL | re.MULTILINE)
        )
    ]


def commands() -> Iterator[Any]:
    """Each command of the blocks of shell, also those behind a pipe."""
    for block in blocks("sh"):
        for line in str(block.values[0]).splitlines():
            for part in line.split(" | "):
                yield pytest.param(part, id=f"{block.id}: {part}")


class _Accepted(BaseException):
    """Raised in the place of what a command does."""


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs(code: str) -> None:
    """As it stands, and what it declares synthesizes; a block that begins with no app has the reader's own."""
    stack = Stack(App(), "Reader")
    names: dict[str, Any] = {"role": iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())}
    if "Validations.of(role)" in code:
        code = f"from aws_cdk import Validations\n{code}"
    exec(code, names)  # noqa: S102 -- the pages are ours
    if isinstance(names.get("stack"), Stack):
        root = names["stack"].node.root
        assert isinstance(root, App)
        root.synth()


@pytest.mark.parametrize("page", ["organization.md", "several_accounts.md"])
def test_an_output_that_a_page_names_is_rendered(page: str) -> None:
    """By the apps on the page."""
    outputs: set[str] = set()
    for block in blocks("python"):
        if str(block.id).startswith(f"{page}-"):
            names: dict[str, Any] = {}
            exec(block.values[0], names)  # noqa: S102 -- the pages are ours
            stacks = [one for one in names.values() if isinstance(one, Stack)]
            outputs.update(*(Template.from_stack(one).find_outputs("*") for one in stacks))
    assert set(re.findall(r"`(Ecr\w+PolicyFor\w+)`", PAGES[page])) <= outputs


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_is_what_its_reader_takes(text: str) -> None:
    """One that is accepted; so is a workflow, or a file of pre-commit, of which the action and the hooks are there."""
    read = yaml.safe_load(text)
    if re.match(r"# \S+\.yaml\n", text):
        return  # one of several files, which the tests of manifests read together
    if "Resources" in read:
        assert all("Type" in one for one in read["Resources"].values())
    elif "jobs" in read:
        steps = [step for job in read["jobs"].values() for step in job["steps"]]
        (ours,) = [one for one in steps if one["uses"].startswith("cdk-ecr-access/")]
        assert ours["uses"] == f"cdk-ecr-access/cdk-ecr-access@v{_version()}"
        assert {*ours["with"]} <= {*yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]}
    elif "repos" in read:
        (ours,) = read["repos"]
        hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        assert ours["rev"] == f"v{_version()}"
        assert {one["id"] for one in ours["hooks"]} == {one["id"] for one in hooks}
    else:
        parse_manifest(parse_document(text).value, source="a page")


@pytest.mark.parametrize("text", blocks("json"))
def test_json_can_be_read(text: str) -> None:
    """By any program."""
    assert json.loads(text)


@pytest.mark.parametrize("command", [*commands()])
def test_a_command_is_one_that_is_there(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With options that it takes."""
    program, *arguments = shlex.split(REDIRECTION.sub("", command))
    if program == "ecr-access":
        _accept(arguments, monkeypatch)
    elif program == "make":
        assert re.search(rf"^{arguments[0]}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif program == "aws":
        _accept_aws(*arguments)
    elif program == "cdk":
        options = [one for one in arguments if one.startswith("--")]
        assert [one for one in options if one not in _cdk_help(arguments[0])] == []
    else:
        assert program in FOREIGN


def test_what_is_installed_is_ours_with_extras_that_exist() -> None:
    """``pip install 'NAME[EXTRA,...]'``, on any page."""
    found = set(re.findall(r"pip install '?((?:cdk-)?ecr-access)(?:\[([a-z,-]+)\])?", "\n".join(PAGES.values())))
    assert found
    for name, extras in found:
        text = (ROOT / DISTRIBUTIONS[name]).read_text(encoding="utf-8")
        section = text.partition("[project.optional-dependencies]\n")[2]
        assert [one for one in extras.split(",") if one and not re.search(rf"^{one} = ", section, re.MULTILINE)] == []


def test_each_row_of_principals_is_tested() -> None:
    """A row names the tests that hold it, and they are in the files that it links to."""
    rows = [line for line in PAGES["principals.md"].splitlines() if line.startswith("|")][2:]
    assert len(rows) > 10
    for row in rows:
        linked = re.findall(r"\[`(\w+)`\]\(\.\./(tests/[\w/]+\.py)\)", row)
        assert linked, row
        for name, file in linked:
            assert f"def test_{name}(" in (ROOT / file).read_text(encoding="utf-8")


def _version() -> str:
    """The version of both distributions."""
    (found,) = re.findall(r'^version = "(.+?)"', (ROOT / DISTRIBUTIONS["ecr-access"]).read_text("utf-8"), re.MULTILINE)
    return str(found)


def _accept(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command's own parser read arguments, and go no further."""
    parse = argparse.ArgumentParser.parse_known_args

    def accept(parser: argparse.ArgumentParser, given: list[str], namespace: Any = None) -> Any:
        found = parse(parser, given, namespace)
        if namespace is not None:  # of a command's own action
            return found
        assert found[1] == []
        raise _Accepted

    if arguments[0] == "diagnose":  # whose every argument is text
        return
    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", accept)
    with pytest.raises(_Accepted):
        main(arguments)


def _accept_aws(service: str, operation: str, *options: str) -> None:
    """Hold a command of the AWS CLI against the model of the API."""
    from botocore import xform_name
    from botocore.session import get_session

    model = get_session().get_service_model(service)
    (named,) = [one for one in model.operation_names if xform_name(one, "-") == operation]
    shape = model.operation_model(named).input_shape
    assert shape
    # The AWS CLI's own option, of every operation.
    members = {"--query", *(f"--{xform_name(one, '-')}" for one in shape.members)}
    assert [one for one in options if one.startswith("--") and one not in members] == []


@cache
def _cdk_help(command: str) -> str:
    """What the pinned CDK CLI says of a command."""
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    done = subprocess.run([cdk, command, "--help"], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout
