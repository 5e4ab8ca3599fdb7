"""The line of an entry is found, whatever else its document holds."""

from __future__ import annotations

import json

import pytest

from ecr_access.documents.document import Document, DocumentError, Lines, Path
from ecr_access.documents.text import parse
from tests.ecr_access.documents.plain import PLAIN

YAML = """\
# a comment
roles:
  ci: {}
repositories:
  - name: base
    pull:
      - ci
      - "444455556666"
"""
JSON = """
\t{"roles":
  {"ci"
  : {} } ,
"repositories": [
  {"name": "base", "pull": [
      "ci",
      "444455556666"]}],
"roles: ": "{"}
"""


def read(text: str) -> Document:
    """Read a text, keys given twice and all."""
    return parse(text, PLAIN)


@pytest.mark.parametrize(
    ("path", "in_yaml", "in_json"),
    [
        (("roles",), 2, 2),
        (("roles", "ci"), 3, 3),
        (("repositories",), 4, 5),
        (("repositories", 0), 5, 6),
        (("repositories", 0, "name"), 5, 6),
        (("repositories", 0, "pull", 1), 8, 8),
        ((), None, None),
        (("tags",), None, None),
        (("repositories", 1), None, None),
        (("repositories", "name"), None, None),
        (("repositories", 0, "name", 0), None, None),
        (("repositories", 0, "name", 0, "more"), None, None),
    ],
)
def test_the_line_is_that_of_the_key_or_the_item(path: Path, in_yaml: int | None, in_json: int | None) -> None:
    """Counted from 1, as editors do."""
    assert read(YAML).lines.of(path) == in_yaml
    assert read(JSON).lines.of(path) == in_json


@pytest.mark.parametrize(
    "other",
    [
        r'"\ud83d\ude00"',  # as json.dumps writes what is beyond the Basic Multilingual Plane
        r'"\ud83d"',
        r'"a\/b\u0000"',
        '"\x7f\x80\ufffe"',
        '"\x85\u2028\u2029"',  # breaks of lines to YAML
        "1e3",
        "NaN",
        "\t1",
        f'{{"{"k" * 2_000}": 1}}',
        '{"a"\n:\n1}',
        "[" * 800 + "]" * 800,
        f"[{'[],' * 6_000}0]",
        r'"}\"]{\\"',
    ],
)
def test_json_that_yaml_reads_otherwise_has_lines(other: str) -> None:
    """A value that only JSON knows costs no error its line."""
    text = f'\t{{"{"x" * 20}": {other},\n\n"a":\t{{\n\t"b":\n 1}}}}'
    line = text[: text.index('"b"')].count("\n") + 1 if '"a"\n' not in other else 6
    assert read(text).lines.of(("a", "b")) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a": {"b": 1},\n"a": {\n"b": 2}}', 3),
        ('{"a": {\n"b": 2},\n"\\u0061": {\n"b": 2}}', 4),
        ("a: {b: 1}\na:\n  b: 2\n", 3),
        ("{a: {b: 1},\n b: 2}", 1),
    ],
)
def test_of_a_key_that_is_given_twice_the_last_counts(text: str, line: int) -> None:
    """It is the one whose value is read."""
    assert read(text).lines.of(("a", "b")) == line


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_json_has_lines_in_any_layout(indent: int | str | None) -> None:
    """Past texts that look like keys."""
    document = {
        "Description": '"Resources": {"No": {',
        "Outputs": {"Resources": {"Value": "x"}},
        "Resources": {"One": {"Type": "A", "a": [1, {"b": '\\"}'}]}, 'T"wo': {}, "Three": {}},
        "Last": {},
    }
    text = json.dumps(document, indent=indent)
    found = {name: read(text).lines.of(("Resources", name)) for name in ("One", 'T"wo', "Three")}
    lines = text.splitlines()
    assert all(line and json.dumps(name) in lines[line - 1] for name, line in found.items())
    assert (len(set(found.values())) == 1) is (indent is None)


@pytest.mark.parametrize("text", ["", "{}", "[]", "5", " true ", '"a"', "a: 1", "null"])
def test_what_is_not_there_has_no_line(text: str) -> None:
    """And no error."""
    assert read(text).lines.of(("Resources", "One")) is None


def test_what_is_nested_nearly_too_deeply_costs_no_traceback() -> None:
    """It may be read with more of the stack left than there is where its lines are asked for."""

    def ask_below(depth: int, lines: Lines) -> int | None:
        return ask_below(depth - 1, lines) if depth else lines.of(("a",))

    for depth in range(400, 1_000, 10):
        try:
            document = read(f'{{"b": {"[" * depth}{"]" * depth}, "a": 1}}')
        except DocumentError:
            break
        assert ask_below(50, document.lines) in (1, None)
