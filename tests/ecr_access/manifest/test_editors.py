"""What an editor shows of a manifest: sentences that say what a key does, and what holds without it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecr_access.manifest import SCHEMA_FILE, structure
from ecr_access.manifest.structure import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
SERVER: Final = Path(__file__).parents[3] / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
ONE_OF: Final = {
    "existing.name", "existing.arn", "principal.source_account", "principal.source_arn",
}  # fmt: skip
QUESTION_WORDS: Final = ("Who", "Whom", "Whose", "Which", "What", "Whether", "How", "Where", "When")
MANIFEST: Final = """\
include: [teams/*.yaml]
account: "111122223333"
region: eu-west-1
environments:
  prod:
    account: "444455556666"
    region: eu-west-1
defaults:
  scan_on_push: false
  encryption: KMS
  environments: [prod]
prefixes:
  team/*:
    pull: ["444455556666"]
    replaces: [push]
tags: {team: platform}
check:
  log_retention_days: 365
roles:
  builder:
    assumed_by: [codebuild.amazonaws.com]
repositories:
  - name: team/web
    pull: [builder]
    push:
      - service: codebuild.amazonaws.com
        source_account: "444455556666"
    encryption:
      type: KMS
      key: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
    lifecycle:
      - max_image_count: 3
        tag_status: untagged
    mutability_exclusions: [latest]
existing:
  - arn: arn:aws:ecr:eu-west-1:444455556666:repository/platform/base
    policy_covers_grants: true
"""


def followed(one: dict[str, Any]) -> dict[str, Any]:
    """Add what a reference says to what a key says itself, which comes first."""
    return {**followed(structure.followed(one["$ref"])), **one} if "$ref" in one else one


def described() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield each key of a mapping, with its schema and whether it may be left out."""
    for name, mapping in {"": schema(), **schema()["$defs"]}.items():
        one_of = {key for kind in ("anyOf", "oneOf") for one in mapping.get(kind, ()) for key in one["required"]}
        for key, one in mapping.get("properties", {}).items():
            yield f"{name}.{key}", followed(one), key not in {*mapping.get("required", ()), *one_of}


KEYS: Final = {path: (one, optional) for path, one, optional in described()}
OF_KEYS: Final = {"role_key", "prefix", "environment_name", "environments"}
"""What is said of the keys themselves, or where it is referred to."""
SHOWN: Final = [one for name, one in schema()["$defs"].items() if name not in OF_KEYS]
LISTED: Final = [one["items"] for one, _ in KEYS.values() if "items" in one and "$ref" not in one["items"]]
OWN: Final = [*schema()["patternProperties"].values()]


def asked(manifest: Path, *positions: tuple[int, int]) -> dict[str, Any]:
    """Ask the YAML language server about positions in a file."""
    command = ["node", str(HERE / "editor.mjs"), str(SERVER), str(SCHEMA_FILE), str(manifest)]
    given = json.dumps(positions)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_schema_has_an_address_with_a_version() -> None:
    """What is pasted into a file keeps its meaning."""
    assert re.fullmatch(r"https://[\w./-]+/manifest/v\d+\.json", schema()["$id"])


@pytest.mark.parametrize("one", [*(one for one, _ in KEYS.values()), *SHOWN, *LISTED, *OWN])
def test_a_hover_text_is_a_sentence(one: dict[str, Any]) -> None:
    """Several, perhaps; each is whole, and none is a clause that only a heading completes."""
    text = one["description"]
    assert one["title"]
    assert text[0].isupper()
    assert text[-1] == "."
    assert text.split()[0] not in QUESTION_WORDS
    assert all(len(sentence.split()) >= 3 or sentence.startswith("Default: ") for sentence in text.split(". "))


@pytest.mark.parametrize("path", KEYS)
def test_a_hover_text_says_what_holds_without_the_key(path: str) -> None:
    """The schema's own default is not shown by every editor; of several keys, the text says that one is required."""
    one, optional = KEYS[path]
    text = one["description"]
    if "default" in one:
        default = one["default"]
        assert text.endswith(f"Default: {default if isinstance(default, str) else json.dumps(default)}.")
    elif optional:
        assert "Default: " in text
    assert ("required" in text) == (path in ONE_OF)


def test_no_example_for_editors_holds_a_mapping() -> None:
    """They would show it, and insert it, as [object Object]."""
    texts = re.findall(r'"examples": (\[.*?\])(?:,?\n)', SCHEMA_FILE.read_text(encoding="utf-8"))
    assert texts
    assert [text for text in texts if "{" in text] == []


def test_an_editor_finds_nothing_wrong_and_explains_every_key(tmp_path: Path) -> None:
    """As the YAML language server shows it: no key without a text, none with a mapping's text of JavaScript."""
    path = tmp_path / "images.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    keys = [(line, m.start(1) + 1) for line, text in enumerate(MANIFEST.splitlines()) for m in _key(text)]
    found = asked(path, *keys)
    assert found["diagnostics"] == []
    assert len(found["hovers"]) == len(keys)
    for hover in found["hovers"]:
        assert re.match(r"#### .+\n\n[A-Z].+\.\n", hover), hover
    assert "[object Object]" not in json.dumps(found)


@pytest.mark.parametrize(
    "start",
    [
        "repositories: ",
        "repositories:\n  - name: team/app\n    encryption: ",
        "repositories:\n  - name: team/app\n    lifecycle: ",
        "repositories:\n  - name: team/app\n    pull:\n      - ",
        "existing: ",
        "roles: ",
        "check: ",
    ],
)
def test_an_editor_offers_no_object(tmp_path: Path, start: str) -> None:
    """Neither in its list nor in what it inserts."""
    path = tmp_path / "images.yaml"
    path.write_text(start, encoding="utf-8")
    lines = start.split("\n")
    found = asked(path, (len(lines) - 1, len(lines[-1])))
    assert "object Object" not in json.dumps(found["completions"])


def test_an_editor_says_what_is_wrong_in_words(tmp_path: Path) -> None:
    """In the words of the schema, and not by a regular expression."""
    path = tmp_path / "images.yaml"
    path.write_text("repositories:\n  - name: Team/App\n", encoding="utf-8")
    assert any("lowercase letters and digits" in one for one in asked(path)["diagnostics"])


def _key(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"^[\s-]*(\w+):", text)
