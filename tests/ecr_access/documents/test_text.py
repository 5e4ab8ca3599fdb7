"""A text is read by its content, or all that is wrong with it is told in words of the format that was meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.documents.document import DocumentError, Fields, TextProblem
from ecr_access.documents.text import parse, read_text
from tests.ecr_access.documents.plain import PLAIN, STRICT

if TYPE_CHECKING:
    from pathlib import Path


def problems(text: str) -> list[tuple[int, str]]:
    """What is wrong with a text, each with its line."""
    with pytest.raises(DocumentError) as caught:
        parse(text, STRICT)
    return [(one.line, one.message) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1\n "b": 2', "not JSON: expecting ',' delimiter"),
        ('{"a": 1,, "b": 2}', "not JSON: "),
        ('{"a": "x" // a comment\n}', "not JSON: expecting ',' delimiter"),
        ('{ // a comment\n"a": 1}', "not JSON: expecting property name"),
        ('{"a": {"b": 1}, {"c": 2}}', "not JSON: expecting property name"),
        ("[1 2", "not JSON: expecting ',' delimiter"),
        ("[-1, {]", "not JSON: expecting property name"),
        ("{", "not JSON: expecting property name"),
        ("{a: 1, b: [}", "neither JSON nor YAML: expected the node content, but found '}'"),
        ("[{a: 1]", "neither JSON nor YAML: expected ',' or '}', but got ']'"),
        ("{'a': 1", "neither JSON nor YAML: expected ',' or '}'"),
        ("{ # a comment\na: ]", "neither JSON nor YAML: expected the node content"),
        ("{größe: ]", "neither JSON nor YAML: expected the node content"),
        ("a: 'b", "neither JSON nor YAML: found unexpected end of stream"),
        ("\t- a", "neither JSON nor YAML: found character '\\t' that cannot start any token"),
    ],
)
def test_an_error_is_that_of_the_format_that_was_meant(text: str, words: str) -> None:
    """JSON's of what is written as JSON, YAML's of what begins as only YAML does, each with its place."""
    ((line, message),) = problems(text)
    assert line
    assert message.startswith(words)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"a": 1,\n"b": {"a": 1, "c": {}, "\\u0061":\n2},\n"a": 3,\n"a": 4}', [2, 4, 5]),
        ('[{"x": "{\\"a\\":", "a": 1},\n{"a": "a",\n"a": {"a": []}}]', [3]),
        ("a: 1\nb: {a: 1, c: {},\n a: 2}\n'a': 3\na: 4\n", [3, 4, 5]),
        ("- &x {a: 1,\n a: 2}\n- *x\n- *x\n", [2]),
    ],
)
def test_each_key_that_is_given_twice_is_told_with_its_line(text: str, lines: list[int]) -> None:
    """In both formats, each once, also where other objects have the same key."""
    assert problems(text) == [(line, "the key 'a' is given twice in one object; keep one of them") for line in lines]


@pytest.mark.parametrize("text", ['{"a": 1, "b": 2, "a": 3, "a": 4}', "a: 1\nb: 2\na: 3\na: 4\n"])
def test_keys_given_twice_may_be_kept(text: str) -> None:
    """For who tells them in other words."""
    fields = parse(text, PLAIN).value
    assert isinstance(fields, Fields)
    assert fields.repeated == ("a",)
    assert [str(one) for one in fields.values()] == ["4", "2"]


def test_an_object_without_such_keys_is_plain() -> None:
    """So that nothing is told of it."""
    assert type(parse('{"a": {"a": 1}}', PLAIN).value) is type(parse("a: {a: 1}", PLAIN).value) is dict


def test_wrong_keys_and_keys_given_twice_are_told_in_the_order_of_the_text() -> None:
    """All at once."""
    assert problems("[a]: 1\nb: 1\nb: 2\n{c: 1}: 2\n") == [
        (1, "a key is a list or an object; allowed is a text"),
        (3, "the key 'b' is given twice in one object; keep one of them"),
        (4, "a key is a list or an object; allowed is a text"),
    ]


@pytest.mark.parametrize("text", ['{{"a": {0}{1}, "a": 1}}', "a: {0}{1}\na: 1"])
@pytest.mark.parametrize("depth", range(300, 1_100, 100))
def test_no_depth_is_a_traceback(text: str, depth: int) -> None:
    """It is read, or refused: how deep is too deep differs between versions of Python."""
    with pytest.raises(DocumentError, match=r"the key 'a' is given twice|nested too deeply"):
        parse(text.format("[" * depth, "]" * depth), STRICT)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    ).map(lambda value: [value]),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_every_entry_of_json_has_its_line(value: object, indent: int | str | None, is_ascii: bool) -> None:  # noqa: FBT001
    """Whatever it holds; the judge is a layout with one entry a line."""
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    document = parse(text, PLAIN)
    assert document.value == value
    rest: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    found: list[int] = []
    while rest:
        path, one = rest.pop(0)
        inner = [*one.items()] if isinstance(one, dict) else [*enumerate(one)] if isinstance(one, list) else []
        rest = [((*path, part), held) for part, held in inner] + rest
        found += [document.lines.of(path) or 0] if path else []
    assert 0 not in found
    assert found == sorted(found)
    assert (len(set(found)) == len(found)) or indent is None


def test_a_file_is_utf_8_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    """Some editors write one."""
    file = tmp_path / "file"
    for encoding in ("utf-8", "utf-8-sig"):
        file.write_text("größe", encoding=encoding)
        assert read_text(file) == "größe"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("latin", "not UTF-8 text: invalid start byte at byte 1"),
        ("none", "cannot be read: no such file or directory; name another"),
        (".", "cannot be read: is a directory; name another"),
        ("\0", "cannot be read: "),
    ],
)
def test_a_file_that_cannot_be_read_is_told(name: str, words: str, tmp_path: Path) -> None:
    """With the reason, and what else to do."""
    tmp_path.joinpath("latin").write_bytes(b"a\xff")
    with pytest.raises(DocumentError) as caught:
        read_text(tmp_path / name, hint="; name another")
    assert caught.value.problems[0].message.startswith(words)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (TextProblem(0, "wrong"), "a.yaml: wrong"),
        (TextProblem(3, "wrong"), "a.yaml:3: wrong"),
        (TextProblem(3, "wrong", 5), "a.yaml:3: wrong, column 5"),
    ],
)
def test_a_problem_is_written_as_compilers_do(problem: TextProblem, words: str) -> None:
    """So that editors open the place."""
    assert problem.at("a.yaml") == words
