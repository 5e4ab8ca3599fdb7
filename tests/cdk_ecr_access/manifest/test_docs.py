"""The manifest's page says what the schema does, and its examples are accepted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from cdk_ecr_access.manifest import read_manifest
from cdk_ecr_access.manifest.declared import DeclaredRepositories
from cdk_ecr_access.manifest.place import environment_of
from ecr_access.manifest import SCHEMA_FILE, parse_manifest
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.structure import schema

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
EXAMPLES: list[str] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SECTIONS = {
    "At the top": schema(),
    "A role": schema()["$defs"]["role"],
    "A repository": schema()["$defs"]["repository"],
    "A lifecycle rule": schema()["$defs"]["lifecycle_rule"],
    "An existing repository": schema()["$defs"]["existing"],
}


def section(title: str) -> str:
    """Return the text under a heading."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[[*re.findall(r"^## (.*)$", PAGE, re.MULTILINE)].index(title) + 1]


def rows(title: str) -> dict[str, list[str]]:
    """Return the rows of the table of keys under a heading, by their keys."""
    found: dict[str, list[str]] = {}
    for line in re.findall(r"^\| `.*$", section(title), re.MULTILINE):
        keys, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        found |= dict.fromkeys(re.findall("`([^`]+)`", keys), cells)
    return found


@pytest.mark.parametrize("account", [None, "111122223333"])
@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_manifest_that_synthesizes(
    text: str, account: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an error, also where the CDK CLI has no credentials."""
    monkeypatch.delenv("CDK_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", account or "")
    manifest = parse_manifest(parse_document(text).value, source="a test")
    stack = Stack(App(), "Stack", env=environment_of(manifest))
    DeclaredRepositories(stack, "Declared", manifest=manifest)
    Template.from_stack(stack)


@pytest.mark.parametrize("title", SECTIONS)
def test_a_table_has_every_key(title: str) -> None:
    """Those that the schema knows, each with a type, a default and an example."""
    assert set(rows(title)) == set(SECTIONS[title]["properties"])
    assert {len(cells) for cells in rows(title).values()} == {3}


@pytest.mark.parametrize("title", SECTIONS)
def test_the_examples_of_keys_are_valid(title: str) -> None:
    """They are JSON, which YAML is too, in place of the schema's own examples."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    for key, cells in rows(title).items():
        example: Any = json.loads(re.findall("`([^`]+)`", cells[2])[0])
        one = SECTIONS[title]["properties"][key]
        Draft202012Validator({**one, "$defs": schema()["$defs"]}).validate(example)


def test_the_defaults_are_those_of_the_schema() -> None:
    """Where the schema has one, the page has it too."""
    for title, one in SECTIONS.items():
        for key, value in one["properties"].items():
            if "default" in value:
                default = value["default"]
                assert rows(title)[key][1] == f"`{default if isinstance(default, str) else str(default).lower()}`"


def test_the_schema_is_where_the_page_says() -> None:
    """An editor is told a path that exists."""
    path = "constructs/ecr_access/manifest/schema.json"
    assert path in PAGE
    assert ROOT / path == SCHEMA_FILE


def test_the_schema_key_means_nothing_else(tmp_path: Path) -> None:
    """An editor needs it, the app does not."""
    path = tmp_path / "images.json"
    path.write_text('{"$schema": "schema.json", "repositories": [{"name": "base"}]}')
    assert [entry.name for entry in read_manifest({"manifest": str(path)}).repositories] == ["base"]
