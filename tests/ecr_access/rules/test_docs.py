"""``docs/rules.md`` says what the rules are."""

from __future__ import annotations

import re
from pathlib import Path

from ecr_access.rules.catalogue import RULES

DOCS = Path(__file__).parents[3] / "docs" / "rules.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (error|warning) \| (.+) \|$", re.MULTILINE)


def test_every_rule_is_in_the_table_as_it_is_and_nothing_else() -> None:
    """In the order in which they are reported, with severity and title."""
    text = DOCS.read_text(encoding="utf-8")
    assert ROW.findall(text) == [(one.id, one.severity.value, one.title.replace("|", "\\|")) for one in RULES]


def test_every_rule_has_a_section_with_its_fix() -> None:
    """In the same order, and no other has."""
    part = DOCS.read_text(encoding="utf-8").partition("## Rule by rule\n")[2].partition("\n## ")[0]
    sections = dict(re.findall(r"^### (.+)\n\n((?:(?!###).*\n?)+)", part, re.MULTILINE))
    assert list(sections) == [one.id for one in RULES]
    assert [name for name, text in sections.items() if "Fix:" not in text] == []


def test_every_rule_has_a_page_of_aws_and_an_id_of_its_own() -> None:
    """Which findings name, and acknowledgments."""
    assert len({one.id for one in RULES}) == len(RULES)
    assert all(one.page.startswith("https://docs.aws.amazon.com/") for one in RULES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id) for one in RULES)
