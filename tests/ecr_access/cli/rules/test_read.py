"""The templates that a command line names are read, each once, and each that cannot be is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecr_access.cli.rules.read import read

EMPTY = '{"Resources": {}}'


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is named: its roles would be two, of which none is certainly meant."""
    (tmp_path / "stack.template.json").write_text(EMPTY, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    sources, wrong = read(["stack.template.json", "./link/stack.template.json", str(tmp_path)])
    assert not wrong
    assert [one.template.path for one in sources] == ["stack.template.json"]


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    """As any file that cannot be read."""
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    _, wrong = read([str(tmp_path / "round.yaml")])
    assert len(wrong) == 1
    assert "cannot be read: " in wrong[0]


def test_each_file_is_read_once_and_each_that_is_wrong_is_told(tmp_path: Path) -> None:
    """All at once."""
    for name, text in {"a.json": EMPTY, "b.yaml": "A: b\nA: c", "c.yaml": "\x00"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "d.yaml").write_bytes(b"\xff")
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / one) for one in ("a.json", "a.json", "b.yaml", "c.yaml", "d.yaml", "none.json", "empty")]
    sources, wrong = read(names)
    assert [one.template.path for one in sources] == [names[0]]
    assert len(wrong) == 5
    assert f"{names[2]}:2: the key 'A' is given twice in one object; keep one of them" in wrong
    assert f"{names[4]}: not UTF-8 text: invalid start byte at byte 0" in wrong
    assert f"{names[5]}: cannot be read: no such file or directory" in wrong
    assert any("no file in this folder is called *.template.json" in one for one in wrong)


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    """Some editors write one."""
    (tmp_path / "a.json").write_text(EMPTY, encoding="utf-8-sig")
    assert read([str(tmp_path / "a.json")])[1] == []


def test_a_folder_is_its_templates(tmp_path: Path) -> None:
    """And no other file."""
    for name in ("b.template.json", "a.template.json", "a.assets.json"):
        (tmp_path / name).write_text(EMPTY, encoding="utf-8")
    sources, wrong = read([str(tmp_path)], account="111122223333", region="eu-west-1")
    assert [one.template.path for one in sources] == [str(tmp_path / f"{name}.template.json") for name in "ab"]
    assert {(one.template.account, one.template.region) for one in sources} == {("111122223333", "eu-west-1")}
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("manifest.json", "not JSON, so that what it lists cannot be found"),
        ("assembly-Prod/manifest.json", "not JSON, so that what it lists cannot be found"),
        ("assembly-Prod/ProdStack.assets.json", "not JSON, so that what it lists cannot be found"),
        ("assembly-Gone/manifest.json", "cannot be read: no such file or directory"),
    ],
)
def test_what_an_assembly_lists_is_never_left_out(name: str, why: str, tmp_path: Path) -> None:
    """A stage or a nested stack whose list cannot be read is told, with the file."""
    manifests = {
        "manifest.json": {"Prod": {"properties": {"directoryName": Path(name).parent.name or "assembly-Prod"}}},
        "assembly-Prod/manifest.json": {"Stack": {"properties": {"templateFile": "ProdStack.template.json"}}},
    }
    (tmp_path / "assembly-Prod").mkdir()
    (tmp_path / "assembly-Prod" / "ProdStack.template.json").write_text(EMPTY, encoding="utf-8")
    for file, artifacts in manifests.items():
        (tmp_path / file).write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
    if "Gone" not in name:
        assert read([str(tmp_path)])[1] == []
        (tmp_path / name).write_text("{", encoding="utf-8")
    wrong = [one for one in read([str(tmp_path)])[1] if one.startswith(f"{tmp_path / name}: ")]
    assert len(wrong) == 1
    assert why in wrong[0]
