"""JSON and YAML are read so that what a person wrote is still known."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_access.documents.document import DocumentError, Fields, TextProblem
from ecr_access.manifest.document import Unquoted, parse_document

if TYPE_CHECKING:
    from ecr_access.documents.document import Path


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ["b", {"c": null}]}',
        '{\n\t"a": [\n\t\t"b",\n\t\t{"c": null}\n\t]\n}',
        "a:\n  - b\n  - c:\n",
        "a: [b, {c: ~},]",
        "# a comment\na:\n- b\n- {c: null}",
    ],
)
def test_json_and_yaml_are_told_by_their_content(text: str) -> None:
    """The name of the file says nothing that the text does not."""
    assert parse_document(text).value == {"a": ["b", {"c": None}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[111122223333]", [111122223333]),  # also JSON
        ("111122223333", Unquoted("111122223333", "number")),
        ("012345670123", Unquoted("012345670123", "number")),
        ("[no]", [Unquoted("no", "boolean")]),
        ("12:30:45", Unquoted("12:30:45", "number")),
        ("2026-01-01", Unquoted("2026-01-01", "date")),
        ("[1.10]", [1.1]),
        ("[1.10, a]", [Unquoted("1.10", "number"), "a"]),
        ("!Ref ci", Unquoted("ci", "value of tag !Ref")),
        ("'012345670123'", "012345670123"),
        ('["no", a]', ["no", "a"]),
        ("=", "="),
        ("a: <<", {"a": "<<"}),
    ],
)
def test_what_yaml_takes_for_something_else_keeps_its_text(text: str, value: object) -> None:
    """An account id with leading zeros is octal to YAML, and a country's code is false."""
    assert parse_document(text).value == value


def test_the_keys_of_yaml_are_texts_as_those_of_json() -> None:
    """A role may be called 'no', and an account may be a key."""
    assert parse_document("no: a\n012: b\n").value == {"no": "a", "012": "b"}


MERGED = """\
x-web: &web
  pull: [ci]
  tags: {tier: "1"}
x-base: &base
  <<: *web
  tags: {tier: "0"}
repositories:
  - name: team/a
    <<: *base
  - <<: [*web, *base]
    name: team/b
    pull: [web]
"""


def test_a_merge_key_stands_for_the_keys_of_other_mappings() -> None:
    """Own keys count first, and of several mappings the first; each has the line where it is written."""
    document = parse_document(MERGED)
    first, second = document.value["repositories"]
    assert first == {"name": "team/a", "pull": ["ci"], "tags": {"tier": "0"}}
    assert second == {"name": "team/b", "pull": ["web"], "tags": {"tier": "1"}}
    paths: list[Path] = [("pull", 0), ("tags", "tier"), ("name",)]
    assert [document.lines.of(("repositories", 0, *path)) for path in paths] == [2, 6, 8]
    assert [document.lines.of(("repositories", 1, *path)) for path in paths] == [12, 3, 11]


def test_what_merges_still_says_which_keys_are_given_twice() -> None:
    """Of the mapping itself: a key may override a merged one."""
    fields = parse_document("x: &x {a: 1}\ny: {<<: *x, a: 2, b: 1, b: 2}\n").value["y"]
    assert isinstance(fields, Fields)
    assert fields.repeated == ("b",)


@pytest.mark.parametrize("text", ["a: 1\n<<: hello\n", "a: 1\n<<: [{b: 1}, hello]\n", "a: 1\n<<:\n"])
def test_a_merge_key_takes_mappings_alone(text: str) -> None:
    """With the line of what it is given."""
    with pytest.raises(DocumentError, match="the key '<<' stands for the keys of other objects") as raised:
        parse_document(text)
    assert [one.line for one in raised.value.problems] == [2]


@pytest.mark.timeout(30)
def test_many_values_are_refused_before_they_fill_the_memory() -> None:
    """A manifest of tens of megabytes is read event by event until there are too many."""
    entry = "  - {name: team/application, pull: [one, two]}\n"
    text = "repositories:\n" + entry * (10_000_000 // len(entry))
    tracemalloc.start()
    with pytest.raises(DocumentError, match="more than 200,000 values"):
        parse_document(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * len(text)


@pytest.mark.parametrize("text", ['{"a": 1, "b": 2, "a": 3, "a": 4}', "a: 1\nb: 2\na: 3\na: 4\n"])
def test_keys_given_more_than_once_are_remembered(text: str) -> None:
    """Both formats keep the last of them without a word."""
    fields = parse_document(text).value
    assert isinstance(fields, Fields)
    assert fields.repeated == ("a",)


def _aliases(levels: int) -> str:
    """Nine aliases of nine aliases of ..."""
    more = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels))
    return "\n".join(["a0: &a0 [x, x]", *more])


@pytest.mark.timeout(10)
def test_aliases_do_not_fill_the_memory() -> None:
    """A short text of aliases of aliases of aliases is refused."""
    value = parse_document(_aliases(3)).value
    assert value["a2"] == [[["x", "x"]] * 9] * 9
    with pytest.raises(DocumentError, match="more than 200,000 values, counting an alias at each use"):
        parse_document(_aliases(40))


@pytest.mark.timeout(10)
def test_entries_that_are_aliases_count_each_time() -> None:
    """A thousand repositories of a thousand principals are a million, however they are written."""
    principals = ", ".join(f"x{number}" for number in range(1000))
    with pytest.raises(DocumentError, match="more than 200,000 values"):
        parse_document(f"a: [&e {{name: aa, pull: [{principals}]}}{', *e' * 1000}]")


def test_a_json_of_many_values_is_refused() -> None:
    """They are counted one by one, as a text may be long for other reasons."""
    assert parse_document(f'["{"," * 300_000}"]').value
    with pytest.raises(DocumentError, match="more than 200,000 values"):
        parse_document(f"[{'[0],' * 100_000}0]")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: b\n  c: d\n", 2, 4, "neither JSON nor YAML: mapping values are not allowed here"),
        ('{"a": 1\n "b": 2', 2, 2, "not JSON: expecting ',' delimiter"),
        ("? [a]\n: b", 1, 0, "a key is a list or an object; allowed is a text"),
        ("--- a\n--- b", 2, 1, "neither JSON nor YAML: but found another document"),
        ("a: \x00", 0, 0, "neither JSON nor YAML: special characters are not allowed"),
        ("[" * 100_000, 0, 0, "nested too deeply, or a number or an escape too large"),
        ("- " * 10_000 + "a", 0, 0, "nested too deeply, or a number or an escape too large"),
        ("&a [*a]", 0, 0, "nested too deeply, or a number or an escape too large"),
        (f"[{'9' * 5_000}]", 0, 0, "nested too deeply, or a number or an escape too large"),
        (r'a: "\UFFFFFFFF"', 1, 7, "neither JSON nor YAML: found invalid Unicode character escape code"),
    ],
)
def test_an_error_says_where_and_what(text: str, line: int, column: int, message: str) -> None:
    """The line and column are those that an editor shows."""
    with pytest.raises(DocumentError) as raised:
        parse_document(text)
    assert raised.value.problems == (TextProblem(line, message, column),)


@given(
    st.text()
    | st.text(alphabet=" \n\t-:?[]{},&*!|>'\"%@#a0.<=~\\Uxn", max_size=40)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    ).map(json.dumps)
)
@example('"\ud800')
@example("%YAML 9" + "9" * 5_000 + ".1\n---\na")
@example("a: &a [*a]")
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes it fail in another way."""
    try:
        parse_document(text)
    except DocumentError as error:
        assert all(one.message for one in error.problems)  # noqa: PT017 -- not every text is refused
