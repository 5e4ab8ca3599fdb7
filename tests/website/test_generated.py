"""The parts of pages that come from the code are complete, and what a page asks for is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ecr_access.cli.main import COMMANDS
from ecr_access.rules.catalogue import RULES
from website.command_line import commands, help_of, help_texts
from website.generated import GENERATORS, filled
from website.links import ROOT, resolved
from website.manifest_keys import schema, table_of_keys
from website.rules import explanation, sections_of_rules, table_of_rules

PAGES = {one.name: one.read_text(encoding="utf-8") for one in sorted((ROOT / "docs").glob("*.md"))}
PARTS = ("check", "principal", "role", "repository", "lifecycle_rule", "existing", "environment")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_filled_and_its_links_lead_somewhere(name: str) -> None:
    """No placeholder is left, none is unknown, and files of the repository that it links to exist."""
    text = resolved(filled(PAGES[name]), name, repository="https://forge.example/project")
    assert "<!-- generated" not in text
    assert "](../" not in re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def test_nothing_is_generated_that_no_page_asks_for() -> None:
    """A generator that is left behind is removed."""
    asked = {name for text in PAGES.values() for name in re.findall(r"<!-- generated: (\S+)", text)}
    assert asked == set(GENERATORS)


def test_an_unknown_placeholder_is_refused() -> None:
    """A page would have a hole otherwise."""
    with pytest.raises(ValueError, match=r"^a page asks for 'rule', which is not generated; allowed: api, "):
        filled("<!-- generated: rule -->")


def test_a_link_to_a_file_that_is_gone_is_refused() -> None:
    """MkDocs sees only links between pages."""
    with pytest.raises(ValueError, match=r"^docs/index\.md links to \.\./gone\.py, which does not exist$"):
        resolved("[gone](../gone.py)", "index.md")


def test_a_link_to_a_file_goes_to_the_forge() -> None:
    """Or to a folder; with its anchor."""
    text = "[a](../app.py#L1) [b](../examples)"
    assert resolved(text, "index.md", repository="https://forge.example/project") == (
        "[a](https://forge.example/project/blob/main/app.py#L1) [b](https://forge.example/project/tree/main/examples)"
    )


def test_the_command_line_has_every_command() -> None:
    """And every subcommand, as each prints it."""
    text = help_texts()
    assert {words[0] for words in commands()} == set(COMMANDS)
    assert ["manifest", "validate"] in commands()
    for words in commands():
        assert f"# ecr-access {' '.join(words)}\n" in text
        assert help_of(words).startswith(f"usage: ecr-access {' '.join(words)}")
        assert help_of(words) in text


def test_each_rule_explains_itself() -> None:
    """In a row and a section, in the order of the catalogue; its module says what to do."""
    rows = re.findall(
        r"^\| \[`([a-z0-9-]+)`\]\(#[a-z0-9-]+\) \| (error|warning) \| (.+) \|$", table_of_rules(), re.MULTILINE
    )
    assert rows == [(one.id, one.severity.value, one.title.replace("|", "\\|")) for one in RULES]
    assert re.findall(r"^### (.+)$", sections_of_rules(), re.MULTILINE) == [one.id for one in RULES]
    assert [one.id for one in RULES if "\n\nFix: " not in explanation(one)] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_table_has_every_key_of_the_schema(part: str) -> None:
    """Each with its value and its description."""
    properties = schema()["$defs"][part]["properties"]
    rows = {line.split("`")[1]: line for line in table_of_keys(part).splitlines()[2:]}
    assert set(rows) == set(properties)
    for key, one in properties.items():
        assert one.get("description", "") in rows[key].replace("\\|", "|")
        assert rows[key].replace("\\|", "").count("|") == 6


def test_the_keys_of_the_manifest_itself_are_there() -> None:
    """And the page has a table for each part that has keys."""
    assert {line.split("`")[1] for line in table_of_keys("manifest").splitlines()[2:]} == set(schema()["properties"])
    asked = re.findall(r"<!-- generated: keys (\S+) -->", PAGES["manifest.md"])
    assert sorted(asked) == sorted(["manifest", *PARTS])


def test_the_defaults_are_those_of_the_schema() -> None:
    """As YAML has them."""
    text = table_of_keys("repository")
    assert "| `true` or `false` | `true` |" in text
    assert "| `immutable`, `mutable` | `immutable` |" in text
    assert "| `name` | text | required |" in text


def test_every_page_is_in_the_navigation() -> None:
    """Once, and no other is."""
    named: list[Any] = re.findall(r"[:-] (\w+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(PAGES)


def test_the_site_loads_nothing_from_elsewhere() -> None:
    """Neither its settings nor its stylesheet name another host."""
    for name in ("mkdocs.yml", "docs/assets/site.css"):
        assert "://" not in Path(ROOT / name).read_text(encoding="utf-8")
