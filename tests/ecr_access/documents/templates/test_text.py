"""Templates are read as CloudFormation reads them, and what cannot be read is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.documents.document import DocumentError
from ecr_access.documents.templates.text import parse_template

# Characters that YAML takes unescaped.
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=6)
LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS
VALUES = st.recursive(LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXTS, some, max_size=3))


def value(text: str) -> Any:
    """What a value of YAML is read as."""
    return parse_template(f"Resources: {{}}\nValue: {text}").value["Value"]


def problems(text: str) -> list[tuple[int, str]]:
    """What is wrong with a text."""
    with pytest.raises(DocumentError) as caught:
        parse_template(text)
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
    # To JSON a comment is none of it.
    assert parse_template(text).value == parse_template(f"# YAML\n{text}").value == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "{Resources: {A: {Type: AWS::ECR::Repository}}}",
        "{'Resources': {'A': {'Type': 'AWS::ECR::Repository'}}}",
        '{"Resources": {"A": {"Type": "AWS::ECR::Repository",},},}',
        '{ # a comment\n"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}',
        '---\n{"Resources": {"A": {"Type": "AWS::ECR::Repository"}}}\n...\n',
        '{"Resources": {"A": {"Type": !Sub AWS::ECR::Repository}}}',
    ],
)
def test_what_begins_as_json_and_is_none_is_read_as_yaml(text: str) -> None:
    """As CloudFormation reads it: https://github.com/Sceptre/sceptre/issues/1087."""
    kind = parse_template(text).value["Resources"]["A"]["Type"]
    assert kind in ("AWS::ECR::Repository", {"Fn::Sub": "AWS::ECR::Repository"})


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
        ("Resources:\n  A: [", 2, "neither JSON nor YAML"),
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
        ("Resources: &a {A: *a}", 0, "nested too deeply"),
        ('Resources: "\\UFFFFFFFF"', 1, "neither JSON nor YAML"),
        ("{Resources: {A: [}}", 1, "neither JSON nor YAML: expected the node content, but found '}'"),
    ],
)
def test_what_is_no_template_is_told(text: str, line: int, message: str) -> None:
    """With the line where there is one, and never with a traceback."""
    ((found, words),) = problems(text)
    assert found == line
    assert message in words


def test_aliases_that_grow_without_end_are_refused() -> None:
    """A text of some lines would stand for gigabytes."""
    levels = [f"  L{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    text = "\n".join(["Resources:", "  L0: &l0 [a]", *levels])
    assert "more than 1,000,000 values, counting an alias at each use" in problems(text)[0][1]


def test_what_aliases_repeat_is_told_once() -> None:
    """At the place where it is written."""
    text = "Base: &a\n  b: !Reff c\n  ? [d]\n  : e\nResources: {One: *a, Two: *a}\n"
    assert [line for line, _ in problems(text)] == [2, 3]


def test_merged_keys_are_defaults() -> None:
    """Packaging tools resolve them before CloudFormation sees the template."""
    text = "Base: &base {a: 1, b: 2}\nResources:\n  One: {<<: *base, b: 3}\n"
    assert parse_template(text).value["Resources"]["One"] == {"a": 1, "b": 3}


@given(st.text())
def test_no_text_is_a_traceback(text: str) -> None:
    """It is read, or refused with what is wrong."""
    try:
        assert "Resources" in parse_template(text).value
    except DocumentError as error:
        assert all(one.message for one in error.problems)  # noqa: PT017


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        '{"Resources": {}, "Outputs": {'
        + ", ".join(f'"k{number}": 1, "k{number}": 2' for number in range(10_000))
        + "}}",
        "Resources: {}\nOutputs:\n" + "".join(f"  k{number}: 1\n  k{number}: 2\n" for number in range(10_000)),
        "Resources:\n" + "".join(f"  k{number}: !Reff a\n" for number in range(10_000)),
    ],
)
def test_of_thousands_of_problems_fifty_are_told_soon(text: str) -> None:
    """And how many more there are."""
    found = problems(text)
    assert len(found) == 51
    assert found[-1] == (0, "and 9,950 more problems")
