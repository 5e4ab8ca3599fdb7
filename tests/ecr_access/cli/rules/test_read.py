"""Templates are read as CloudFormation reads them, and what cannot be read is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.cli.rules.read import parse, read
from ecr_access.documents.templates import json_text, yaml_text
from ecr_access.documents.templates.unreadable import UnreadableError

EMPTY = '{"Resources": {}}'
# Characters that YAML takes unescaped.
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=6)
LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS
VALUES = st.recursive(LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXTS, some, max_size=3))


def value(text: str) -> Any:
    """What a value of YAML is read as."""
    return parse(f"Resources: {{}}\nValue: {text}")["Value"]


def problems(text: str) -> list[tuple[int, str]]:
    """What is wrong with a text."""
    with pytest.raises(UnreadableError) as caught:
        parse(text)
    return [(one.line, one.message) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("!Ref Repository", {"Ref": "Repository"}),
        ("!Condition IsProd", {"Condition": "IsProd"}),
        ("!Sub '${AWS::Region}-a'", {"Fn::Sub": "${AWS::Region}-a"}),
        ("!Sub ['${A}', {A: !Ref B}]", {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}),
        ("!GetAtt Repository.Arn", {"Fn::GetAtt": ["Repository", "Arn"]}),
        ("!GetAtt Nested.Outputs.Arn", {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}),
        ("!GetAtt [Repository, Arn]", {"Fn::GetAtt": ["Repository", "Arn"]}),
        ("!Join ['', [a, !Ref B]]", {"Fn::Join": ["", ["a", {"Ref": "B"}]]}),
        (
            "!Select [0, !Split [',', !ImportValue c]]",
            {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::ImportValue": "c"}]}]},
        ),
        ("!FindInMap [A, b, c]", {"Fn::FindInMap": ["A", "b", "c"]}),
        ("!If [A, b, !Ref 'AWS::NoValue']", {"Fn::If": ["A", "b", {"Ref": "AWS::NoValue"}]}),
        ("!Equals [a, b]", {"Fn::Equals": ["a", "b"]}),
        ("!Not [!Condition A]", {"Fn::Not": [{"Condition": "A"}]}),
        ("!And [a, b]", {"Fn::And": ["a", "b"]}),
        ("!Or [a, b]", {"Fn::Or": ["a", "b"]}),
        ("!Base64 text", {"Fn::Base64": "text"}),
        ("!Cidr [10.0.0.0/16, 2, 8]", {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("{Fn::Base64: !Sub a}", {"Fn::Base64": {"Fn::Sub": "a"}}),
    ],
)
def test_a_short_form_is_the_long_one(text: str, meant: object) -> None:
    """So that the rules know one form."""
    assert value(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2012-10-17", "2012-10-17"),
        ("011122223333", "011122223333"),
        ("012345670123", "012345670123"),
        ("444455556666", 444455556666),
        ("0x10", "0x10"),
        ("1.0", "1.0"),
        ("yes", True),
        ("off", False),
        ("'yes'", "yes"),
        ("~", None),
        ("=", "="),
    ],
)
def test_a_scalar_stays_what_a_person_wrote(text: str, meant: object) -> None:
    """A policy's version is no date, and an account no octal number."""
    assert value(text) == meant


@given(VALUES)
def test_json_is_read_as_json_and_as_yaml(anything: object) -> None:
    """Whatever it holds: YAML holds all JSON but some escapes."""
    text = json.dumps({"Resources": {}, "Value": anything}, ensure_ascii=False)
    assert parse(text) == yaml_text.parse(text) == json.loads(text)


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_the_lines_of_resources_in_json(indent: Any) -> None:
    """In any layout, past texts that look like keys."""
    document = {
        "Description": '"Resources": {"No": {',
        "Outputs": {"Resources": {"Value": "x"}},
        "Resources": {"One": {"Type": "A", "a": [1, {"b": '\\"}'}]}, 'T"wo': {}, "Three": {}},
        "Last": {},
    }
    text = json.dumps(document, indent=indent)
    found = json_text.resource_lines(text)
    assert list(found) == ["One", 'T"wo', "Three"]
    written = text.splitlines()
    assert all(json.dumps(name) in written[line - 1] for name, line in found.items())
    assert (len(set(found.values())) == 1) is (indent is None)


@pytest.mark.parametrize("text", ["{}", '{"Resources": {}}', ' {"Resources": [] } ', "[]"])
def test_where_there_are_no_resources_there_are_no_lines(text: str) -> None:
    """And no error."""
    assert json_text.resource_lines(text) == {}


def test_the_lines_of_resources_in_yaml() -> None:
    """The line of the logical id."""
    text = "# a comment\nResources:\n  One:\n    Type: A\n\n  Two: {Type: !Ref B}\nOutputs: {}\n"
    assert yaml_text.resource_lines(text) == {"One": 3, "Two": 6}
    assert yaml_text.resource_lines("Outputs: {}") == {}


def test_everything_wrong_with_yaml_is_told_at_once() -> None:
    """Each with its line."""
    text = "Resources:\n  A: {Type: x, Type: y}\n  B: !Gettat C.Arn\n  A: {}\n  D: !!binary aGk=\n  [a]: b\n"
    assert problems(text) == [
        (2, "the key 'Type' is given twice in one object; keep one of them"),
        (3, "the tag '!Gettat' is no short form of a function of CloudFormation; did you mean 'GetAtt'?"),
        (4, "the key 'A' is given twice in one object; keep one of them"),
        (5, "the tag 'tag:yaml.org,2002:binary' is not supported by CloudFormation; write the value without"),
        (6, "a key is a list or an object; allowed is a text"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n"Resources": {},\n"Resources": {}}', 3, "the key 'Resources' is given twice"),
        ('{\n"Resources": {,}}', 2, "not JSON: expecting property name"),
        ("Resources:\n  A: [", 3, "neither JSON nor YAML"),
        ("Resources: {}\n---\nResources: {}", 2, "neither JSON nor YAML"),
        ("", 0, "it holds nothing; a template is an object with the section 'Resources'"),
        ("[]", 0, "it holds a list"),
        ("Just a text", 0, "it holds a text"),
        ("7", 0, "it holds a number"),
        ("yes", 0, "it holds a truth value"),
        ("Outputs: {}", 0, "it has no object 'Resources'"),
        ("Resources: []", 0, "it has no object 'Resources'"),
        ("[" * 100_000, 0, "nested too deeply"),
        ("Resources: " + "[" * 5_000 + "]" * 5_000, 0, "nested too deeply"),
        ("Resources: &a {A: *a}", 0, "nested too deeply, or aliases"),
        ('Resources: "\\UFFFFFFFF"', 1, "neither JSON nor YAML"),
    ],
)
def test_what_is_no_template_is_told(text: str, line: int, message: str) -> None:
    """With the line where there is one, and never with a traceback."""
    ((found, words),) = problems(text)
    assert found == line
    assert message in words


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


def test_aliases_that_grow_without_end_are_refused() -> None:
    """A text of some lines would stand for gigabytes."""
    levels = [f"  L{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    text = "\n".join(["Resources:", "  L0: &l0 [a]", *levels])
    assert "aliases that repeat" in problems(text)[0][1]


def test_merged_keys_are_defaults() -> None:
    """Packaging tools resolve them before CloudFormation sees the template."""
    text = "Base: &base {a: 1, b: 2}\nResources:\n  One: {<<: *base, b: 3}\n"
    assert parse(text)["Resources"]["One"] == {"a": 1, "b": 3}


@given(st.text())
def test_no_text_is_a_traceback(text: str) -> None:
    """It is read, or refused with what is wrong."""
    try:
        assert "Resources" in parse(text)
    except UnreadableError as error:
        assert all(one.message for one in error.problems)  # noqa: PT017


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


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        '{"Resources": {' + ", ".join(f'"k{number}": 1, "k{number}": 2' for number in range(10_000)) + "}}",
        "Resources:\n" + "".join(f"  k{number}: 1\n  k{number}: 2\n" for number in range(10_000)),
        "Resources:\n" + "".join(f"  k{number}: !Reff a\n" for number in range(10_000)),
    ],
)
def test_of_thousands_of_problems_fifty_are_told_soon(text: str) -> None:
    """And how many more there are."""
    found = problems(text)
    assert len(found) == 51
    assert found[-1] == (0, "and 9,950 more problems")
