"""The examples of the manifest's page and of the schema are accepted; the page's tables come from the schema."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from cdk_ecr_access.manifest import read_manifest
from cdk_ecr_access.manifest.declared import DeclaredRepositories
from cdk_ecr_access.manifest.place import environment_of
from ecr_access.cli.manifest.command import editor_comment, main
from ecr_access.manifest import Manifest, ManifestError, parse_manifest
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.structure import schema

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FILES = {named[1]: text for text in BLOCKS if (named := re.match(r"# (\S+\.yaml)\n", text))}
EXAMPLES = [text for text in BLOCKS if text not in FILES.values()]


@pytest.mark.parametrize("account", [None, "111122223333"])
@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_manifest_that_synthesizes(
    text: str, account: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an error, also where the CDK CLI has no credentials."""
    monkeypatch.delenv("CDK_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", account or "")
    synthesize(parse_manifest(parse_document(text).value, source="a test"))


def synthesize(manifest: Manifest) -> None:
    """Synthesize a stack for each environment."""
    for environment in manifest.environments:
        part = manifest.of(environment)
        stack = Stack(App(), "Stack", env=environment_of(part))
        DeclaredRepositories(stack, "Declared", manifest=part)
        Template.from_stack(stack)


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the files of the page that begin with their names, where they are read."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_files")
def test_the_files_of_the_page_are_a_manifest_that_synthesizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the file that includes the others, and as a folder."""
    monkeypatch.delenv("CDK_DEFAULT_ACCOUNT", raising=False)
    assert len(FILES) == 2
    for name in ("platform.yaml", "."):
        synthesize(read_manifest({"manifest": name}))


@pytest.mark.usefixtures("_files")
def test_what_is_explained_is_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal, as the page shows it."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    (shown,) = re.findall(r"```text\n(team-a/api, .*?)```", PAGE, re.DOTALL)
    assert main(["explain", "team-a/api", "--file", "platform.yaml"]) == 0
    assert capsys.readouterr().out == shown


def test_the_errors_are_those_printed(tmp_path: Path) -> None:
    """All at once, as the page shows them."""
    path = tmp_path / "images.yaml"
    text = "roles:\n  ci: {asumed_by: []}\nrepositories:\n  - name: team/web\n    pull: [ci, 444455556666]\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest({"manifest": str(path)})
    (shown,) = re.findall(r"```text\nerror: .+\n((?:  .+\n)+)```", PAGE)
    assert shown.count("\n") == len(caught.value.problems)
    assert [line for line in shown.splitlines() if line not in str(caught.value)] == []


def _examples(part: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """Every example in a part of the schema, with the part that it is an example of."""
    own = [(part, one) for one in part.get("examples", ())]
    return own + [found for one in part.values() for found in (_examples(one) if isinstance(one, dict) else ())]


def test_the_examples_of_the_schema_are_valid() -> None:
    """The ones that the page's tables, and editors, show."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    examples = _examples(schema())
    assert len(examples) > 30
    for part, example in examples:
        Draft202012Validator({**part, "$defs": schema()["$defs"]}).validate(example)


def test_the_line_for_editors_is_that_of_the_command() -> None:
    """It names the schema's own address, and no path of a machine."""
    assert editor_comment() in PAGE
    assert re.findall(r"python3\.\d+", PAGE) == []


def test_the_schema_key_means_nothing_else(tmp_path: Path) -> None:
    """An editor needs it, the app does not."""
    path = tmp_path / "images.json"
    path.write_text('{"$schema": "schema.json", "repositories": [{"name": "base"}]}')
    assert [entry.name for entry in read_manifest({"manifest": str(path)}).repositories] == ["base"]
